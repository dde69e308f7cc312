package proxy

import (
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
)

// plainPath reports whether the path stays below its base for any server,
// however often it decodes the path.
func plainPath(path string) bool {
	forms, _ := text.PathDecodings(path)
	return !text.HasSegment(path, ".", "..") && !slices.ContainsFunc(forms, hasControl)
}

func hasControl(path string) bool {
	return strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// hidesSeparator reports whether the path contains an encoded slash or
// backslash, however often it is encoded. Some servers treat it as a separator,
// others do not.
func hidesSeparator(path string) bool {
	forms, _ := text.PathDecodings(path)
	return slices.ContainsFunc(forms, func(form string) bool {
		lower := strings.ToLower(form)
		return strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c")
	})
}
