package mask

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Forms lists the forms in which a token may occur: the token as it is, in
// base64 at each of the three alignments that it can have inside a longer
// text, each of these percent-encoded, once and twice, and as encoders of JSON
// escape it. The token itself comes first.
func Forms(token auth.Secret) []string {
	value := token.Reveal()
	if value == "" {
		return nil
	}
	plain := []string{value}
	for lead := range 3 {
		// Only the characters that depend on the token alone count.
		raw := append(make([]byte, lead), value...)
		from, to := (lead*8+5)/6, len(raw)*8/6
		if to-from < minMaskedBase64 {
			continue
		}
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			plain = append(plain, enc.EncodeToString(raw)[from:to])
		}
	}
	forms := slices.Clone(plain)
	for _, p := range plain {
		forms = append(forms, strings.ReplaceAll(p, "/", `\/`))
		for _, j := range jsonEncoders {
			forms = append(forms, jsonEncode(p, j.escaped, j.digits))
		}
	}
	for _, p := range plain {
		for _, kept := range keptByEncoders {
			for _, digits := range []string{upperHex, lowerHex} {
				once := percentEncode(p, kept, digits)
				forms = append(forms, once, percentEncode(once, kept, digits))
			}
		}
	}
	return text.Unique(forms)
}

// minMaskedBase64 is the shortest piece of base64, in characters, that is
// masked: a shorter one would occur in ordinary words.
const minMaskedBase64 = 8

// keptByEncoders are the characters that percent-encoders leave as they are,
// besides letters, digits, "-", "." and "_": RFC 3986, Python's quote, forms,
// JavaScript's encodeURIComponent; a path's segment, a path and a fragment in Go;
// a whole URL; a path and a query of browsers' and Node's URL.
var keptByEncoders = [...]string{
	"~", "~/", "*", "~!*'()", "~$&+=:@", "~$&+=:@/,;", "~$&+=:@/,;?!()*", "~!*'();/?:@&=+$,#",
	"~!*'();/:@&=+$,%[]|^", "~!*();/?:@&=+$,%[]|^`{}\\",
}

// jsonEncoders are the characters that encoders of JSON write as \u00XX, and
// the digits that they use: .NET, Gson, Go and Rails, and most others.
var jsonEncoders = [...]struct{ escaped, digits string }{
	{"\"&'+<>`", upperHex}, {"&'<=>", lowerHex}, {"&<>", lowerHex}, {"", lowerHex},
}

func jsonEncode(s, escaped, digits string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case strings.IndexByte(escaped, c) >= 0:
			b.WriteString(`\u00` + string(digits[c>>4]) + string(digits[c&15]))
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

const (
	upperHex = "0123456789ABCDEF"
	lowerHex = "0123456789abcdef"
)

func percentEncode(s, kept, digits string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._"+kept, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + string(digits[c>>4]) + string(digits[c&15]))
	}
	return b.String()
}
