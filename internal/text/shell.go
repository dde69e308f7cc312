package text

import (
	"runtime"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Quote makes s one word of a POSIX shell, in quotes.
func Quote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Word makes a path one word of a POSIX shell, on Windows one that cmd and
// PowerShell both understand, for a command to type. One that needs no quotes, as
// most, stays as it is; characters that do not show are replaced.
func Word(path string) string { return word(path, runtime.GOOS == "windows") }

func word(path string, windows bool) string {
	plain := "/._-+@%:,="
	if windows {
		plain = `\\/._-+:=` // of the others cmd expands %, PowerShell splits or splats at @ and the comma
	}
	special := func(r rune) bool { return !IsAlphanumeric(r) && !strings.ContainsRune(plain, r) }
	switch shown := auth.Printable(path); {
	case path != "" && !strings.ContainsFunc(path, special):
		return path
	case windows:
		return `"` + strings.ReplaceAll(shown, `"`, "'") + `"` // no name of a file holds one
	default:
		return Quote(shown)
	}
}
