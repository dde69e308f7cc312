package providers

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// What a base URL is, in messages.
const (
	isEndpoint = "the endpoint"
	isAPI      = "the API's base URL"
)

// CheckEndpoint returns the normal form of a base URL: lower-case scheme and
// host, no default port, no slash at the end. It must be https; http is for
// loopback hosts, or where insecureOK. An error is an *auth.Error of kind
// Usage, which never repeats what was given: it may hold a password.
func CheckEndpoint(raw string, insecureOK bool) (string, error) {
	return normalForm(isEndpoint, raw, insecureOK)
}

// CheckAPI is CheckEndpoint for the base URL of an API.
func CheckAPI(raw string, insecureOK bool) (string, error) {
	return normalForm(isAPI, raw, insecureOK)
}

func normalForm(what, raw string, insecureOK bool) (string, error) {
	u, err := baseURL(what, raw, insecureOK)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

func baseURL(what, raw string, insecureOK bool) (*url.URL, error) {
	u, reason := parseBaseURL(raw, insecureOK)
	if reason == "" {
		return u, nil
	}
	e := &auth.Error{Kind: auth.Usage, Fact: what + " " + reason, Remedy: auth.RemedyEndpointForm}
	if u != nil {
		e.Remedy = auth.RemedyHTTPS
	}
	return nil, e
}

// parseBaseURL returns the normal form, or what is wrong with the URL. Then the
// result is nil, but for one that is good except for being http.
func parseBaseURL(raw string, insecureOK bool) (*url.URL, string) {
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.Hostname() == "" {
		return nil, "is not an absolute URL"
	}
	u.Host = strings.ToLower(u.Host)
	path := strings.TrimRight(u.EscapedPath(), "/")
	switch {
	case u.User != nil:
		return nil, "contains a user name or password"
	case strings.ContainsAny(raw, "?#"):
		return nil, "contains a query or a fragment"
	case strings.ContainsAny(raw, "{}"):
		return nil, "contains a brace"
	case strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }):
		return nil, "contains a character that no URL has"
	case strings.ContainsFunc(u.Host, func(r rune) bool { return r > '~' }):
		// Look-alike letters would hide which host gets the secret.
		return nil, "has a host that is not written in ASCII (xn--…)"
	case !validHost(u):
		return nil, "has a host that is neither a name nor an address"
	case !validPort(u):
		return nil, "has an invalid port"
	case dotSegments(u.Path):
		return nil, "has a path with . or .. segments"
	case strings.HasSuffix(strings.ToLower(path), "%2f"):
		return nil, "has a path that ends in an escaped slash"
	}
	switch u.Scheme {
	case "https":
		setPort(u, 443)
	case "http":
		if !insecureOK && !loopback(u.Hostname()) {
			return u, "is plain http, which would show the secret to the network"
		}
		setPort(u, 80)
	default:
		return nil, "does not begin with https://"
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, ""
}

// validHost wants an address, or a name of letters, digits, "-" and "_". What
// else a URL may hold there no host has, but a shell reads: a$(id).
func validHost(u *url.URL) bool {
	host := u.Hostname()
	if strings.HasPrefix(u.Host, "[") {
		addr, err := netip.ParseAddr(host)
		return err == nil && addr.Is6() && (addr.Zone() == "" || validHostName(addr.Zone()))
	}
	return validHostName(strings.TrimSuffix(host, "."))
}

func validHostName(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool { return !text.IsAlphanumeric(r) && r != '-' && r != '_' }) {
			return false
		}
	}
	return true
}

func validPort(u *url.URL) bool {
	if strings.HasSuffix(u.Host, ":") {
		return false
	}
	port := u.Port()
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// setPort writes a valid port as a plain number, or leaves out the usual one.
func setPort(u *url.URL, usual int) {
	port := u.Port()
	if port == "" {
		return
	}
	u.Host = strings.TrimSuffix(u.Host, ":"+port)
	if n, _ := strconv.Atoi(port); n != usual {
		u.Host += ":" + strconv.Itoa(n)
	}
}

func dotSegments(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// loopback reports hosts that are this machine: 127.0.0.0/8, ::1, localhost.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
