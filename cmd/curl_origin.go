package cmd

import (
	"net/url"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// checkCurlArgs refuses what would send the token elsewhere than to the
// endpoint's origin: the URL, any http(s):// argument, and the options by
// which curl takes further URLs or follows redirects with the token.
func checkCurlArgs(endpoint, target string, args []string, mayFollow bool) error {
	if !sameOrigin(endpoint, target) {
		return otherHost("%s is not at %s", auth.Printable(withoutQuery(target)), originOf(endpoint))
	}
	positional := false // the argument before was a URL or a flag without a value
	for i, arg := range args {
		switch {
		case looksLikeURL(arg) && !sameOrigin(endpoint, arg):
			return otherHost("%s is not at %s", auth.Printable(withoutQuery(arg)), originOf(endpoint))
		case strings.HasPrefix(arg, "--") && len(arg) > 2:
			if err := checkLongOption(arg, mayFollow); err != nil {
				return err
			}
			positional = longWithoutValue(arg)
		case strings.HasPrefix(arg, "-") && len(arg) > 1:
			takesNext, err := checkShortOptions(arg, mayFollow)
			if err != nil {
				return err
			}
			positional = !takesNext
		default:
			if (positional || i == 0) && !sameOrigin(endpoint, arg) {
				return otherHost("%s would be a second URL", auth.Printable(withoutQuery(arg)))
			}
			positional = true
		}
	}
	return nil
}

func otherHost(format string, args ...any) error {
	return usage("--any-host, before the account, lets it have the token", "refused: "+format, args...)
}

// checkLongOption looks at --name; curl accepts any beginning of a name that
// fits one option only.
func checkLongOption(arg string, mayFollow bool) error {
	name, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
	name = strings.TrimPrefix(name, "expand-")
	if name == "follow" {
		name = "location" // its younger sister
	}
	for _, option := range []string{"url", "next", "config", "location", "location-trusted"} {
		if len(name) < 2 || !strings.HasPrefix(option, name) {
			continue
		}
		if option == "location" && mayFollow {
			return nil // curl, too, takes a beginning of it for this one
		}
		return otherHost("curl's --%s could lead to another host", option)
	}
	return nil
}

// longWithoutValue knows the everyday options after which an argument is
// another URL, and no value.
func longWithoutValue(arg string) bool {
	name := strings.TrimPrefix(arg, "--")
	if strings.HasPrefix(name, "no-") {
		return true
	}
	switch name {
	case "silent", "show-error", "fail", "fail-with-body", "fail-early", "include", "head", "get", "verbose", "compressed",
		"insecure", "globoff", "location", "follow", "progress-bar", "remote-name", "remote-name-all", "remote-header-name",
		"remote-time", "ipv4", "ipv6", "http1.0", "http1.1", "http2", "http3", "tlsv1.2", "tlsv1.3", "create-dirs",
		"path-as-is", "parallel", "raw", "styled-output", "trace-time", "anyauth", "basic", "digest", "tcp-nodelay":
		return true
	}
	return false
}

// shortWithValue are curl's one-letter options that take a value.
const shortWithValue = "AbcCdDeEFhHKmoPQrtTuUwxXyYz"

// checkShortOptions looks at a cluster such as -sSL. takesNext tells that the
// next argument is the value of its last letter.
func checkShortOptions(arg string, mayFollow bool) (takesNext bool, err error) {
	for i := 1; i < len(arg); i++ {
		switch c := arg[i]; {
		case c == 'L' && !mayFollow:
			return false, otherHost("curl's -L could carry the token to another host")
		case c == 'K':
			return false, otherHost("curl's -K could lead to another host")
		case c == ':':
			return false, otherHost("curl's -: begins a request without the checks of the first")
		case strings.IndexByte(shortWithValue, c) >= 0:
			return i == len(arg)-1, nil
		}
	}
	return false, nil
}

func looksLikeURL(s string) bool {
	lower := strings.ToLower(s)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// sameOrigin compares scheme, host and port. Anything that two readers could
// take differently is another origin; braces in the path are curl's globbing,
// which stays on the host.
func sameOrigin(endpoint, target string) bool {
	if strings.ContainsAny(target, "\\\t\r\n ") || strings.ContainsAny(originPart(target), "{}") {
		return false
	}
	return looksLikeURL(target) && originOf(target) != "" && originOf(endpoint) == originOf(target)
}

// originPart is the text up to the path.
func originPart(s string) string {
	_, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// originOf is scheme://host:port in lower case, the port always written;
// empty for what has none, or names a user.
func originOf(raw string) string {
	scheme, _, ok := strings.Cut(raw, "://")
	if !ok {
		return ""
	}
	u, err := url.Parse(scheme + "://" + originPart(raw))
	if err != nil || u.Host == "" || u.User != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}

// withoutQuery leaves out what may hold secrets.
func withoutQuery(s string) string {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		return s[:i]
	}
	return s
}
