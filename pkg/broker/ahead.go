package broker

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// refreshAhead tries to replace a token that is valid but near its end. It
// never waits for another process, and answers with the valid token whenever
// the new one cannot be had.
func (b *Broker) refreshAhead(ctx context.Context, token auth.Token, want Want) (Result, error) {
	cached := Result{Token: token, From: FromCache}
	before := b.lastAttempt()
	if before.CredentialID != token.CredentialID {
		before = auth.Attempt{} // of an earlier login
	}
	if now := b.now(); blocks(before, now) || recent(before, now) {
		return cached, nil
	}
	exchanger, limits, err := b.Exchanger()
	if err != nil {
		b.notice("the token is valid for another %s, but cannot be refreshed: %s", token.Left(b.now()).Truncate(time.Second), auth.Message(err))
		return cached, nil
	}
	if limits.Live == 1 {
		return cached, nil // a new token would end the old one, which others are using
	}
	unlock, err := b.Store.Lock(ctx, 0)
	if err != nil {
		return cached, nil // another process is refreshing it
	}
	defer unlock()

	if there, err := b.Store.Token(ctx); err == nil && there.NewerThan(token) {
		return Result{Token: there, From: FromCache}, nil
	}
	last := b.lastAttempt()
	if last.CredentialID == token.CredentialID && last.ID != before.ID {
		return cached, nil
	}
	creds, err := b.Store.Credentials(ctx)
	if err != nil {
		b.notice("the token is valid for another %s, but cannot be refreshed: %s", token.Left(b.now()).Truncate(time.Second), auth.Message(err))
		return cached, nil
	}
	timeout := min(aheadTimeout, b.timeout())
	if limits.Rotates {
		timeout = b.timeout() // an exchange that is cut off loses the credentials that it would have brought
	}
	grant, err := b.exchange(ctx, exchanger, limits, creds, timeout)
	result, err := b.settle(ctx, limits, found{token, creds, last}, grant, err)
	if auth.Is(err, auth.Interrupted) {
		return Result{}, err // nobody wants the token any more
	}
	if auth.IsLost(err) {
		return result, err
	}
	if err != nil || result.Token.Left(b.now()) < want.MinTTL {
		if err != nil {
			b.notice("the token is valid for another %s, but could not be refreshed early: %s", token.Left(b.now()).Truncate(time.Second), auth.Message(err))
		}
		return cached, nil
	}
	return result, nil
}

// recent reports whether the last attempt was so recent that another one
// before the token expires is not worth a request, whatever the outcome: a
// vendor may be down, or may hand out the same token until shortly before its
// end.
func recent(a auth.Attempt, now time.Time) bool {
	since := now.Sub(a.At)
	return !a.IsZero() && since >= 0 && since < pause
}
