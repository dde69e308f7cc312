package draft

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A document's command is read as a shell would read it, but nothing is run or
// looked up: $NAME stands for a value of the reader's and becomes {NAME}, as
// if the document had a placeholder there.

// lexer reads the words of one command.
type lexer struct {
	src     string
	pos     int
	closing byte // what ends the command, if it is inside $(…) or `…`
	words   []string
	stdin   string // a here-document
	word    strings.Builder
	open    bool // a word has begun, even if it is empty
}

// curlWords are the words of the first curl command in a text, without the
// program's name. line is the one on which it stands, counted from 1.
func curlWords(src string) (words []string, line int, err error) {
	src = strings.ReplaceAll(src, "\r\n", "\n")
	src = strings.ReplaceAll(src, "\u00a0", " ") // what a web page puts between words
	src = withoutCarets(src)
	l := &lexer{src: src}
	if !l.find() {
		return nil, 0, errNoCommand
	}
	line = l.line()
	if err := l.run(); err != nil {
		return nil, 0, err
	}
	if l.stdin != "" {
		for i, word := range l.words {
			if option, ok := strings.CutSuffix(word, "@-"); ok {
				l.words[i] = option + l.stdin
			}
		}
	}
	return l.words, line, nil
}

// withoutCarets takes the carets off a command that a browser has copied for
// Windows' cmd: there ^" stands where other shells have a quote, and ^ before
// every other sign that cmd would read.
func withoutCarets(src string) string {
	if !strings.Contains(src, `^"`) {
		return src
	}
	var b strings.Builder
	for i := 0; i < len(src); i++ {
		if src[i] == '^' && continued(src[i:]) == 0 {
			i++
		}
		b.WriteByte(src[i])
	}
	return b.String()
}

// find goes behind the first "curl" that begins a line, be it after a prompt,
// or else the first one in $(…).
func (l *lexer) find() bool {
	at := 0
	for line := range strings.Lines(l.src) {
		text := strings.TrimLeft(line, " \t$>%`")
		for _, program := range []string{"curl", "curl.exe"} {
			if rest, ok := strings.CutPrefix(text, program); ok && startsBlank(rest) {
				l.pos = at + len(line) - len(rest)
				return true
			}
		}
		at += len(line)
	}
	for opening, closing := range map[string]byte{"$(curl": ')', "`curl": '`'} {
		if before, rest, ok := strings.Cut(l.src, opening); ok && startsBlank(rest) {
			l.pos, l.closing = len(before)+len(opening), closing
			return true
		}
	}
	return false
}

// startsBlank reports whether a word ends here: at white space, or at a
// backslash that ends a line.
func startsBlank(s string) bool {
	return s != "" && strings.ContainsRune(" \t\\\n", rune(s[0]))
}

func (l *lexer) line() int { return 1 + strings.Count(l.src[:l.pos], "\n") }

func (l *lexer) fail(format string, args ...any) error {
	return fmt.Errorf("line %d: %s", l.line(), fmt.Sprintf(format, args...))
}

func (l *lexer) end() {
	if l.open {
		l.words = append(l.words, l.word.String())
		l.word.Reset()
		l.open = false
	}
}

func (l *lexer) add(s string) {
	l.word.WriteString(s)
	l.open = true
}

// run reads until the command ends.
func (l *lexer) run() error {
	defer l.end()
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case continued(rest) > 0:
			l.end()
			l.pos += continued(rest)
		case r == ' ' || r == '\t':
			l.end()
			l.pos++
		case r == '\n':
			l.end()
			if !optionFollows(rest[1:]) {
				return nil
			}
			l.pos++
		case r == '#' && !l.open:
			l.pos += len(rest) - len(strings.TrimLeft(rest, "#"))
			for l.pos < len(l.src) && l.src[l.pos] != '\n' {
				l.pos++
			}
		case strings.HasPrefix(rest, "<<") && !strings.HasPrefix(rest, "<<<"):
			l.end()
			if err := l.hereDocument(); err != nil {
				return err
			}
		case l.ends(rest):
			return nil
		case r == '\'':
			if err := l.single(); err != nil {
				return err
			}
		case r == '"':
			l.pos++
			if err := l.double(); err != nil {
				return err
			}
		case r == '$':
			if err := l.dollar(false); err != nil {
				return err
			}
		case r == '`':
			if err := l.backquoted(); err != nil {
				return err
			}
		case r == '\\' && len(rest) > 1:
			_, next := utf8.DecodeRuneInString(rest[1:])
			l.add(rest[1 : 1+next])
			l.pos += 1 + next
		case strings.ContainsRune("“”‘’„", r):
			return l.fail("a typographic quote (%c): write ' or \" instead", r)
		default:
			l.add(rest[:size])
			l.pos += size
		}
	}
	return nil
}

// continued is the length of a line's end after which the command continues:
// a backslash, or the ^ or ` of Windows, also with spaces after it.
func continued(rest string) int {
	if !strings.ContainsRune("\\^`", rune(rest[0])) {
		return 0
	}
	after := strings.TrimLeft(rest[1:], " \t")
	if after == "" {
		return len(rest)
	}
	if after[0] != '\n' {
		return 0
	}
	return len(rest) - len(after) + 1
}

// optionFollows reports whether the next line is an option. Documents forget the
// backslash before it.
func optionFollows(next string) bool {
	line, _, _ := strings.Cut(next, "\n")
	trimmed := strings.TrimLeft(line, " \t")
	return len(trimmed) > 1 && trimmed[0] == '-' && trimmed[1] != ' '
}

// ends reports whether the command ends here, outside of quotes. An & within
// a word belongs to a URL that the document did not quote.
func (l *lexer) ends(rest string) bool {
	switch rest[0] {
	case ';', '|':
		return true
	case '&':
		return !l.open || len(rest) == 1 || rest[1] == ' ' || rest[1] == '\n' || rest[1] == '&'
	case ')', '`':
		return rest[0] == l.closing
	case '>':
		return !l.open
	}
	return false
}

// hereDocument reads the lines that << announces, and takes them out of what is
// still to be read.
func (l *lexer) hereDocument() error {
	line, body, _ := strings.Cut(l.src[l.pos:], "\n")
	word := strings.TrimLeft(strings.TrimPrefix(line[2:], "-"), " \t")
	mark := strings.Trim(strings.Fields(word + " .")[0], `'"`)
	rest := body
	for {
		next, after, more := strings.Cut(rest, "\n")
		if strings.Trim(next, "\t") == mark {
			l.stdin = body[:len(body)-len(rest)]
			rest = after
			break
		}
		if !more {
			return l.fail("the here-document is not closed: no line says %s alone", strconv.Quote(mark))
		}
		rest = after
	}
	if !strings.HasPrefix(word, "'") && !strings.HasPrefix(word, `"`) {
		l.stdin = os.Expand(l.stdin, func(name string) string { return "{" + name + "}" })
	}
	_, others, _ := strings.Cut(line[2:], mark) // other words may follow on the line
	l.src = l.src[:l.pos] + strings.TrimLeft(others, `'"`) + "\n" + rest
	return nil
}

func (l *lexer) single() error {
	text, _, closed := strings.Cut(l.src[l.pos+1:], "'")
	if !closed {
		return l.fail("a quote is not closed: '")
	}
	l.add(text)
	l.pos += len(text) + 2
	return nil
}

// double reads up to the closing quote; the opening one has been read.
func (l *lexer) double() error {
	l.open = true
	begun := l.pos
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; c {
		case '"':
			l.pos++
			return nil
		case '$':
			if err := l.dollar(true); err != nil {
				return err
			}
		case '`':
			if err := l.backquoted(); err != nil {
				return err
			}
		case '\\':
			if l.pos+1 == len(l.src) {
				l.pos = begun
				return l.fail(`a quote is not closed: "`)
			}
			switch next := l.src[l.pos+1]; next {
			case '"', '\\', '$', '`':
				l.add(string(next))
			case '\n':
			default:
				l.add(l.src[l.pos : l.pos+2])
			}
			l.pos += 2
		default:
			l.add(l.src[l.pos : l.pos+1])
			l.pos++
		}
	}
	l.pos = begun
	return l.fail(`a quote is not closed: "`)
}

// dollar reads what $ begins.
func (l *lexer) dollar(quoted bool) error {
	rest := l.src[l.pos+1:]
	switch {
	case strings.HasPrefix(rest, "("):
		return l.parenthesised()
	case strings.HasPrefix(rest, "'") && !quoted:
		l.pos += 2
		return l.escapes()
	case strings.HasPrefix(rest, `"`) && !quoted:
		l.pos += 2
		return l.double()
	case strings.HasPrefix(rest, "{"):
		inner, _, closed := strings.Cut(rest[1:], "}")
		name := inner[:nameLength(inner)]
		if !closed || name == "" {
			return l.fail("${…} is not closed, or has no name")
		}
		l.add("{" + name + "}") // whatever else ${NAME:-default} contains
		l.pos += len(inner) + 3
		return nil
	}
	if n := nameLength(rest); n > 0 {
		l.add("{" + rest[:n] + "}")
		l.pos += 1 + n
		return nil
	}
	l.add("$")
	l.pos++
	return nil
}

// A command within the command is not run: its result becomes a placeholder.

func (l *lexer) backquoted() error {
	text, _, closed := strings.Cut(l.src[l.pos+1:], "`")
	if !closed {
		return l.fail("a quote is not closed: `")
	}
	l.add(resultOf(text))
	l.pos += len(text) + 2
	return nil
}

func (l *lexer) parenthesised() error {
	depth := 0
	for i, r := range l.src[l.pos:] {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				text := l.src[l.pos : l.pos+i+1]
				l.add(resultOf(text))
				l.pos += len(text)
				return nil
			}
		}
	}
	return l.fail("$( is not closed")
}

// resultOf is the placeholder for what a command would print.
func resultOf(command string) string {
	switch {
	case strings.Contains(command, "uuid"):
		return "{uuid}"
	case strings.Contains(command, "date") && (strings.Contains(command, "N") || strings.Contains(command, "000")):
		return "{milliseconds}"
	}
	return "{result}"
}

// nameLength is the length of the variable's name at the beginning of s.
func nameLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || 'a' <= s[n] && s[n] <= 'z' || 'A' <= s[n] && s[n] <= 'Z' || n > 0 && '0' <= s[n] && s[n] <= '9') {
		n++
	}
	return n
}

// escapes reads $'…', which browsers write if a value has a quote, up to the
// closing quote.
func (l *lexer) escapes() error {
	l.open = true
	simple := map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '\\': `\`, '\'': "'", '"': `"`, '?': "?"}
	for l.pos < len(l.src) {
		c := l.src[l.pos]
		l.pos++
		if c == '\'' {
			return nil
		}
		if c != '\\' || l.pos == len(l.src) {
			l.add(l.src[l.pos-1 : l.pos])
			continue
		}
		next := l.src[l.pos]
		l.pos++
		digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[next]
		switch text, ok := simple[next]; {
		case ok:
			l.add(text)
		case digits > 0:
			var code rune
			n := 0
			for n < digits && l.pos < len(l.src) {
				digit := strings.IndexByte("0123456789abcdef", l.src[l.pos]|0x20)
				if digit < 0 {
					break
				}
				code, n = code<<4|rune(digit), n+1
				l.pos++
			}
			l.add(string(code))
		default:
			return l.fail("the escape \\%c in $'…' is unknown: write the character itself", next)
		}
	}
	return l.fail("a quote is not closed: $'")
}
