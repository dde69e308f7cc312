package broker

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

const (
	minBackoff = 30 * time.Second
	maxBackoff = 15 * time.Minute
)

// nextAttempt is the record of an attempt that ended at now with failure
// (nil: a token); last is the attempt before it.
func nextAttempt(last auth.Attempt, credentialID string, now time.Time, failure *auth.Error, limits auth.Limits) auth.Attempt {
	a := auth.Attempt{ID: rand.Text(), At: now, CredentialID: credentialID, Failure: failure}
	if failure != nil {
		a.Failures = 1
		if last.Failure != nil && last.Failure.Kind == failure.Kind {
			a.Failures += last.Failures
		}
		switch {
		case failure.RetryAfter > 0:
			a.RetryAt, a.Mandatory = now.Add(failure.RetryAfter), true
		case failure.Kind == auth.Denied, failure.Kind == auth.Throttled:
			a.RetryAt = now.Add(backoff(a.Failures))
		}
	}
	// A request that may not have reached the vendor does not count.
	reached := failure == nil || failure.Kind != auth.Network
	if every := now.Add(limits.Every); reached && limits.Every > 0 && every.After(a.RetryAt) {
		a.RetryAt, a.Mandatory = every, true
	}
	return a
}

// backoff is how long the same credentials are not sent again after that
// many failures in a row.
func backoff(failures int) time.Duration {
	wait := minBackoff
	for i := 1; i < failures && wait < maxBackoff; i++ {
		wait *= 2
	}
	return min(wait, maxBackoff)
}

// blocks reports whether a's back-off is still in force at now. An attempt
// from the future shows that the clock went back, and is ignored.
func blocks(a auth.Attempt, now time.Time) bool {
	return a.RetryAt.After(now) && !a.At.After(now.Add(time.Second))
}

// stored is the error for a call that a's back-off stops, or that waited for
// a: the failure as it was, with the time that is left to wait.
func stored(a auth.Attempt, now time.Time) *auth.Error {
	left := max(0, a.RetryAt.Sub(now))
	if a.Failure == nil {
		return &auth.Error{
			Kind: auth.Throttled, Fact: "the vendor allows no new token yet",
			RetryAfter: left, Retryable: true,
		}
	}
	e := *a.Failure
	e.RetryAfter = left
	return &e
}

// asFailure is err as an *auth.Error, nil for nil. Only what an Exchange
// returns comes here; anything but an *auth.Error is a bug in it.
func asFailure(err error) *auth.Error {
	if err == nil {
		return nil
	}
	if e, ok := auth.AsError(err); ok {
		return e
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &auth.Error{Kind: auth.Network, Fact: "no response in time", Retryable: true}
	}
	return &auth.Error{Kind: auth.Internal, Fact: "no token", Err: err}
}

// lastAttempt reads the attempts. Attempts that cannot be read are ignored:
// the next one replaces them.
func (b *Broker) lastAttempt() auth.Attempt {
	a, err := b.Attempts.LastAttempt()
	if err != nil {
		return auth.Attempt{}
	}
	return a
}
