package broker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// world is what several brokers, as so many processes, share: one store, one
// ledger, one vendor. Its clock is the test's own, so that it can step.
type world struct {
	mu      sync.Mutex
	offset  time.Duration
	token   auth.Token
	creds   auth.Credentials
	attempt auth.Attempt
	locks   [2]chan struct{} // a full one is held; the second is for those who waited in vain for the first

	loadErr, credsErr, saveErr, lockErr, ledgerErr error

	requests int
	took     time.Duration // a request's
	life     time.Duration
	refuse   error
	same     bool // the vendor gives the same token again
	limits   auth.Limits
	onAsk    func()

	loads   int
	locked  int
	notices []string
}

func newWorld() *world {
	return &world{
		creds: auth.Credentials{ID: "creds-1", Endpoint: "https://vendor.example"},
		locks: [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)},
		life:  time.Hour,
	}
}

func (w *world) now() time.Time { return time.Now().Add(w.offset) }

// give puts a token into the store: issued age ago, living for life.
func (w *world) give(value string, age, life time.Duration) {
	issued := w.now().Add(-age)
	w.token = auth.Token{Value: auth.NewSecret(value), IssuedAt: issued, ExpiresAt: issued.Add(life), CredentialID: w.creds.ID}
}

func (w *world) Token(context.Context) (auth.Token, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loads++
	if w.loadErr != nil {
		return auth.Token{}, w.loadErr
	}
	if w.token.Value.IsEmpty() {
		return auth.Token{}, &auth.Error{Kind: auth.NotFound, Fact: "no token"}
	}
	return w.token, nil
}

func (w *world) Credentials(context.Context) (auth.Credentials, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.creds, w.credsErr
}

func (w *world) SaveGrant(ctx context.Context, g auth.Grant) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err() // a store may give up when nobody waits any more
	}
	if w.saveErr == nil {
		w.token = g.Token
		if g.Rotated != nil {
			w.creds = *g.Rotated
		}
	}
	return w.saveErr
}

func (w *world) SaveLogin(_ context.Context, c auth.Credentials, t auth.Token) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.saveErr == nil {
		w.creds, w.token, w.attempt = c, t, auth.Attempt{}
	}
	return w.saveErr
}

func (w *world) Lock(ctx context.Context, wait time.Duration) (func(), error) {
	w.mu.Lock()
	err := w.lockErr
	w.locked++
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	for _, lock := range w.locks {
		select {
		case lock <- struct{}{}:
			return func() { <-lock }, nil
		default:
		}
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case lock <- struct{}{}:
			return func() { <-lock }, nil
		case <-timer.C:
			if wait < auth.MaxLockWait {
				return nil, auth.ErrBusy
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, errors.New("both locks are held")
}

func (w *world) LastAttempt() (auth.Attempt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.attempt, w.ledgerErr
}

func (w *world) SaveAttempt(a auth.Attempt) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ledgerErr == nil {
		w.attempt = a
	}
	return w.ledgerErr
}

func (w *world) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	w.mu.Lock()
	w.requests++
	n, took, hook := w.requests, w.took, w.onAsk
	issued := w.now()
	w.mu.Unlock()
	if hook != nil {
		hook()
	}
	timer := time.NewTimer(took)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return auth.Grant{}, &auth.Error{Kind: auth.Network, Fact: "no answer in time", Retryable: true}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return auth.Grant{}, w.refuse
	}
	value := fmt.Sprintf("token-%d", n)
	if w.same {
		value = "token-same"
	}
	return auth.Grant{Token: auth.Token{
		Value: auth.NewSecret(value), IssuedAt: issued, ExpiresAt: issued.Add(w.life),
		Endpoint: creds.Endpoint, CredentialID: creds.ID,
	}}, nil
}

func (w *world) broker() *Broker {
	return &Broker{
		Store: w, Attempts: w, Now: w.now,
		Exchanger: func() (Exchanger, auth.Limits, error) { return w, w.limits, nil },
		Notice: func(s string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.notices = append(w.notices, s)
		},
	}
}

// want asks a broker of w and expects a token.
func (w *world) want(t *testing.T, want Want, value string) Result {
	t.Helper()
	r, err := w.broker().Token(t.Context(), want)
	if err != nil {
		t.Fatalf("Token(%+v) failed: %v", want, err)
	}
	if got := r.Token.Value.Reveal(); got != value {
		t.Fatalf("Token(%+v) = %s, want %s", want, got, value)
	}
	return r
}

// fails asks a broker of w and expects a failure.
func (w *world) fails(t *testing.T, want Want, kind auth.Kind) *auth.Error {
	t.Helper()
	r, err := w.broker().Token(t.Context(), want)
	if err == nil {
		t.Fatalf("Token(%+v) = %s, want a failure", want, r.Token.Value.Reveal())
	}
	e, ok := auth.AsError(err)
	if !ok || e.Kind != kind {
		t.Fatalf("Token(%+v) failed with %v, want kind %s", want, err, kind.Code())
	}
	return e
}

func (w *world) asked(t *testing.T, n int) {
	t.Helper()
	if w.requests != n {
		t.Fatalf("%d requests, want %d", w.requests, n)
	}
}

func denied() error { return &auth.Error{Kind: auth.Denied, Fact: "refused", VendorCode: "401"} }
func down() error   { return &auth.Error{Kind: auth.Network, Fact: "down", Retryable: true} }
func broken() error { return &auth.Error{Kind: auth.Store, Fact: "locked"} }
func throttled() error {
	return &auth.Error{Kind: auth.Throttled, Fact: "wait", RetryAfter: 40 * time.Second}
}
