package broker

import (
	"context"
	"fmt"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Exchanger asks a vendor for a token. Exchange neither caches anything nor
// repeats what the vendor refused. Its errors are of type *auth.Error.
type Exchanger interface {
	Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error)
}

// Store keeps one account's records. An error of kind auth.NotFound means
// that there is no such record; any other error means that the store could
// not tell, and is never treated as absence.
//
// SaveGrant stores rotated credentials before the token that came with them.
//
// Lock keeps other processes out for as long as it is held. It returns
// auth.ErrBusy when another process held the lock for the whole wait (0: only
// try), and a [LockError] when an exchange without the lock would do harm. Any
// other error means that no lock can be made, and the exchange goes without.
//
// The contexts of one call carry what it wants; see [WantOf].
type Store interface {
	Token(ctx context.Context) (auth.Token, error)
	Credentials(ctx context.Context) (auth.Credentials, error)
	SaveGrant(ctx context.Context, grant auth.Grant) error
	Lock(ctx context.Context, wait time.Duration) (unlock func(), err error)
}

// LockError is an error of Lock that forbids an exchange without the lock.
type LockError struct{ Err error }

func (e *LockError) Error() string { return auth.Message(e.Err) }

// Unwrap returns the cause, which the caller of Token gets.
func (e *LockError) Unwrap() error { return e.Err }

// Attempts remembers the last time that credentials were sent. The zero
// Attempt means that there was none.
type Attempts interface {
	LastAttempt() (auth.Attempt, error)
	SaveAttempt(auth.Attempt) error
}

// Broker answers for one account. Store, Attempts and Exchanger are needed;
// the other fields' zero values mean the defaults.
type Broker struct {
	Store     Store
	Attempts  Attempts
	Exchanger func() (Exchanger, auth.Limits, error) // called only when a request may be due

	Now      func() time.Time
	Notice   func(string)  // one line for the user
	LockWait time.Duration // for another process's exchange; 25 s
	Timeout  time.Duration // for this process's exchange, its retry included; 20 s
}

// Want is what a caller asks of Token.
type Want struct {
	MinTTL   time.Duration // refresh when less is left
	Refresh  bool          // a new token even though the old one is valid
	IfSHA256 string        // a new token only if the cached one has this digest; see auth.Token.HasSHA256
}

// explicit reports that the caller asked for a new token, rather than for a
// good one.
func (w Want) explicit() bool { return w.Refresh || w.IfSHA256 != "" }

type wantKey struct{}

// WantOf returns the Want of the call of Token that ctx belongs to; zero when
// there is none. A Store that shares tokens between machines needs it: whoever
// asks for a new token must not get a copy that is only good.
func WantOf(ctx context.Context) Want {
	want, _ := ctx.Value(wantKey{}).(Want)
	return want
}

// Origin says where a Result's token came from.
type Origin string

const (
	FromCache       Origin = "cache"
	FromVendor      Origin = "vendor"      // this call asked the vendor
	FromFleet       Origin = "fleet"       // another machine asked the vendor
	FromEnvironment Origin = "environment" // the process inherited it
)

// Result is a token and where it came from.
type Result struct {
	Token   auth.Token
	From    Origin
	Changed bool  // the store held another token, or none, when the call began
	Short   error // why less than Want.MinTTL is left; nil: it is not short
}

const (
	minLeft      = 5 * time.Second // a token with less left counts as expired
	aheadTimeout = 3 * time.Second
	pause        = 30 * time.Second // before the vendor is asked again for what it has just not given
)

// Token returns a token that satisfies want, from the store if it can.
//
// Its errors are the Store's, the Exchanger's, or the stored failure of an
// attempt whose back-off has not passed.
func (b *Broker) Token(ctx context.Context, want Want) (Result, error) {
	ctx = context.WithValue(ctx, wantKey{}, want)
	c := call{begun: b.now()}
	if want.explicit() {
		c.attempt = b.lastAttempt() // before the token: what comes after it is news
	}
	token, err := b.Store.Token(ctx)
	switch {
	case err == nil:
		c.token = token
	case !auth.Is(err, auth.NotFound):
		return Result{}, err
	}
	result, err := b.answer(ctx, want, c)
	result.Changed = err == nil && !result.Token.Value.Equal(c.token.Value)
	return result, err
}

// answer is Token, after the store was read.
func (b *Broker) answer(ctx context.Context, want Want, c call) (Result, error) {
	token := c.token
	now := b.now()
	valid := token.Left(now) >= minLeft
	switch {
	case want.IfSHA256 != "" && valid && !token.HasSHA256(want.IfSHA256):
		return Result{Token: token, From: FromCache}, nil // the token that the caller means is no longer cached
	case want.explicit():
	case valid && token.Left(now) >= want.MinTTL:
		if token.Expiring(now) {
			return b.refreshAhead(ctx, token, want)
		}
		return Result{Token: token, From: FromCache}, nil
	case valid && tooLong(token, want, now):
		return short(token, want, now, nil), nil
	}
	if !want.explicit() {
		c.attempt = b.lastAttempt()
	}
	result, err := b.refresh(ctx, want, c)
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

// call is when a call of Token began, and what it found: the token (zero:
// none) and the attempt.
type call struct {
	begun   time.Time
	token   auth.Token
	attempt auth.Attempt
}

// tooLong reports that a refresh just now gave a token whose whole life is
// shorter than want: another one would be no better.
func tooLong(t auth.Token, want Want, now time.Time) bool {
	return want.MinTTL > t.Life() && now.Sub(t.IssuedAt) < pause
}

// short is the answer when a valid token has less left than was wanted.
func short(t auth.Token, want Want, now time.Time, cause error) Result {
	return Result{Token: t, From: FromCache, Short: &auth.Error{
		Kind: auth.MinTTL,
		Fact: fmt.Sprintf("the token has %s left, less than %s", t.Left(now).Truncate(time.Second), want.MinTTL),
		Err:  cause,
	}}
}

func (r Result) from(other Result) Result {
	r.From = other.From
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
	return auth.MaxLockWait
}

func (b *Broker) timeout() time.Duration {
	if b.Timeout > 0 {
		return b.Timeout
	}
	return auth.MaxExchange
}
