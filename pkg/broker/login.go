package broker

import (
	"context"

	"github.com/hauth/hauth/pkg/auth"
)

// LoginStore is a Store that a login can write to.
type LoginStore interface {
	Store
	SaveLogin(ctx context.Context, creds auth.Credentials, token auth.Token) error
}

// Login proves creds by fetching one token with them, then stores both.
// Nothing is stored, and no back-off begins, when the vendor refuses. With
// verify false the vendor is not asked; the result's token is then zero.
func (b *Broker) Login(ctx context.Context, store LoginStore, creds auth.Credentials, verify bool) (auth.Token, error) {
	var grant auth.Grant
	var limits auth.Limits
	var failure *auth.Error // of an exchange that has replaced the credentials nevertheless
	if verify {
		exchanger, l, err := b.Exchanger()
		if err != nil {
			return auth.Token{}, err
		}
		limits = l
		grant, err = b.exchange(ctx, exchanger, limits, creds, b.timeout())
		if grant.Rotated == nil && ctx.Err() != nil {
			return auth.Token{}, interruption(ctx)
		}
		if err != nil && grant.Rotated == nil {
			return auth.Token{}, asFailure(err)
		}
		if grant.Rotated != nil {
			ctx = context.WithoutCancel(ctx) // the credentials that were typed are no longer valid; those that replace them must be stored
			failure = asFailure(err)
		}
	}
	unlock, err := b.Lock(ctx)
	if err != nil {
		return auth.Token{}, err
	}
	defer unlock()
	if grant.Rotated != nil {
		creds = *grant.Rotated // the credentials that were sent are no longer valid
	}
	if err := store.SaveLogin(ctx, creds, grant.Token); err != nil || !verify {
		return grant.Token, err
	}
	if failure != nil {
		return auth.Token{}, failure
	}
	// A login ignores the back-off, but its request counts.
	if err := b.Attempts.SaveAttempt(nextAttempt(auth.Attempt{}, creds.ID, b.now(), nil, limits)); err != nil {
		b.notice("the attempt could not be recorded: %s", auth.Message(err))
	}
	return grant.Token, nil
}
