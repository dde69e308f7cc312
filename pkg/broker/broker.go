package broker

import (
	"context"
	"fmt"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Provider sells tokens. Exchange neither caches nor repeats a refusal.
type Provider interface {
	Exchange(ctx context.Context, creds auth.Credentials) (auth.Token, error)
}

// Limits are what a vendor allows, zero meaning no limit.
type Limits struct {
	Live  int           // tokens alive at once
	Every time.Duration // shortest time between two requests
}

// Store rests one account's records. An error of kind auth.NotFound means
// that there is no such record; any other error means that the store could
// not say, and is never treated as absence.
//
// Lock keeps other processes out. It returns auth.ErrBusy when another holds
// the lock for the whole wait (zero: only try). The second lock is the one
// that those take who have waited in vain for the first.
type Store interface {
	Token(ctx context.Context) (auth.Token, error)
	Credentials(ctx context.Context) (auth.Credentials, error)
	SaveToken(ctx context.Context, token auth.Token) error
	Lock(ctx context.Context, second bool, wait time.Duration) (unlock func(), err error)
}

// Attempts remembers the last time that credentials were sent. The zero
// Attempt is none.
type Attempts interface {
	LastAttempt() (auth.Attempt, error)
	SaveAttempt(auth.Attempt) error
}

// Broker answers for one account. Store, Attempts and Provider are needed;
// the other fields' zero values mean the defaults.
type Broker struct {
	Store    Store
	Attempts Attempts
	Provider func() (Provider, Limits, error) // called only when a request may be due

	Now      func() time.Time
	Notice   func(string)  // a line for the person
	LockWait time.Duration // for another process's exchange; 25 s
	Timeout  time.Duration // for this process's exchange, its retry included; 20 s
	CutWait  bool          // a wait that LockWait cut short is an error, not a takeover
}

// Want is what a caller asks of Token.
type Want struct {
	MinTTL   time.Duration // refresh when less is left
	Refresh  bool          // a new token even though the old one is valid
	IfSHA256 string        // a new token only if the cached one has this SHA-256, lower-case hexadecimal
}

// explicit reports that the caller asked for a new token, rather than for a
// good one.
func (w Want) explicit() bool { return w.Refresh || w.IfSHA256 != "" }

// Result is a token and how it was come by.
type Result struct {
	Token      auth.Token
	FromVendor bool  // this call asked the vendor
	Short      error // why less than Want.MinTTL is left; nil: it is not short
}

const (
	minLeft         = 5 * time.Second // less is as good as expired
	defaultLockWait = 25 * time.Second
	defaultTimeout  = 20 * time.Second
	aheadTimeout    = 3 * time.Second
	aheadMost       = 5 * time.Minute
	pause           = 30 * time.Second // before the vendor is asked again for what it has just not given
)

// Token returns a token that satisfies want, from the store if it can.
//
// Its errors are the Store's, the Provider's, or the stored failure of an
// attempt whose back-off has not passed.
func (b *Broker) Token(ctx context.Context, want Want) (Result, error) {
	var before auth.Attempt
	if want.explicit() {
		before = b.lastAttempt() // before the token: what comes after it is news
	}
	token, err := b.Store.Token(ctx)
	if err != nil && !auth.Is(err, auth.NotFound) {
		return Result{}, err
	}
	now := b.now()
	valid := err == nil && token.Left(now) >= minLeft
	switch {
	case want.IfSHA256 != "" && valid && token.Value.SHA256() != want.IfSHA256:
		return Result{Token: token}, nil // somebody was faster
	case want.explicit():
	case valid && token.Left(now) >= want.MinTTL:
		if token.Left(now) < aheadOf(token) {
			return b.refreshAhead(ctx, token, want)
		}
		return Result{Token: token}, nil
	case valid && tooLong(token, want, now):
		return short(token, want, now, nil), nil
	}
	if !want.explicit() {
		before = b.lastAttempt()
	}
	result, err := b.refresh(ctx, want, token, before)
	now = b.now()
	switch {
	case err == nil && result.Token.Left(now) < want.MinTTL:
		return short(result.Token, want, now, nil).from(result), nil
	case err == nil:
		return result, nil
	case valid && !want.explicit() && token.Left(now) >= minLeft && !auth.Is(err, auth.Interrupted):
		return short(token, want, now, err), nil
	}
	return Result{}, err
}

// tooLong reports that a refresh just now gave a token whose whole life is
// shorter than want: another one would be no better.
func tooLong(t auth.Token, want Want, now time.Time) bool {
	return want.MinTTL > t.Life() && now.Sub(t.IssuedAt) < pause
}

// short is the answer when a valid token has less left than was wanted.
func short(t auth.Token, want Want, now time.Time, cause error) Result {
	return Result{Token: t, Short: &auth.Error{
		Kind: auth.MinTTL,
		Op:   fmt.Sprintf("the token has %s left, less than %s", t.Left(now).Truncate(time.Second), want.MinTTL),
		Err:  cause,
	}}
}

func (r Result) from(other Result) Result {
	r.FromVendor = other.FromVendor
	return r
}

func (b *Broker) now() time.Time {
	if b.Now != nil {
		return b.Now().Round(0) // without the monotonic reading, which stands still in suspend
	}
	return time.Now().Round(0)
}

func (b *Broker) notice(format string, args ...any) {
	if b.Notice != nil {
		b.Notice(fmt.Sprintf(format, args...))
	}
}

func (b *Broker) lockWait() time.Duration {
	if b.LockWait > 0 {
		return b.LockWait
	}
	return defaultLockWait
}

func (b *Broker) timeout() time.Duration {
	if b.Timeout > 0 {
		return b.Timeout
	}
	return defaultTimeout
}
