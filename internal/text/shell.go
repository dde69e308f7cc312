package text

import (
	"fmt"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Quote makes s one word of a POSIX shell, in quotes.
func Quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Word makes a path one word of a POSIX shell, for a command to type. One that
// needs no quotes, as most, stays as it is. Characters that do not show, or that
// the runner of a CI job could obey, are escaped: as $'…', which bash, zsh and
// ksh read.
func Word(path string) string {
	special := func(r rune) bool { return !IsAlphanumeric(r) && !strings.ContainsRune("/._-+@%:,=", r) }
	if path != "" && !strings.ContainsFunc(path, special) {
		return path
	}
	if auth.Redact(path) == path {
		return Quote(path)
	}
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; c < ' ' || c > '~' || strings.IndexByte(`'\#`, c) >= 0 {
			fmt.Fprintf(&b, `\%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return "$'" + b.String() + "'"
}
