package providers

import (
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// quote makes a path one word of a POSIX shell, for a command to type. A path
// that needs no quotes, as most, stands as it is.
func quote(path string) string {
	for _, r := range path {
		if !isLetterOrDigit(r) && !strings.ContainsRune("/._-+@%:,=", r) {
			return "'" + strings.ReplaceAll(auth.Printable(path), "'", `'\''`) + "'"
		}
	}
	return path
}

func isLetterOrDigit(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
