package auth

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPrintable is the maximum length, in characters, of text from outside
// that hauth repeats.
const maxPrintable = 300

// Printable makes text from outside safe to show in a terminal, a log or a CI
// job. It is the only way such text may be printed. The secrets are replaced
// by Redacted, whether they occur as they are, in base64 or in hexadecimal,
// each of these also escaped as in URLs, JSON and HTML, in upper or lower
// case. What remains is one line of valid UTF-8 of at most 300 characters, all
// visible, without bidirectional controls and without anything that a CI
// runner would take for a command.
func Printable(text string, secrets ...Secret) string {
	p := printer{forms: formsOf(text, secrets), most: maxPrintable}
	p.write(text)
	line := []rune(inert(strings.TrimSpace(string(p.out))))
	if len(line) > maxPrintable {
		line = append(line[:maxPrintable-1], '…')
	}
	return string(line)
}

// Redact is Printable without the limit on length, and leaves "::" alone. It
// is for text in which hauth quotes values from outside, so that they never
// begin a line.
func Redact(text string, secrets ...Secret) string {
	p := printer{forms: formsOf(text, secrets), most: len(text) * len(Redacted)}
	p.write(text)
	return apart(string(p.out))
}

// printer collects text that is safe to show.
type printer struct {
	forms []string
	most  int // characters
	out   []rune
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
		p.out = append(p.out, visible(r))
	}
	if len(p.out) > p.most {
		p.out = append(p.out[:p.most-1], '…')
	}
}

// inert breaks up what a CI runner would execute in a line: a "::word" at its
// beginning, and "##[" and "##vso[" anywhere. An IPv6 address such as
// ::ffff:192.0.2.1 begins in the same way and stays whole: its first word is
// a group of hexadecimal digits.
func inert(line string) string {
	blanks := line[:len(line)-len(strings.TrimLeft(line, " "))] // which a runner skips
	if rest, ok := strings.CutPrefix(line[len(blanks):], "::"); ok {
		end := strings.IndexFunc(rest, func(r rune) bool { return !isLetter(r) && r != '-' && r != '_' && (r < '0' || r > '9') })
		if end < 0 {
			end = len(rest)
		}
		if word := rest[:end]; !isHexGroup(word) || strings.HasPrefix(rest[end:], "::") {
			line = blanks + ": :" + rest
		}
	}
	return apart(line)
}

// apart separates the two characters that Azure's and TeamCity's commands
// begin with: ##[group], ##vso[task], ##teamcity[message].
func apart(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "##")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('#')
		if strings.HasPrefix(strings.TrimLeftFunc(after, isLetter), "[") {
			b.WriteByte(' ')
		}
		text = "#" + after
	}
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// isHexGroup reports whether s is a group of an IPv6 address: up to four
// digits.
func isHexGroup(word string) bool {
	_, err := strconv.ParseUint(word, 16, 16)
	return word == "" || len(word) <= 4 && err == nil
}

// visible is the character itself, a space for every kind of space, and U+FFFD
// for what moves the cursor, changes the direction of text, joins characters
// or is invisible.
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
