package broker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// refresh locks the account, reads again and asks the vendor if that is still
// needed.
func (b *Broker) refresh(ctx context.Context, want Want, seen call) (Result, error) {
	unlock, err := b.lockToAsk(ctx)
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
	changed := valid && (seen.token.Value.IsEmpty() || !token.Value.Equal(seen.token.Value) || token.IssuedAt.After(seen.token.IssuedAt))
	if changed || valid && !want.explicit() && token.Left(now) >= want.MinTTL {
		return Result{Token: token, From: FromCache}, nil
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
	case last.ID != seen.attempt.ID && last.Failure != nil && !last.At.Before(seen.begun):
		return Result{}, stored(last, now) // the attempt that this process waited for
	case blocks(last, now) && (last.Mandatory || !want.Refresh):
		return Result{}, stored(last, now)
	}

	exchanger, limits, err := b.Exchanger()
	if err != nil {
		return Result{}, err
	}
	grant, err := b.exchange(ctx, exchanger, limits, creds, b.timeout())
	for n := 0; n < maxOvertaken && limits.Rotates && auth.Is(err, auth.Denied) && grant.Rotated == nil; n++ {
		replaced, ok := b.overtaken(ctx, creds)
		if !ok {
			break
		}
		if there, err := b.Store.Token(ctx); err == nil && !there.Value.Equal(token.Value) && there.Left(b.now()) >= max(minLeft, want.MinTTL) {
			return Result{Token: there, From: FromCache}, nil
		}
		creds = replaced
		grant, err = b.exchange(ctx, exchanger, limits, creds, b.timeout())
	}
	return b.settle(ctx, limits, found{token, creds, last}, grant, err)
}

// found is what was there, under the lock, when an exchange began.
type found struct {
	token auth.Token
	creds auth.Credentials
	last  auth.Attempt
}

// maxOvertaken bounds how often one call starts again because others have
// replaced the credentials.
const maxOvertaken = 3

// overtaken waits a moment for credentials that replace the sent ones, which
// the vendor has refused. Another host that shares the home directory, but not
// its locks, may have exchanged them; then it is about to store the new ones.
func (b *Broker) overtaken(ctx context.Context, sent auth.Credentials) (auth.Credentials, bool) {
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		now, err := b.Store.Credentials(ctx)
		if err == nil && !maps.EqualFunc(now.Vars, sent.Vars, auth.Secret.Equal) {
			return now, true
		}
		if pause > 400*time.Millisecond {
			return auth.Credentials{}, false
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return auth.Credentials{}, false
		}
	}
}

// Prover is a Store that can tell, before the vendor is asked, whether it could
// save what the vendor gives. That matters where an exchange replaces the
// credentials: on a read-only or full disk it would lose the account.
type Prover interface {
	Prove(ctx context.Context) error
}

// exchange asks the vendor. Where that replaces the credentials, the store is
// tested first, and the request is not aborted when its caller gives up: its
// response is the only copy of the new ones.
func (b *Broker) exchange(ctx context.Context, exchanger Exchanger, limits auth.Limits, creds auth.Credentials, timeout time.Duration) (auth.Grant, error) {
	if limits.Rotates {
		if p, ok := b.Store.(Prover); ok {
			if err := p.Prove(ctx); err != nil {
				return auth.Grant{}, err
			}
		}
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return exchanger.Exchange(ctx, creds)
}

// settle records the outcome of an exchange and saves what it gave.
func (b *Broker) settle(ctx context.Context, limits auth.Limits, before found, grant auth.Grant, err error) (Result, error) {
	if err != nil && grant.Rotated != nil {
		// There is no token, but the credentials that were sent are no
		// longer valid.
		if saveErr := b.Store.SaveGrant(context.WithoutCancel(ctx), auth.Grant{Rotated: grant.Rotated}); saveErr != nil {
			return Result{}, saveErr
		}
	}
	interrupted := ctx.Err() != nil
	if interrupted && err != nil {
		// The processes that wait make their own attempt, since the
		// interruption of this one says nothing about the vendor.
		return Result{}, interruption(ctx)
	}
	cause := ctx
	ctx = context.WithoutCancel(ctx) // a token that the vendor has issued is always stored
	failure := b.withoutOldToken(ctx, asFailure(err))
	attempt := nextAttempt(before.last, before.creds.ID, b.now(), failure, limits)
	if err == nil {
		stored, err := b.save(ctx, before.token, grant)
		if err != nil {
			return Result{Token: grant.Token, From: FromVendor}, err
		}
		if !stored.Value.IsEmpty() {
			return Result{Token: stored, From: FromCache}, nil
		}
	}
	if saveErr := b.Attempts.SaveAttempt(attempt); saveErr != nil && err != nil {
		b.notice("the failed attempt could not be recorded: %s", auth.Message(saveErr))
	}
	if failure != nil {
		return Result{}, failure
	}
	if interrupted {
		return Result{}, interruption(cause)
	}
	return Result{Token: grant.Token, From: FromVendor}, nil
}

// save stores what the vendor gave. The result is not zero where the store
// holds another token than before, which the vendor issued later: a process
// that was suspended while it held the lock may come back to one. A grant that
// could not be stored is an error only where that loses the account.
func (b *Broker) save(ctx context.Context, before auth.Token, grant auth.Grant) (later auth.Token, err error) {
	there, err := b.Store.Token(ctx)
	if err == nil && grant.Rotated == nil && !there.Value.Equal(before.Value) && there.NewerThan(grant.Token) && there.Left(b.now()) >= minLeft {
		return there, nil
	}
	err = b.Store.SaveGrant(ctx, grant)
	switch {
	case err == nil:
	case auth.IsLost(err):
		return auth.Token{}, err
	default:
		b.notice("the new token could not be saved: %s", auth.Message(err))
	}
	return auth.Token{}, nil
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
	return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted", Err: context.Cause(ctx)}
}

// Lock waits for the account's lock, and goes without one that cannot be made.
func (b *Broker) Lock(ctx context.Context) (unlock func(), err error) {
	unlock, err = b.lock(ctx, b.lockWait())
	var none *noLockError
	if errors.As(err, &none) {
		b.notice("continuing without a lock: %s", auth.Message(none.err))
		return func() {}, nil
	}
	return unlock, err
}

// lockToAsk is Lock before an exchange. Where that replaces the credentials, two
// at once would lose them: there is none without a lock, and none beside a holder
// that seems to be stopped, which may have the new ones in its hands.
func (b *Broker) lockToAsk(ctx context.Context) (unlock func(), err error) {
	_, limits, err := b.Exchanger()
	if err != nil || !limits.Rotates {
		return b.Lock(ctx) // whoever needs the exchanger meets the error again
	}
	unlock, err = b.lock(ctx, min(b.lockWait(), rotatingLockWait))
	var none *noLockError
	switch {
	case errors.As(err, &none):
		return nil, &auth.Error{
			Kind: auth.Store, Fact: "the account's lock cannot be taken, and without it the credentials could be lost", Err: none.err,
			Remedy: auth.RemedyDoctor, Retryable: true,
		}
	case errors.Is(err, auth.ErrBusy) && b.lockWait() > rotatingLockWait:
		e := *asFailure(err)
		e.Remedy = auth.RemedyStopped
		return nil, &e
	}
	return unlock, err
}

// rotatingLockWait is longer than an exchange, and too short for a Store to take
// its second lock.
const rotatingLockWait = auth.MaxLockWait - time.Second

// noLockError says why there is no lock.
type noLockError struct{ err error }

func (e *noLockError) Error() string { return auth.Message(e.err) }

func (b *Broker) lock(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	unlock, err = b.Store.Lock(ctx, wait)
	var needed *LockError
	switch {
	case err == nil:
		return unlock, nil
	case ctx.Err() != nil:
		return nil, interruption(ctx)
	case errors.As(err, &needed):
		return nil, needed.Err
	case errors.Is(err, auth.ErrBusy):
		return nil, &auth.Error{
			Kind: auth.Network, Fact: fmt.Sprintf("timed out after %s", wait), Err: err,
			Remedy: auth.RemedyWait, Retryable: true,
		}
	}
	return nil, &noLockError{err}
}
