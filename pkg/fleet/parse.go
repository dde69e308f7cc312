package fleet

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Parse reads an engine's URL. A password is accepted only where it does not
// stay, in the variable HAUTH_FLEET; fromFlag says that the URL comes from a
// command line, which other users can see. The errors are of kind Usage and
// never repeat the URL.
func Parse(raw string, fromFlag bool) (Target, error) {
	name, rest, ok := strings.Cut(raw, "://")
	s, known := schemes()[name]
	if !ok || !known {
		fact := "the fleet's URL has no scheme"
		if ok {
			fact = fmt.Sprintf("unknown fleet engine %q", auth.Printable(name))
		}
		return Target{}, badURL(fact, "")
	}
	t := Target{Scheme: name, files: map[string]string{}, words: map[string]string{}}
	if strings.Contains(rest, "#") {
		return Target{}, badURL("the fleet's URL has a fragment (#)", s.form)
	}
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		if err := t.parseUser(authority[:at], s, fromFlag); err != nil {
			return Target{}, err
		}
		authority = authority[at+1:]
	}
	if err := t.parseHosts(authority, s); err != nil {
		return Target{}, err
	}
	path, err := url.PathUnescape(path)
	path = strings.Trim(path, "/")
	if err != nil || !printable(path) {
		return Target{}, badURL("the fleet's URL has a bad path", s.form)
	}
	t.Path = path
	if err := t.parseQuery(query, s); err != nil {
		return Target{}, err
	}
	return t, t.checkPath(s)
}

func (t *Target) parseUser(userinfo string, s scheme, fromFlag bool) error {
	user, password, hasPassword := strings.Cut(userinfo, ":")
	user, userErr := url.PathUnescape(user)
	password, passwordErr := url.PathUnescape(password)
	switch {
	case hasPassword && fromFlag:
		return &auth.Error{
			Kind: auth.Usage, Fact: "a password on the command line can be seen by other users",
			Remedy: auth.RemedyPasswordFile, Subject: s.form,
		}
	case !s.user:
		return badURL(fmt.Sprintf("%s URLs have no user", t.Scheme), s.form)
	case userErr != nil || passwordErr != nil || !printable(user):
		return badURL("the fleet's URL has a bad user or password", s.form)
	}
	t.User, t.Password = user, auth.NewSecret(password)
	return nil
}

func (t *Target) parseHosts(authority string, s scheme) error {
	if s.port == "" {
		if authority != "" {
			return badURL(fmt.Sprintf("%s URLs have no host", t.Scheme), s.form)
		}
		return nil
	}
	for host := range strings.SplitSeq(authority, ",") {
		name, port := host, s.port
		if i := strings.LastIndex(host, ":"); i > strings.LastIndex(host, "]") {
			name, port = host[:i], host[i+1:]
		}
		name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
		number, err := strconv.ParseUint(port, 10, 16)
		_, notAddress := netip.ParseAddr(name)
		if err != nil || number == 0 || name == "" || notAddress != nil && strings.ContainsFunc(name, notHost) {
			return badURL("the fleet's URL has a bad host or port", s.form)
		}
		t.Hosts = append(t.Hosts, net.JoinHostPort(name, port))
	}
	if len(t.Hosts) > 1 && !s.many {
		return badURL(fmt.Sprintf("%s URLs have one host", t.Scheme), s.form)
	}
	return nil
}

func notHost(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_')
}

func (t *Target) parseQuery(query string, s scheme) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return badURL("the fleet's URL has a bad query", s.form)
	}
	for name, all := range values {
		value := all[0]
		isFile := name == "seal-file" || slices.Contains(s.files, name)
		switch {
		case len(all) > 1 || value == "" || !printable(value):
			return badURL(fmt.Sprintf("the fleet's URL has a bad value for %s", auth.Printable(name)), s.form)
		case isFile && !filepath.IsAbs(value):
			return badURL(fmt.Sprintf("%s must be an absolute path", name), s.form)
		case isFile:
			t.files[name] = value
		case name == "down" && (Down(value) == DownAlone || Down(value) == DownFail):
			t.Down = Down(value)
		case name == "down":
			return badURL("down is alone or fail", s.form)
		case slices.Contains(s.words, name):
			t.words[name] = value
		case slices.Contains(tlsFiles, name):
			return badURL(fmt.Sprintf("%s is for %s", name, overTLS(t.Scheme)), s.form)
		default:
			return badURL(fmt.Sprintf("%s URLs have no parameter %q", t.Scheme, auth.Printable(name)), s.form)
		}
	}
	if !t.Password.IsEmpty() && t.files["password-file"] != "" {
		return badURL("the fleet's URL has both a password and a password-file", s.form)
	}
	if (t.files["cert-file"] == "") != (t.files["key-file"] == "") {
		return badURL("cert-file and key-file need each other", s.form)
	}
	return nil
}

// checkPath looks at what each engine makes of the path.
func (t *Target) checkPath(s scheme) error {
	numbered := t.words["db"]
	switch base, _, _ := strings.Cut(strings.Replace(t.Scheme, "rediss", "redis", 1), "+http"); base {
	case "redis":
		numbered = t.Path
	case "redis+cluster":
		if t.Path != "" {
			return badURL("a Redis cluster has no numbered databases", s.form)
		}
	case "redis+sentinel":
		if t.Path == "" || strings.Contains(t.Path, "/") {
			return badURL("the fleet's URL does not name the master", s.form)
		}
	case "bao":
		if mount, prefix, _ := strings.Cut(t.Path, "/"); mount == "" || prefix == "" || !plainPath(t.Path) {
			return badURL("the fleet's URL does not name a mount and a prefix", s.form)
		}
		if (t.files["token-file"] == "") == (t.words["role"] == "") {
			return badURL("the fleet's URL wants either token-file or role", s.form)
		}
		if method := t.words["auth"]; method != "" && !plainPath(method) {
			return badURL("the fleet's URL has a bad value for auth", s.form)
		}
	case "etcd":
		if t.Path == "" {
			return badURL("the fleet's URL has no prefix", s.form)
		}
	case "exec":
		if t.Path == "" {
			return badURL("the fleet's URL names no program", s.form)
		}
	}
	if _, err := strconv.ParseUint(numbered, 10, 16); numbered != "" && err != nil {
		return badURL("the database of a Redis URL is a number", s.form)
	}
	return nil
}

// plainPath reports that no part of a path would change its meaning.
func plainPath(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsFunc(part, notHost) {
			return false
		}
	}
	return true
}

// printable keeps out what would end a line of a protocol, or of a terminal.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func badURL(fact, form string) error {
	return &auth.Error{Kind: auth.Usage, Fact: fact, Remedy: auth.RemedyFleetURL, Subject: form}
}
