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
	var token auth.Token
	var limits Limits
	if verify {
		provider, l, err := b.Provider()
		if err != nil {
			return auth.Token{}, err
		}
		limits = l
		exchange, cancel := context.WithTimeout(ctx, b.timeout())
		defer cancel()
		token, err = provider.Exchange(exchange, creds)
		if ctx.Err() != nil {
			return auth.Token{}, interruption(ctx)
		}
		if err != nil {
			return auth.Token{}, asFailure(err)
		}
	}
	unlock, err := b.Lock(ctx)
	if err != nil {
		return auth.Token{}, err
	}
	defer unlock()
	if err := store.SaveLogin(ctx, creds, token); err != nil || !verify {
		return token, err
	}
	// login is bound by nothing, but its request counts.
	if err := b.Attempts.SaveAttempt(nextAttempt(auth.Attempt{}, creds.ID, b.now(), nil, limits)); err != nil {
		b.notice("the attempt could not be recorded: %v", err)
	}
	return token, nil
}
