package providers

import (
	"runtime"
	"strings"
)

// absolute makes the paths below /opt in a provider file absolute on Windows,
// too.
func absolute(src string) string {
	if runtime.GOOS == "windows" {
		return strings.ReplaceAll(src, "/opt/", "C:/opt/")
	}
	return src
}
