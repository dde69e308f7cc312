package text

import (
	"net/http"
	"slices"
	"strings"
)

// MediaType is the type in a Content-Type, in lower case. Its parameters are
// not looked at, since many servers write them wrongly.
func MediaType(h http.Header) string {
	t := strings.TrimSpace(h.Get("Content-Type"))
	if end := strings.IndexAny(t, ";, \t"); end >= 0 {
		t = t[:end]
	}
	return strings.ToLower(t)
}

// compressions are the content codings after which a text cannot be read. What
// else servers write there, such as "utf-8" or "none", changes nothing.
var compressions = []string{"gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz"}

// Compressed reports whether a body has to be decompressed before it can be
// read.
func Compressed(h http.Header) bool {
	for _, value := range h["Content-Encoding"] {
		for coding := range strings.SplitSeq(value, ",") {
			if slices.Contains(compressions, strings.ToLower(strings.TrimSpace(coding))) {
				return true
			}
		}
	}
	return false
}
