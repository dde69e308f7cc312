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
//
// The lock is held while the two are stored, and at a vendor that replaces the
// credentials while it is asked: what cannot be stored must not be asked for.
func (b *Broker) Login(ctx context.Context, store LoginStore, creds auth.Credentials, verify bool) (auth.Token, error) {
	p := proof{creds: creds}
	if verify {
		exchanger, limits, err := b.Exchanger()
		if err != nil {
			return auth.Token{}, err
		}
		if p.limits = limits; limits.Rotates {
			unlock, err := b.lockToAsk(ctx)
			if err != nil {
				return auth.Token{}, err
			}
			defer unlock()
		}
		if err := b.prove(ctx, exchanger, &p); err != nil {
			return auth.Token{}, err
		}
	}
	if p.replaced {
		ctx = context.WithoutCancel(ctx) // what was typed is dead; what replaces it must be stored
	}
	if !p.limits.Rotates {
		unlock, err := b.Lock(ctx)
		if err != nil {
			return auth.Token{}, err
		}
		defer unlock()
	}
	if err := store.SaveLogin(ctx, p.creds, p.token); err != nil || !verify {
		return p.token, p.orLost(err)
	}
	if p.failure != nil {
		return auth.Token{}, p.failure
	}
	// No back-off holds a login up, but its request counts.
	if err := b.Attempts.SaveAttempt(nextAttempt(auth.Attempt{}, p.creds.ID, b.now(), nil, p.limits)); err != nil {
		b.notice("the attempt could not be recorded: %s", auth.Message(err))
	}
	return p.token, nil
}

// proof is what a login has to store.
type proof struct {
	creds    auth.Credentials
	limits   auth.Limits
	token    auth.Token
	replaced bool        // creds are not those that were given, which are dead
	failure  *auth.Error // of an exchange that has replaced them all the same
}

// prove fetches a token.
func (b *Broker) prove(ctx context.Context, exchanger Exchanger, p *proof) error {
	grant, err := b.exchange(ctx, exchanger, p.limits, p.creds, b.timeout())
	switch {
	case grant.Rotated != nil:
		p.creds, p.replaced, p.failure = *grant.Rotated, true, asFailure(err)
	case ctx.Err() != nil:
		return interruption(ctx)
	case err != nil:
		return asFailure(err)
	}
	p.token = grant.Token
	return nil
}

// orLost is err, of a save.
func (p proof) orLost(err error) error {
	if err != nil && p.replaced {
		return auth.Lost(err)
	}
	return err
}
