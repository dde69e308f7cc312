package disk

import (
	"os"
	"path/filepath"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Cannot is the error of kind Store for a file that could not be written, read
// or deleted, depending on verb. If err is an [auth.Error] already, it is
// returned unchanged.
func Cannot(verb, path string, err error) error {
	if e, ok := auth.AsError(err); ok {
		return e
	}
	remedy := auth.RemedyLookDir
	switch {
	case isFull(err):
		remedy = auth.RemedySpace
	case isOverQuota(err):
		remedy = auth.RemedyQuota
	}
	return &auth.Error{
		Kind:   auth.Store,
		Fact:   "cannot " + verb + " " + auth.Printable(path),
		Err:    text.WithoutPath(err),
		Remedy: remedy, Subject: Existing(filepath.Dir(path)),
	}
}

// Existing is dir, or where it does not exist, the nearest directory above it
// that does: there it could not be made.
func Existing(dir string) string {
	for {
		if _, err := os.Lstat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
