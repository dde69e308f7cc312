package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/hauth/hauth/pkg/auth"
)

// cannot is the error for a file that could not be written, read or deleted.
func cannot(verb, path string, err error) error {
	if e, ok := auth.AsError(err); ok {
		return e
	}
	remedy := auth.RemedyLookDir
	switch {
	case errors.Is(err, syscall.ENOSPC):
		remedy = auth.RemedySpace
	case errors.Is(err, syscall.EDQUOT):
		remedy = auth.RemedyQuota
	}
	return &auth.Error{
		Kind:   auth.Store,
		Fact:   "cannot " + verb + " " + auth.Printable(path),
		Err:    reason(err),
		Remedy: remedy, Subject: filepath.Dir(path),
	}
}

// reason is err without the operation and the path that os puts before it.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// quote makes s one word of a POSIX shell, for hints.
func quote(s string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-+@%:,=", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(auth.Printable(s), "'", `'\''`) + "'"
}

// errNotLoggedIn says in a person's words that there is no such record.
type errNotLoggedIn struct{}

func (errNotLoggedIn) Error() string { return "not logged in" }
func (errNotLoggedIn) Unwrap() error { return ErrNotFound }

// notLoggedIn is the error for an account that there is not.
func notLoggedIn(a auth.Account) error {
	return &auth.Error{
		Kind:    auth.NotFound,
		Account: a.String(),
		Err:     errNotLoggedIn{},
		Remedy:  auth.RemedyLogin,
	}
}
