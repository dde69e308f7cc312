package cmd

import (
	"runtime"
	"strings"
)

// inLocale is text as the user's terminal can show it: if the locale is not
// UTF-8, the few characters outside ASCII in hauth's own text become ASCII.
func (a *app) inLocale(text string) string {
	if a.utf8Locale() {
		return text
	}
	return strings.NewReplacer("…", "...", "▰", "#", "▱", "-", "•", "*", "“", `"`, "”", `"`).Replace(text)
}

// utf8Locale reports whether the locale of characters is UTF-8, by the
// variables in the order that POSIX prescribes. Windows and macOS need none.
func (a *app) utf8Locale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := a.getenv(name); value != "" {
			value = strings.ToLower(value)
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin"
}
