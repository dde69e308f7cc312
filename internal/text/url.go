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
	if u.User != nil || u.Opaque != "" || !strings.EqualFold(base.Scheme, u.Scheme) || !strings.EqualFold(base.Hostname(), u.Hostname()) || PortOf(base) != PortOf(u) {
		return false
	}
	prefix := strings.TrimSuffix(base.EscapedPath(), "/")
	rest, below := strings.CutPrefix(u.EscapedPath(), prefix)
	return prefix == "" || below && (rest == "" || rest[0] == '/') && !climbs(rest)
}

// climbs reports whether a path has a segment that leads upwards, for any
// server, however often it decodes the path.
func climbs(path string) bool {
	for range 4 {
		for segment := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' || r == '\\' }) {
			if name, _, _ := strings.Cut(segment, ";"); name == ".." { // some servers strip parameters
				return true
			}
		}
		decoded, err := url.PathUnescape(path)
		if err != nil || decoded == path {
			return false
		}
		path = decoded
	}
	return true // encoded more often than any client does
}
