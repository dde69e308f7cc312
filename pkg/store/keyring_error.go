package store

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
)

// operation is what was being done when an error came up.
type operation struct {
	verb string // with a zero key: the whole sentence
	key  Key
}

// keyringError says what could not be done, in which collection, why, and
// what to type next.
func keyringError(op operation, where string, err error) error {
	e := &auth.Error{Kind: auth.Store, Op: op.verb, Err: err}
	account := "ACCOUNT"
	if op.key != (Key{}) {
		account = op.key.Account.String()
		e.Account = account
		e.Op += " the credentials in the keyring"
		if op.key.Item == ItemToken {
			e.Op = op.verb + " the token in the keyring"
		}
	}
	e.Op += " (" + where + ")"

	instead := "hauth login " + account + " --store file"
	switch {
	case errors.Is(err, context.Canceled):
		e.Kind = auth.Interrupted
	case errors.Is(err, ErrNotFound):
		e.Kind = auth.NotFound
		e.Hint = "run: hauth login " + account
	case errors.Is(err, ErrLocked), errors.Is(err, ErrDeclined):
		e.Hint = "unlock the keyring (" + keeperUnlock + "), or run: " + instead
	case errors.Is(err, ErrTooBig), errors.Is(err, ErrAbsent):
		e.Hint = "run: " + instead
	default:
		e.Hint = "run: hauth doctor"
	}
	e.Retryable = errors.Is(err, ErrTimeout)
	return e
}
