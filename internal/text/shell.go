package text

import (
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Quote makes s one word of a POSIX shell, in quotes.
func Quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Word makes a path one word of a POSIX shell, for a command to type. A path
// that needs no quotes stays as it is; invisible characters are replaced.
func Word(path string) string {
	special := func(r rune) bool { return !IsAlphanumeric(r) && !strings.ContainsRune("/._-+@%:,=", r) }
	if path != "" && !strings.ContainsFunc(path, special) {
		return path
	}
	return Quote(auth.Printable(path))
}
