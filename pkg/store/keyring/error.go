package keyring

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// addressVariable is where every D-Bus library looks for the session bus first,
// go-keyring's included.
const addressVariable = "DBUS_SESSION_BUS_ADDRESS"

// operation is an operation on the keyring as a whole, or on one record.
type operation struct {
	verb string
	key  store.Key // zero: the keyring as a whole
}

// failure says what could not be done, in which collection and why, and what
// helps.
func failure(op operation, collection string, err error) error {
	what := "the keyring"
	switch {
	case op.key == store.Key{}:
	case op.key.Item == store.ItemToken:
		what = "the token in the keyring"
	default:
		what = "the credentials in the keyring"
	}
	e := &auth.Error{Kind: auth.Store, Fact: "cannot " + op.verb + " " + what + " (" + collection + ")", Err: err}
	if op.key != (store.Key{}) {
		e.Account = op.key.Account.String()
	}

	switch {
	case errors.Is(err, context.Canceled):
		e.Kind = auth.Interrupted
	case errors.Is(err, store.ErrNotFound):
		e.Kind = auth.NotFound
		e.Remedy = auth.RemedyLogin
	case errors.Is(err, store.ErrLocked), errors.Is(err, store.ErrDeclined):
		e.Remedy, e.Subject = auth.RemedyUnlock, howToUnlock
	case errors.Is(err, store.ErrUnreachable):
		e.Remedy, e.Subject = auth.RemedyBus, addressVariable
	case errors.Is(err, store.ErrTooBig), errors.Is(err, store.ErrAbsent):
		e.Remedy = auth.RemedyUseFile
	default:
		e.Remedy = auth.RemedyDoctor
	}
	e.Retryable = errors.Is(err, store.ErrTimeout)
	return e
}
