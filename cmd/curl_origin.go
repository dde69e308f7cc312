package cmd

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/hauth/hauth/internal/text"
)

// hasScheme reports whether s begins as a URL with a scheme does.
func hasScheme(s string) bool {
	scheme, _, ok := strings.Cut(s, ":/")
	return ok && scheme != "" && !strings.ContainsFunc(scheme, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '+' && r != '-' && r != '.'
	})
}

func looksLikeURL(s string) bool {
	lower := strings.ToLower(s)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// sameOrigin compares scheme, host and port. A URL that two parsers could
// read differently counts as another origin; braces in the path are curl's
// globbing, which stays on the host.
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

// originOf is scheme://host:port in lower case, always with the port; empty
// for a text that has no origin, or that names a user.
func originOf(raw string) string {
	u := originURL(raw)
	if u == nil {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + text.PortOf(u))
}

func originURL(raw string) *url.URL {
	scheme, _, ok := strings.Cut(raw, "://")
	if !ok {
		return nil
	}
	u, err := url.Parse(scheme + "://" + originPart(raw))
	if err != nil || u.Host == "" || u.User != nil {
		return nil
	}
	return u
}

// isLoopback reports whether a URL's host is this machine, to which hauth
// itself never takes a proxy.
func isLoopback(raw string) bool {
	u := originURL(raw)
	if u == nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return strings.EqualFold(u.Hostname(), "localhost") || err == nil && addr.Unmap().IsLoopback()
}

// withoutQuery leaves out what may hold secrets.
func withoutQuery(s string) string {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		return s[:i]
	}
	return s
}
