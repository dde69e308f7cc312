package proxy

import "strings"

// mostDecodings is how often servers are taken to decode a path. No client
// encodes one more often.
const mostDecodings = 4

// decodings are the path and what it becomes each time that it is decoded; not
// ok if it is encoded more often than that. Malformed escapes are left as they
// are: they do not keep every server from decoding the others.
func decodings(path string) (forms []string, ok bool) {
	for range mostDecodings {
		forms = append(forms, path)
		decoded := decode(path)
		if decoded == path {
			return forms, true
		}
		path = decoded
	}
	return forms, false
}

func decode(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			high, low := strings.IndexByte(hexDigits, path[i+1]|0x20), strings.IndexByte(hexDigits, path[i+2]|0x20)
			if high >= 0 && low >= 0 {
				b.WriteByte(byte(high<<4 | low))
				i += 2
				continue
			}
		}
		b.WriteByte(path[i])
	}
	return b.String()
}

const hexDigits = "0123456789abcdef"

// plainPath reports whether the path stays below its base for any server,
// however often it decodes the path.
func plainPath(path string) bool {
	forms, ok := decodings(path)
	for _, form := range forms {
		if strings.ContainsFunc(form, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return false
		}
		for segment := range strings.FieldsFuncSeq(form, func(r rune) bool { return r == '/' || r == '\\' }) {
			name, _, _ := strings.Cut(segment, ";") // some servers strip parameters
			if name == "." || name == ".." {
				return false
			}
		}
	}
	return ok
}

// hidesSeparator reports whether the path contains an encoded slash or
// backslash, however often it is encoded. Some servers treat it as a separator,
// others do not.
func hidesSeparator(path string) bool {
	forms, _ := decodings(path)
	for _, form := range forms {
		if lower := strings.ToLower(form); strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c") {
			return true
		}
	}
	return false
}
