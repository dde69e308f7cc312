package text

import (
	"slices"
	"strconv"
	"strings"
)

// mostDecodings is how often servers are taken to decode a path. No client
// encodes one more often.
const mostDecodings = 4

// PathDecodings are the path and what it becomes each time that it is decoded;
// not ok if it is encoded more often than any client does.
func PathDecodings(path string) (forms []string, ok bool) {
	for range mostDecodings {
		forms = append(forms, path)
		decoded := DecodePath(path)
		if decoded == path {
			return forms, true
		}
		path = decoded
	}
	return forms, false
}

// DecodePath decodes a path once. Malformed escapes are left as they are: they
// do not keep every server from decoding the others.
func DecodePath(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			if c, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(path[i])
	}
	return b.String()
}

// HasSegment reports whether some server, however often it decodes the path,
// finds a segment of one of the names in it.
func HasSegment(path string, names ...string) bool {
	forms, ok := PathDecodings(path)
	for _, form := range forms {
		for segment := range strings.FieldsFuncSeq(form, func(r rune) bool { return r == '/' || r == '\\' }) {
			name, _, _ := strings.Cut(segment, ";") // some servers strip parameters
			if slices.Contains(names, name) {
				return true
			}
		}
	}
	return !ok
}
