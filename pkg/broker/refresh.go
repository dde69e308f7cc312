package broker

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
)

// refresh locks the account, reads again and asks the vendor if that is still
// needed. seen and before are the token (zero: none) and the attempt that
// were read before the wait.
func (b *Broker) refresh(ctx context.Context, want Want, seen auth.Token, before auth.Attempt) (Result, error) {
	unlock, err := b.Lock(ctx)
	if err != nil {
		return Result{}, err
	}
	defer unlock()

	token, err := b.Store.Token(ctx)
	if err != nil && !auth.Is(err, auth.NotFound) {
		return Result{}, err
	}
	now := b.now()
	valid := err == nil && token.Left(now) >= minLeft
	changed := valid && (seen.Value.IsEmpty() || !token.Value.Equal(seen.Value) || token.IssuedAt.After(seen.IssuedAt))
	if changed || valid && !want.explicit() && token.Left(now) >= want.MinTTL {
		return Result{Token: token}, nil
	}

	creds, err := b.Store.Credentials(ctx)
	if err != nil {
		return Result{}, err
	}
	last := b.lastAttempt()
	if last.CredentialID != creds.ID {
		last = auth.Attempt{}
	}
	switch {
	case last.ID != before.ID && last.Failure != nil:
		return Result{}, stored(last, now) // the attempt that this process waited for
	case blocks(last, now) && (last.Binding || !want.explicit()):
		return Result{}, stored(last, now)
	}

	provider, limits, err := b.Provider()
	if err != nil {
		return Result{}, err
	}
	exchange, cancel := context.WithTimeout(ctx, b.timeout())
	defer cancel()
	token, err = provider.Exchange(exchange, creds)
	return b.settle(ctx, limits, creds, last, token, err)
}

// settle records the outcome of an exchange and saves its token.
func (b *Broker) settle(ctx context.Context, limits Limits, creds auth.Credentials, last auth.Attempt, token auth.Token, err error) (Result, error) {
	interrupted := ctx.Err() != nil
	if interrupted && err != nil {
		// Whoever waits tries for itself: that this process was interrupted
		// says nothing of the vendor.
		return Result{}, interruption(ctx)
	}
	cause := ctx
	ctx = context.WithoutCancel(ctx) // a token that was paid for is kept
	failure := b.withoutOldToken(ctx, asFailure(err))
	attempt := nextAttempt(last, creds.ID, b.now(), failure, limits)
	if err == nil {
		// A holder that was suspended may come back to a newer token.
		if there, readErr := b.Store.Token(ctx); readErr == nil && there.IssuedAt.After(token.IssuedAt) && there.Left(b.now()) >= minLeft {
			return Result{Token: there}, nil
		}
		if saveErr := b.Store.SaveToken(ctx, token); saveErr != nil {
			b.notice("the new token could not be saved: %v", saveErr)
		}
	}
	if saveErr := b.Attempts.SaveAttempt(attempt); saveErr != nil && err != nil {
		b.notice("the failed attempt could not be recorded: %v", saveErr)
	}
	if failure != nil {
		return Result{}, failure
	}
	if interrupted {
		return Result{}, interruption(cause)
	}
	return Result{Token: token, FromVendor: true}, nil
}

// withoutOldToken redacts the stored token in what a vendor said: the
// provider knows only what it was given, and a vendor may name the token that
// it gave before.
func (b *Broker) withoutOldToken(ctx context.Context, failure *auth.Error) *auth.Error {
	if failure == nil || failure.VendorCode+failure.VendorMessage+failure.TraceID == "" {
		return failure
	}
	old, err := b.Store.Token(ctx)
	if err != nil {
		return failure
	}
	f := *failure
	for _, text := range []*string{&f.VendorCode, &f.VendorMessage, &f.TraceID} {
		*text = auth.Printable(*text, old.Value)
	}
	return &f
}

// interruption is the error of a call whose context has ended.
func interruption(ctx context.Context) error {
	return &auth.Error{Kind: auth.Interrupted, Op: "interrupted", Err: context.Cause(ctx)}
}

// Lock waits for the account's lock. A holder that is stopped or suspended
// costs the wait once: after it, everybody meets again at the second lock. A
// lock that cannot be made is no reason to refuse a token.
func (b *Broker) Lock(ctx context.Context) (unlock func(), err error) {
	for _, second := range []bool{false, true} {
		unlock, err = b.Store.Lock(ctx, second, b.lockWait())
		switch {
		case err == nil:
			return unlock, nil
		case ctx.Err() != nil:
			return nil, interruption(ctx)
		case !errors.Is(err, auth.ErrBusy):
			b.notice("going on without a lock: %v", err)
			return func() {}, nil
		case b.CutWait:
			return nil, &auth.Error{
				Kind: auth.Network, Op: "nothing was done within " + b.lockWait().String(), Err: err,
				Hint: "try again with a longer --timeout", Retryable: true,
			}
		case !second:
			b.notice("another hauth process has held the lock for %s; going on beside it", b.lockWait())
		}
	}
	return func() {}, nil
}
