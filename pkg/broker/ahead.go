package broker

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// aheadOf is how long before its end a token is refreshed ahead: 5 minutes,
// or a tenth of a shorter life.
func aheadOf(t auth.Token) time.Duration {
	return min(aheadMost, t.Life()/10)
}

// refreshAhead tries to replace a token that is valid but near its end. It
// never waits for another process, and answers with the valid token whenever
// the new one cannot be had.
func (b *Broker) refreshAhead(ctx context.Context, token auth.Token, want Want) (Result, error) {
	cached := Result{Token: token}
	before := b.lastAttempt()
	if before.CredentialID != token.CredentialID {
		before = auth.Attempt{} // of an earlier login
	}
	if now := b.now(); blocks(before, now) || recent(before, now) {
		return cached, nil
	}
	provider, limits, err := b.Provider()
	if err != nil {
		b.notice("the token is valid for another %s, but cannot be refreshed: %v", token.Left(b.now()).Truncate(time.Second), err)
		return cached, nil
	}
	if limits.Live == 1 {
		return cached, nil // a new token would end the old one, which others are using
	}
	unlock, err := b.Store.Lock(ctx, false, 0)
	if err != nil {
		return cached, nil // busy: somebody is at it already
	}
	defer unlock()

	if there, err := b.Store.Token(ctx); err == nil && there.IssuedAt.After(token.IssuedAt) {
		return Result{Token: there}, nil
	}
	last := b.lastAttempt()
	if last.CredentialID == token.CredentialID && last.ID != before.ID {
		return cached, nil
	}
	creds, err := b.Store.Credentials(ctx)
	if err != nil {
		b.notice("the token is valid for another %s, but cannot be refreshed: %v", token.Left(b.now()).Truncate(time.Second), err)
		return cached, nil
	}
	exchange, cancel := context.WithTimeout(ctx, min(aheadTimeout, b.timeout()))
	defer cancel()
	fresh, err := provider.Exchange(exchange, creds)
	result, err := b.settle(ctx, limits, creds, last, fresh, err)
	if auth.Is(err, auth.Interrupted) {
		return Result{}, err // the person wants no token any more
	}
	if err != nil || result.Token.Left(b.now()) < want.MinTTL {
		if err != nil {
			b.notice("the token is valid for another %s, but could not be refreshed ahead: %v", token.Left(b.now()).Truncate(time.Second), err)
		}
		return cached, nil
	}
	return result, nil
}

// recent reports an attempt so short ago that another one ahead of time is
// not worth a request, whatever came of it: a vendor may be down, or may hand
// out the same token until shortly before its end.
func recent(a auth.Attempt, now time.Time) bool {
	since := now.Sub(a.At)
	return !a.IsZero() && since >= 0 && since < pause
}
