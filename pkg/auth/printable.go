package auth

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPrintable is the greatest length, in characters, of text from outside
// that hauth repeats.
const maxPrintable = 300

// Printable makes text from outside safe to show in a terminal, a log or a CI
// job. It is the only way such text may be printed. The secrets are replaced
// by Redacted, as they are, in base64 and in hexadecimal, and each of these
// escaped as URLs, JSON and HTML have it. What remains is one line of valid
// UTF-8, of characters that show and do not change the direction of text,
// without the "::" and "##" with which the commands of CI runners begin, and
// at most 300 characters long.
func Printable(text string, secrets ...Secret) string {
	p := printer{forms: formsOf(secrets), most: maxPrintable, colons: true}
	p.write(text)
	return strings.TrimSpace(string(p.out))
}

// Redact is Printable without a bound and with "::", for text that hauth
// wrote around values of others. Runners look for "::" at the beginning of a
// line only, and addresses hold it.
func Redact(text string, secrets ...Secret) string {
	p := printer{forms: formsOf(secrets), most: len(text) * len(Redacted)}
	p.write(text)
	return string(p.out)
}

// printer collects text that may be shown.
type printer struct {
	forms  []string
	most   int  // characters
	colons bool // "::" is broken up
	out    []rune
}

// write works from left to right and stops at the bound, so that a long text
// costs no more than a short one.
func (p *printer) write(text string) {
	for text != "" {
		if len(p.out) > p.most {
			p.out = append(p.out[:p.most-1], '…')
			return
		}
		if size := longestMatch(text, p.forms); size > 0 {
			p.out = append(p.out, []rune(Redacted)...)
			text = text[size:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		p.put(visible(r))
	}
	if len(p.out) > p.most {
		p.out = append(p.out[:p.most-1], '…')
	}
}

// put opens a gap in what begins a runner's command: ::set-output, ##[group],
// ##vso[task], ##teamcity[message]. The text stays readable.
func (p *printer) put(r rune) {
	if (r == '#' || r == ':' && p.colons) && len(p.out) > 0 && p.out[len(p.out)-1] == r {
		p.out = append(p.out, ' ')
	}
	p.out = append(p.out, r)
}

// visible is the character itself, a space for every kind of space, and
// U+FFFD for what moves the cursor, turns text around, joins without a sign or
// does not show.
func visible(r rune) rune {
	switch {
	case r < utf8.RuneSelf && r >= ' ' && r != 0x7f:
		return r
	case unicode.IsSpace(r):
		return ' '
	case !strconv.IsGraphic(r), unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector), r == 0x2800:
		return utf8.RuneError
	}
	return r
}
