package auth

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minRedacted is the shortest secret, in bytes, that is redacted. A shorter
// one would occur in ordinary words and make every message unreadable.
const minRedacted = 4

// formsOf lists the forms in which the secrets may occur in a text. A secret
// that is longer than the text cannot be in it, since every form and every
// kind of escaping only makes it longer.
func formsOf(text string, secrets []Secret) []string {
	var forms []string
	for _, s := range secrets {
		v := s.Reveal()
		if len(v) < minRedacted || len(v) > len(text) {
			continue
		}
		forms = append(forms, v, hex.EncodeToString([]byte(v)))
		// match ignores the case of ASCII letters only; these two cover the
		// others.
		if lower, upper := strings.ToLower(v), strings.ToUpper(v); strings.IndexFunc(v, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
			forms = append(forms, lower, upper)
		}
		// Inside a longer text that is in base64 as a whole, v begins at one of
		// three alignments. Only the characters that depend on v alone count.
		for lead := range 3 {
			raw := append(make([]byte, lead), v...)
			from, to := (lead*8+5)/6, len(raw)*8/6
			for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				if form := enc.EncodeToString(raw)[from:to]; len(form) >= minRedacted {
					forms = append(forms, form)
				}
			}
		}
	}
	return forms
}

// longestMatch is how many bytes at the beginning of text are one of the
// forms; 0: none.
func longestMatch(text string, forms []string) int {
	most := 0
	for _, form := range forms {
		most = max(most, match(text, form))
	}
	return most
}

// match compares text with form, both as it is and as each kind of escaping
// writes it. Encoders differ in what they escape and in the case that they
// use, so the text is decoded step by step rather than the form encoded. Case
// is ignored: a header's value, for example, may come back in lower case and
// still reveal the secret.
func match(text, form string) int {
	same := 0
	for same < len(form) && same < len(text) && lower(form[same]) == lower(text[same]) {
		same++
	}
	if same == len(form) {
		return same
	}
	read := text[:min(same+1, len(text))] // up to the first difference
	for _, escape := range [...]struct {
		mark     byte
		unescape unescaper
	}{{'%', percent}, {'%', percentTwice}, {'\\', backslash}, {'&', entity}} {
		if form[same] != ' ' && strings.IndexByte(read, escape.mark) < 0 {
			continue // without an escape the rest cannot match
		}
		if n := matchEscaped(text, form, escape.unescape); n > 0 {
			return n
		}
	}
	return 0
}

// An unescaper decodes the escape at the beginning of s; size 0: there is none.
type unescaper func(s string) (decoded string, size int)

func matchEscaped(text, form string, unescape unescaper) int {
	at := 0
	for form != "" {
		rest := text[at:]
		if rest == "" {
			return 0
		}
		decoded, size := unescape(rest)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(rest)
			decoded = rest[:size]
		}
		switch {
		case hasPrefixFold(form, decoded):
			form = form[len(decoded):]
		case form[0] == ' ' && (rest[0] == '+' || blank(decoded)):
			form = form[1:] // a space of the form, and characters that Printable replaces by one
		default:
			return 0
		}
		at += size
	}
	return at
}

func blank(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

// lower converts an ASCII letter to lower case and leaves any other byte as
// it is.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

func hasPrefixFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if lower(s[i]) != lower(prefix[i]) {
			return false
		}
	}
	return true
}

// percentTwice decodes %252b: an address inside another one. What is not a
// percent sign at first is escaped once at most.
func percentTwice(s string) (string, int) {
	if !strings.HasPrefix(s, "%25") {
		return percent(s)
	}
	n, ok := hexadecimal(s, 3, 2)
	return string([]byte{byte(n)}), size(5, ok)
}

// percent decodes %2b, as URLs and forms have it.
func percent(s string) (string, int) {
	if s[0] != '%' {
		return "", 0
	}
	n, ok := hexadecimal(s, 1, 2)
	return string([]byte{byte(n)}), size(3, ok)
}

// backslash decodes \/, \n, \x2b and \u002b, surrogate pairs included, as
// JSON and most languages have them.
func backslash(s string) (string, int) {
	if s[0] != '\\' || len(s) < 2 {
		return "", 0
	}
	switch s[1] {
	case 'x':
		n, ok := hexadecimal(s, 2, 2)
		return string([]byte{byte(n)}), size(4, ok)
	case 'u':
		n, ok := hexadecimal(s, 2, 4)
		if low, pair := hexadecimal(s, 8, 4); ok && pair && n>>10 == 0xd800>>10 && s[6:8] == `\u` && low>>10 == 0xdc00>>10 {
			return string(rune(n&0x3ff<<10|low&0x3ff) + 0x10000), 12
		}
		return string(rune(n)), size(6, ok)
	}
	if i := strings.IndexByte("abfnrtv", s[1]); i >= 0 {
		return "\a\b\f\n\r\t\v"[i : i+1], 2
	}
	return s[1:2], size(2, s[1] < utf8.RuneSelf)
}

// entity decodes &amp;, &#43; and &#x2B;, as HTML and XML have them.
func entity(s string) (string, int) {
	if s[0] != '&' {
		return "", 0
	}
	end := strings.IndexByte(s[:min(len(s), len("&#x10ffff;"))], ';')
	if end < 0 {
		return "", 0
	}
	switch name := s[1:end]; name {
	case "amp":
		return "&", end + 1
	case "lt":
		return "<", end + 1
	case "gt":
		return ">", end + 1
	case "quot":
		return `"`, end + 1
	case "apos":
		return "'", end + 1
	default:
		digits, ok := strings.CutPrefix(strings.ToLower(name), "#")
		base := 10
		if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
			digits, base = hex, 16
		}
		n, err := strconv.ParseUint(digits, base, 21)
		return string(rune(n)), size(end+1, ok && err == nil)
	}
}

// hexadecimal reads the n digits at s[from:].
func hexadecimal(s string, from, n int) (uint64, bool) {
	if len(s) < from+n {
		return 0, false
	}
	v, err := strconv.ParseUint(s[from:from+n], 16, 64)
	return v, err == nil
}

func size(n int, ok bool) int {
	if !ok {
		return 0
	}
	return n
}
