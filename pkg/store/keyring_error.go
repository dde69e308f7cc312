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
	e := &auth.Error{Kind: auth.Store, Fact: op.verb, Err: err}
	if op.key != (Key{}) {
		e.Account = op.key.Account.String()
		e.Fact += " the credentials in the keyring"
		if op.key.Item == ItemToken {
			e.Fact = op.verb + " the token in the keyring"
		}
	}
	e.Fact += " (" + where + ")"

	switch {
	case errors.Is(err, context.Canceled):
		e.Kind = auth.Interrupted
	case errors.Is(err, ErrNotFound):
		e.Kind = auth.NotFound
		e.Remedy = auth.RemedyLogin
	case errors.Is(err, ErrLocked), errors.Is(err, ErrDeclined):
		e.Remedy, e.Subject = auth.RemedyUnlock, keeperUnlock
	case errors.Is(err, ErrTooBig), errors.Is(err, ErrAbsent):
		e.Remedy = auth.RemedyUseFile
	default:
		e.Remedy = auth.RemedyDoctor
	}
	e.Retryable = errors.Is(err, ErrTimeout)
	return e
}
