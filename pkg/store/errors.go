package store

import (
	"github.com/hauth/hauth/pkg/auth"
)

// errNotLoggedIn says in the user's words that there is no such record.
type errNotLoggedIn struct{}

func (errNotLoggedIn) Error() string { return "not logged in" }
func (errNotLoggedIn) Unwrap() error { return ErrNotFound }

// notLoggedIn is the error for an account that does not exist.
func notLoggedIn(a auth.Account) error {
	return &auth.Error{
		Kind:    auth.NotFound,
		Account: a.String(),
		Err:     errNotLoggedIn{},
		Remedy:  auth.RemedyLogin,
	}
}
