package text

import (
	"fmt"
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
// most, stays as it is. Characters that do not show, or that the runner of a CI
// job could obey, are escaped, as $'…', which bash, zsh and ksh read; on Windows
// they are replaced.
func Word(path string) string { return word(path, runtime.GOOS == "windows") }

func word(path string, windows bool) string {
	plain := "/._-+@%:,="
	if windows {
		plain = `\/._-+:=` // of the others cmd expands %, PowerShell splits or splats at @ and the comma
	}
	special := func(r rune) bool { return !IsAlphanumeric(r) && !strings.ContainsRune(plain, r) }
	switch {
	case path != "" && !strings.ContainsFunc(path, special):
		return path
	case windows:
		return `"` + strings.ReplaceAll(auth.Printable(path), `"`, "'") + `"` // no name of a file holds one
	case auth.Redact(path) == path:
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
