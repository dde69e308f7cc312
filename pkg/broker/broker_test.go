package broker

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// TestToken combines what is cached with how the store and the vendor
// behave.
func TestToken(t *testing.T) {
	for _, tt := range []struct {
		name      string
		age, life time.Duration // of the cached token; no life: none
		prepare   func(*world)
		want      Want
		value     string // empty: a failure of kind
		kind      auth.Kind
		requests  int
		locked    int
	}{
		{name: "fresh is a hit without a lock", age: time.Minute, life: time.Hour, value: "old"},
		{name: "absent asks", value: "token-1", requests: 1, locked: 1},
		{name: "expired asks", age: time.Hour, life: time.Hour, value: "token-1", requests: 1, locked: 1},
		{name: "four seconds left is expired", age: time.Hour - 4*time.Second, life: time.Hour, value: "token-1", requests: 1, locked: 1},
		{name: "a broken store is not absence", age: time.Minute, life: time.Hour, prepare: func(w *world) { w.loadErr = broken() }, kind: auth.Store},
		{name: "broken credentials", prepare: func(w *world) { w.credsErr = broken() }, kind: auth.Store, locked: 1},
		{name: "no lock can be made", prepare: func(w *world) { w.lockErr = errors.New("read-only") }, value: "token-1", requests: 1, locked: 1},
		{name: "a token that cannot be saved is still the answer", prepare: func(w *world) { w.saveErr = broken() }, value: "token-1", requests: 1, locked: 1},
		{name: "a ledger that cannot be written", prepare: func(w *world) { w.ledgerErr = errors.New("full") }, value: "token-1", requests: 1, locked: 1},
		{name: "refused", prepare: func(w *world) { w.refuse = denied() }, kind: auth.Denied, requests: 1, locked: 1},
		{name: "expired and the vendor down", age: time.Hour, life: time.Hour, prepare: func(w *world) { w.refuse = down() }, kind: auth.Network, requests: 1, locked: 1},
		{name: "enough for min-ttl", age: time.Minute, life: time.Hour, want: Want{MinTTL: 50 * time.Minute}, value: "old"},
		{name: "not enough for min-ttl", age: 20 * time.Minute, life: time.Hour, want: Want{MinTTL: 50 * time.Minute}, value: "token-1", requests: 1, locked: 1},
		{name: "min-ttl and the vendor down", age: 20 * time.Minute, life: time.Hour, want: Want{MinTTL: 50 * time.Minute}, prepare: func(w *world) { w.refuse = down() }, value: "old", requests: 1, locked: 1},
		{name: "min-ttl and broken credentials", age: 20 * time.Minute, life: time.Hour, want: Want{MinTTL: 50 * time.Minute}, prepare: func(w *world) { w.credsErr = broken() }, value: "old", locked: 1},
		{name: "refresh replaces a valid one", age: time.Minute, life: time.Hour, want: Want{Refresh: true}, value: "token-1", requests: 1, locked: 1},
		{name: "a failed refresh is a failure", age: time.Minute, life: time.Hour, want: Want{Refresh: true}, prepare: func(w *world) { w.refuse = down() }, kind: auth.Network, requests: 1, locked: 1},
		{name: "compare: another one already", age: time.Minute, life: time.Hour, want: Want{IfSHA256: auth.NewSecret("older").SHA256()}, value: "old"},
		{name: "compare: still the same", age: time.Minute, life: time.Hour, want: Want{IfSHA256: auth.NewSecret("old").SHA256()}, value: "token-1", requests: 1, locked: 1},
		{name: "compare: none", want: Want{IfSHA256: auth.NewSecret("old").SHA256()}, value: "token-1", requests: 1, locked: 1},
		{name: "clock behind the issue", age: -time.Hour, life: 2 * time.Hour, value: "token-1", requests: 1, locked: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				if tt.life != 0 {
					w.give("old", tt.age, tt.life)
				}
				if tt.prepare != nil {
					tt.prepare(w)
				}
				if tt.value != "" {
					w.want(t, tt.want, tt.value)
				} else {
					w.fails(t, tt.want, tt.kind)
				}
				w.asked(t, tt.requests)
				if w.locked != tt.locked {
					t.Errorf("%d locks, want %d", w.locked, tt.locked)
				}
			})
		})
	}
}

func TestHitReadsOnce(t *testing.T) {
	w := newWorld()
	w.give("old", 0, time.Hour)
	b := w.broker()
	b.Exchanger = func() (Exchanger, auth.Limits, error) {
		t.Error("the provider was opened")
		return w, auth.Limits{}, nil
	}
	if _, err := b.Token(t.Context(), Want{}); err != nil {
		t.Fatal(err)
	}
	if w.loads != 1 || w.locked != 0 {
		t.Errorf("%d loads and %d locks, want 1 and 0", w.loads, w.locked)
	}
}

// TestHerd has many processes find the same thing at the same time.
func TestHerd(t *testing.T) {
	for _, tt := range []struct {
		name    string
		prepare func(*world)
		want    Want
		kind    auth.Kind // with fail
		fail    bool
	}{
		{name: "absent"},
		{name: "expired", prepare: func(w *world) { w.give("old", time.Hour, time.Hour) }},
		{name: "too old for min-ttl", prepare: func(w *world) { w.give("old", 30*time.Minute, time.Hour) }, want: Want{MinTTL: 45 * time.Minute}},
		{name: "min-ttl beyond any life", prepare: func(w *world) { w.give("old", 30*time.Minute, time.Hour) }, want: Want{MinTTL: 3 * time.Hour}},
		{name: "refresh", prepare: func(w *world) { w.give("old", 0, time.Hour) }, want: Want{Refresh: true}},
		{name: "compare and refresh", prepare: func(w *world) { w.give("old", 0, time.Hour) }, want: Want{IfSHA256: auth.NewSecret("old").SHA256()}},
		{name: "the same token again", prepare: func(w *world) { w.give("token-same", 30*time.Minute, time.Hour); w.same = true }, want: Want{Refresh: true}},
		{name: "denied", prepare: func(w *world) { w.refuse = denied() }, fail: true, kind: auth.Denied},
		{name: "down", prepare: func(w *world) { w.refuse = down() }, fail: true, kind: auth.Network},
		{name: "refresh while down", prepare: func(w *world) { w.give("old", 0, time.Hour); w.refuse = down() }, want: Want{Refresh: true}, fail: true, kind: auth.Network},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.took = time.Second
				if tt.prepare != nil {
					tt.prepare(w)
				}
				var group sync.WaitGroup
				values := make(chan string, 200)
				for range 200 {
					group.Go(func() {
						r, err := w.broker().Token(t.Context(), tt.want)
						switch {
						case tt.fail && !auth.Is(err, tt.kind):
							t.Errorf("got %v, want a failure of kind %s", err, tt.kind.Code())
						case !tt.fail && err != nil:
							t.Error(err)
						}
						values <- r.Token.Value.Reveal()
					})
				}
				group.Wait()
				close(values)
				w.asked(t, 1)
				first := <-values
				for v := range values {
					if v != first {
						t.Fatalf("two values: %s and %s", first, v)
					}
				}
			})
		})
	}
}

// TestStoppedHolder: a holder that never releases the lock costs one wait
// and one request, not one per process.
func TestStoppedHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.took = time.Second
		w.locks[0] <- struct{}{}
		begin := time.Now()
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() { w.want(t, Want{}, "token-1") })
		}
		group.Wait()
		w.asked(t, 1)
		if took := time.Since(begin); took < 25*time.Second || took > 27*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestShortLockWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.locks[0] <- struct{}{}
		b := w.broker()
		b.LockWait = 3 * time.Second
		if _, err := b.Token(t.Context(), Want{}); !auth.Is(err, auth.Network) {
			t.Errorf("got %v, want kind network", err)
		}
		w.asked(t, 0)
	})
}

// TestLateHolder: a holder that was suspended must not replace the newer
// token with its old one.
func TestLateHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.took = time.Second
		w.onAsk = func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.token = auth.Token{Value: auth.NewSecret("newer"), IssuedAt: w.now().Add(time.Millisecond), ExpiresAt: w.now().Add(time.Hour)}
		}
		w.want(t, Want{}, "newer")
	})
}

// TestClockSteppedBack: the token that an exchange is to replace is not taken for
// one that came meanwhile, though the clock says that it is the newer one.
func TestClockSteppedBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		old := auth.NewSecret("dead")
		w.token = auth.Token{Value: old, IssuedAt: w.now().Add(time.Second), ExpiresAt: w.now().Add(time.Hour)}
		w.want(t, Want{IfSHA256: old.SHA256()}, "token-1")
		w.want(t, Want{}, "token-1")
	})
}

func TestInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.took = time.Minute
		ctx, cancel := context.WithCancel(t.Context())
		w.onAsk = cancel
		if _, err := w.broker().Token(ctx, Want{}); !auth.Is(err, auth.Interrupted) {
			t.Errorf("got %v, want kind interrupted", err)
		}
		if !w.attempt.IsZero() {
			t.Error("an interrupted attempt must not bind others")
		}
	})
}

func TestExchangeIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.took = time.Hour
		begin := time.Now()
		w.fails(t, Want{}, auth.Network)
		if took := time.Since(begin); took != 20*time.Second {
			t.Errorf("it took %s, want 20s", took)
		}
	})
}

// TestInterruptedAfterTheAnswer: a token that the vendor has issued is
// stored for the next call.
func TestInterruptedAfterTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		ctx, cancel := context.WithCancel(t.Context())
		b := w.broker()
		b.Exchanger = func() (Exchanger, auth.Limits, error) { return cancelling{w, cancel}, auth.Limits{}, nil }
		if _, err := b.Token(ctx, Want{}); !auth.Is(err, auth.Interrupted) {
			t.Errorf("got %v, want kind interrupted", err)
		}
		w.want(t, Want{}, "token-1")
		w.asked(t, 1)
	})
}

// cancelling ends the caller's context with the answer.
type cancelling struct {
	Exchanger
	cancel func()
}

func (c cancelling) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	defer c.cancel()
	return c.Exchanger.Exchange(ctx, creds)
}

// TestVendorNamesTheOldToken: a vendor may say which token it has revoked.
func TestVendorNamesTheOldToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.give("old-token-value", time.Hour, time.Hour)
		w.refuse = &auth.Error{Kind: auth.Denied, Fact: "refused", VendorMessage: "token old-token-value is revoked", TraceID: "old-token-value"}
		e := w.fails(t, Want{}, auth.Denied)
		if strings.Contains(e.Error(), "old-token-value") || strings.Contains(w.attempt.Failure.Error(), "old-token-value") {
			t.Errorf("it is repeated: %v", e)
		}
	})
}

// TestLockNeeded: a [LockError] ends the call, whatever the vendor's limits.
func TestLockNeeded(t *testing.T) {
	w := newWorld()
	cause := &auth.Error{Kind: auth.Store, Fact: "the engine is down", Retryable: true}
	w.lockErr = &LockError{Err: cause}
	if e := w.fails(t, Want{}, auth.Store); e != cause {
		t.Errorf("got %v", e)
	}
	w.asked(t, 0)
}

// TestWantOf: a Store can see what the call wants.
func TestWantOf(t *testing.T) {
	w := newWorld()
	want := Want{MinTTL: time.Minute, Refresh: true}
	var seen []Want
	b := w.broker()
	b.Store = wantSpy{w, func(got Want) { seen = append(seen, got) }}
	if _, err := b.Token(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if len(seen) < 2 {
		t.Fatalf("the store was asked %d times", len(seen))
	}
	for _, got := range seen {
		if got != want {
			t.Errorf("the store sees %+v", got)
		}
	}
	if got := WantOf(t.Context()); got != (Want{}) {
		t.Errorf("without a call: %+v", got)
	}
}

type wantSpy struct {
	*world
	saw func(Want)
}

func (s wantSpy) Token(ctx context.Context) (auth.Token, error) {
	s.saw(WantOf(ctx))
	return s.world.Token(ctx)
}

func (s wantSpy) Lock(ctx context.Context, wait time.Duration) (func(), error) {
	s.saw(WantOf(ctx))
	return s.world.Lock(ctx, wait)
}

// TestOldFailureIsNotTheOneWaitedFor has an attempt come in while the call
// waits for the lock that ended before the call began, as one of another
// machine can. Its back-off binds; the failure alone does not.
func TestOldFailureIsNotTheOneWaitedFor(t *testing.T) {
	for _, tt := range []struct {
		name string
		left time.Duration // of the back-off
		want Want
		asks bool
	}{
		{"passed", -time.Second, Want{}, true},
		{"binding", time.Minute, Want{}, false},
		{"binding, compare", time.Minute, Want{IfSHA256: "x"}, false},
		{"binding, refresh", time.Minute, Want{Refresh: true}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.locks[0] <- struct{}{}
				time.AfterFunc(time.Second, func() {
					w.mu.Lock()
					defer w.mu.Unlock()
					w.attempt = auth.Attempt{
						ID: "theirs", At: w.now().Add(-10 * time.Second), CredentialID: w.creds.ID, RetryAt: w.now().Add(tt.left),
						Failure: &auth.Error{Kind: auth.Denied, Fact: "refused"},
					}
					<-w.locks[0]
				})
				if tt.asks {
					w.want(t, tt.want, "token-1")
				} else {
					w.fails(t, tt.want, auth.Denied)
				}
			})
		})
	}
}

// rotating is a vendor that replaces the credentials with each token.
type rotating struct {
	*world
	failure error
}

func (r rotating) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	grant, err := r.world.Exchange(ctx, creds)
	if err != nil {
		return grant, err
	}
	next := creds
	next.Vars = map[string]auth.Secret{"refresh_token": auth.NewSecret("next")}
	grant.Rotated = &next
	if r.failure != nil {
		grant.Token = auth.Token{}
	}
	return grant, r.failure
}

// TestRotatedCredentialsAreKept: whatever happens to the token, the credentials
// that the vendor gave are stored; if they cannot be stored, the vendor is not
// asked.
func TestRotatedCredentialsAreKept(t *testing.T) {
	for name, failure := range map[string]error{"with a token": nil, "without a usable one": &auth.Error{Kind: auth.Vendor, Fact: "no usable expiry"}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.limits = auth.Limits{Rotates: true}
			b := w.broker()
			b.Exchanger = func() (Exchanger, auth.Limits, error) { return rotating{w, failure}, w.limits, nil }
			_, err := b.Token(t.Context(), Want{})
			if (err == nil) != (failure == nil) {
				t.Fatal(err)
			}
			if got := w.creds.Vars["refresh_token"].Reveal(); got != "next" {
				t.Errorf("the stored refresh token is %q", got)
			}
		})
	}
	w := newWorld()
	w.limits = auth.Limits{Rotates: true}
	b := w.broker()
	b.Store = unproven{w}
	b.Exchanger = func() (Exchanger, auth.Limits, error) { return rotating{w, nil}, w.limits, nil }
	if _, err := b.Token(t.Context(), Want{}); !auth.Is(err, auth.Store) {
		t.Errorf("a store that cannot be written: %v", err)
	}
	w.asked(t, 0)
}

// TestRefusedBecauseOvertaken has another host, which shares the home but not
// its locks, exchange the credentials while this one asks. The new ones are
// used, at the latest after they have been stored.
func TestRefusedBecauseOvertaken(t *testing.T) {
	for _, tt := range []struct {
		name     string
		after    time.Duration // until the other host has stored what it got
		token    bool          // it has stored its token, too
		requests int
		value    string
	}{
		{"token stored", 0, true, 1, "theirs"},
		{"token stored later", 200 * time.Millisecond, true, 1, "theirs"},
		{"killed before the token", 0, false, 2, "token-2"},
		{"nobody else", time.Hour, false, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.limits = auth.Limits{Rotates: true}
				w.creds.Vars = map[string]auth.Secret{"refresh_token": auth.NewSecret("first")}
				store := func() {
					w.mu.Lock()
					defer w.mu.Unlock()
					w.creds.Vars = map[string]auth.Secret{"refresh_token": auth.NewSecret("next")}
					if tt.token {
						w.give("theirs", 0, time.Hour)
					}
				}
				b := w.broker()
				b.Exchanger = func() (Exchanger, auth.Limits, error) {
					return onlyFor{w, "next", func() { time.AfterFunc(tt.after, store) }}, w.limits, nil
				}
				r, err := b.Token(t.Context(), Want{})
				if tt.value == "" {
					if !auth.Is(err, auth.Denied) {
						t.Errorf("err = %v", err)
					}
				} else if err != nil || r.Token.Value.Reveal() != tt.value {
					t.Errorf("%s, %v; want %s", r.Token.Value.Reveal(), err, tt.value)
				}
				w.asked(t, tt.requests)
			})
		})
	}
}

// onlyFor is a vendor that knows one refresh token.
type onlyFor struct {
	*world
	current string
	refused func()
}

func (o onlyFor) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	grant, err := o.world.Exchange(ctx, creds)
	if creds.Vars["refresh_token"].Reveal() != o.current {
		o.refused()
		return auth.Grant{}, &auth.Error{Kind: auth.Denied, Fact: "refused"}
	}
	return grant, err
}

type unproven struct{ *world }

func (unproven) Prove(context.Context) error {
	return &auth.Error{Kind: auth.Store, Fact: "read-only file system"}
}

// TestLostCredentials: where the new credentials could not be stored, the token
// that came with them is given all the same, with the error, whatever the old
// one is still good for. A token alone that could not be stored is a notice.
func TestLostCredentials(t *testing.T) {
	lost := auth.Lost(errors.New("no space left on device"))
	for name, tt := range map[string]struct {
		age  time.Duration // of the old token, which lives for an hour; 0: there is none
		want Want
	}{
		"no token": {0, Want{}}, "refresh": {time.Minute, Want{Refresh: true}}, "more life": {30 * time.Minute, Want{MinTTL: 50 * time.Minute}},
		"ahead": {56 * time.Minute, Want{}},
	} {
		for _, saveErr := range []error{lost, &auth.Error{Kind: auth.Store, Fact: "no space for the token"}} {
			t.Run(name+", "+auth.Message(saveErr), func(t *testing.T) {
				w := newWorld()
				w.limits = auth.Limits{Rotates: true}
				if tt.age > 0 {
					w.give("old", tt.age, time.Hour)
				}
				w.saveErr = saveErr
				b := w.broker()
				b.Exchanger = func() (Exchanger, auth.Limits, error) { return rotating{w, nil}, w.limits, nil }
				r, err := b.Token(t.Context(), tt.want)
				if auth.IsLost(saveErr) != auth.IsLost(err) || !auth.IsLost(saveErr) && (err != nil || len(w.notices) == 0) {
					t.Errorf("%v, notices %q", err, w.notices)
				}
				if value := r.Token.Value.Reveal(); value == "" || value == "old" {
					t.Errorf("the token is %q", value)
				}
				w.asked(t, 1)
			})
		}
	}
}

// TestLoginThatLosesCredentials: what was typed is dead, and the error says so.
// Without a lock, and without a store that can be written, nothing is sent.
func TestLoginThatLosesCredentials(t *testing.T) {
	login := func(w *world, store func(*world) LoginStore) error {
		w.limits = auth.Limits{Rotates: true}
		b := w.broker()
		b.Store = store(w)
		b.Exchanger = func() (Exchanger, auth.Limits, error) { return rotating{w, nil}, w.limits, nil }
		_, err := b.Login(t.Context(), store(w), w.creds, true)
		return err
	}
	plain := func(w *world) LoginStore { return w }
	w := newWorld()
	w.saveErr = errors.New("no space left on device")
	if err := login(w, plain); !auth.IsLost(err) {
		t.Errorf("not stored: %v", err)
	}
	w.asked(t, 1)
	w = newWorld()
	w.lockErr = errors.New("is a directory")
	if err := login(w, plain); !auth.Is(err, auth.Store) || auth.IsLost(err) {
		t.Errorf("no lock: %v", err)
	}
	w.asked(t, 0)
	w = newWorld()
	if err := login(w, func(w *world) LoginStore { return unproven{w} }); !auth.Is(err, auth.Store) || auth.IsLost(err) {
		t.Errorf("not writable: %v", err)
	}
	w.asked(t, 0)
}
