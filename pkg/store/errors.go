package store

import "github.com/hauth/hauth/pkg/auth"

// reason is one of the errors of this package with a more specific message.
type reason struct {
	text string
	is   error
}

func (r reason) Error() string { return r.text }
func (r reason) Unwrap() error { return r.is }

// unreadable is ErrUnreadable with what is wrong with the record.
func unreadable(why string) error { return reason{why, ErrUnreadable} }

// notLoggedIn is the error for an account that does not exist.
func notLoggedIn(a auth.Account) error {
	return &auth.Error{
		Kind:    auth.NotFound,
		Account: a.String(),
		Err:     reason{"not logged in", ErrNotFound},
		Remedy:  auth.RemedyLogin,
	}
}
