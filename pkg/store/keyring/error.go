package keyring

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// operation is what was being done when an error came up.
type operation struct {
	verb string // with a zero key: the whole sentence
	key  store.Key
}

// failure says what could not be done, in which collection, why, and
// what to type next.
func failure(op operation, where string, err error) error {
	e := &auth.Error{Kind: auth.Store, Fact: op.verb, Err: err}
	if op.key != (store.Key{}) {
		e.Account = op.key.Account.String()
		e.Fact += " the credentials in the keyring"
		if op.key.Item == store.ItemToken {
			e.Fact = op.verb + " the token in the keyring"
		}
	}
	e.Fact += " (" + where + ")"

	switch {
	case errors.Is(err, context.Canceled):
		e.Kind = auth.Interrupted
	case errors.Is(err, store.ErrNotFound):
		e.Kind = auth.NotFound
		e.Remedy = auth.RemedyLogin
	case errors.Is(err, store.ErrLocked), errors.Is(err, store.ErrDeclined):
		e.Remedy, e.Subject = auth.RemedyUnlock, howToUnlock
	case errors.Is(err, store.ErrTooBig), errors.Is(err, store.ErrAbsent):
		e.Remedy = auth.RemedyUseFile
	default:
		e.Remedy = auth.RemedyDoctor
	}
	e.Retryable = errors.Is(err, store.ErrTimeout)
	return e
}
