// Package text has small functions about text and URLs that several packages need.
package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"slices"
)

// JSON encodes v on one line, without the escapes of "<", ">" and "&" that are
// meant for HTML.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// WithoutPath is err without the operation and the path that package os puts
// before it, for a message that already names the file, or must not name it.
func WithoutPath(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var command *exec.Error
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	case errors.As(err, &command):
		return command.Err
	}
	return err
}

// IsAlphanumeric reports whether r is an ASCII letter or digit.
func IsAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// Unique drops repetitions and keeps the order.
func Unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
}
