package text

import (
	"net/url"
	"strings"
)

// PortOf is the port that a URL leads to, also where it is the scheme's own;
// empty for a scheme that is not known.
func PortOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	switch strings.ToLower(u.Scheme) {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

// Within reports whether a URL has the scheme, host and port of base, is under
// its path, and names no user.
func Within(base, u *url.URL) bool {
	if u.User != nil || !strings.EqualFold(base.Scheme, u.Scheme) || !strings.EqualFold(base.Hostname(), u.Hostname()) || PortOf(base) != PortOf(u) {
		return false
	}
	prefix := strings.TrimSuffix(base.EscapedPath(), "/")
	return prefix == "" || u.EscapedPath() == prefix || strings.HasPrefix(u.EscapedPath(), prefix+"/")
}
