package text

import (
	"fmt"
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
	prefix := strings.TrimSuffix(EscapedPath(base), "/")
	rest, below := strings.CutPrefix(EscapedPath(u), prefix)
	return prefix == "" || below && (rest == "" || rest[0] == '/') && !HasSegment(rest, "..")
}

// EscapedPath is the path of a URL as it was written, with the bytes
// percent-encoded that no path may contain. The method of the same name encodes
// the decoded path if there are such bytes, so that an encoded slash beside them
// becomes a slash.
func EscapedPath(u *url.URL) string {
	if u.RawPath == "" {
		return u.EscapedPath()
	}
	var b strings.Builder
	for i := range len(u.RawPath) {
		if c := u.RawPath[i]; IsAlphanumeric(rune(c)) || strings.IndexByte("-._~!$&'()*+,;=:@/[]%", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
