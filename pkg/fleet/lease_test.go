package fleet

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// start runs p in the background.
func (p *process) start(t *testing.T, want broker.Want) (wait func() (string, error)) {
	var group sync.WaitGroup
	var r broker.Result
	var err error
	group.Go(func() { r, err = p.broker(p.store(Target{Scheme: "fake"})).Token(t.Context(), want) })
	return func() (string, error) {
		group.Wait()
		return r.Token.Value.Reveal(), err
	}
}

// TestHolderKilled kills the process that has the lease at several moments.
// The other machines wait until the lease runs out, and ask once.
func TestHolderKilled(t *testing.T) {
	for _, tt := range []struct {
		name  string
		when  func(w *world, kill func())
		asked int
	}{
		{"before its request", func(w *world, kill func()) { kill() }, 2},
		{"waiting for the answer", func(w *world, kill func()) { time.AfterFunc(100*time.Millisecond, kill) }, 2},
		{"before it shares the token", func(w *world, kill func()) {
			w.engine.onSwap = func(n int) swap {
				if n == 2 {
					go kill()
					return lost
				}
				return fine
			}
		}, 2},
		{"after it shared the token", func(w *world, kill func()) {
			w.engine.onSwap = func(n int) swap {
				if n == 2 {
					go kill()
					return applied
				}
				return fine
			}
		}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 3, auth.Limits{Live: 1})
				begun := time.Now()
				p := &process{m: w.machines[0]}
				w.vendor.before = func(n int) {
					if n == 1 {
						tt.when(w, func() { p.kill() })
					}
				}
				wait := p.start(t, broker.Want{})
				time.Sleep(10 * time.Millisecond)
				out := w.herd(20, broker.Want{})
				// The killed one's machine may have the token that it did not share.
				if out["token-1"]+out["token-2"] != 60 {
					t.Errorf("got %v", out)
				}
				w.asked(tt.asked)
				if took := time.Since(begun); took > lease+2*time.Second+w.vendor.took {
					t.Errorf("it took %s", took)
				}
				wait()
				if tt.asked == 2 {
					w.machines[0].token = auth.Token{} // the killed one may have saved what it got
					w.machines[0].gets(t, broker.Want{}, "token-2")
				}
				w.alive()
			})
		})
	}
}

// TestHolderStopped stops the process that has the lease for longer than that,
// before its request, between request and answer, or with its request on the
// way. Another machine gets a token meanwhile. All end on the live one.
func TestHolderStopped(t *testing.T) {
	for _, tt := range []struct {
		name string
		hold func(w *world)
		live string
	}{
		{"the stopped one is issued last", func(w *world) {
			w.vendor.before = func(n int) {
				if n == 1 {
					time.Sleep(40 * time.Second)
				}
			}
		}, "token-2"},
		{"the stopped one is issued first", func(w *world) {
			w.vendor.after = func(n int) {
				if n == 1 {
					time.Sleep(40 * time.Second)
				}
			}
		}, "token-2"},
		{"issued last, and stopped before the answer", func(w *world) {
			first := func(n int) {
				if n == 1 {
					time.Sleep(30 * time.Second)
				}
			}
			w.vendor.before, w.vendor.after = first, first
		}, "token-2"},
		{"issued last, while the other waits for its answer", func(w *world) {
			w.vendor.before = func(n int) {
				if n == 1 {
					time.Sleep(30 * time.Second)
				}
			}
			w.vendor.after = func(n int) {
				if n == 2 {
					time.Sleep(15 * time.Second)
				}
			}
		}, "token-2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 3, auth.Limits{Live: 1})
				tt.hold(w)
				wait := (&process{m: w.machines[0]}).start(t, broker.Want{})
				time.Sleep(time.Second)
				for _, m := range w.machines[1:] {
					if _, err := m.run(t, broker.Want{}); err != nil {
						t.Fatal(err)
					}
				}
				value, err := wait()
				if err != nil || value != tt.live {
					t.Errorf("the stopped process got %q, %v", value, err)
				}
				w.asked(2)
				time.Sleep(checkEvery)
				for _, m := range w.machines {
					m.gets(t, broker.Want{}, tt.live)
				}
				w.asked(2)
				w.alive()
			})
		})
	}
}

// TestEngineClockJumps wants a clock that jumps to cost a request or a wait at
// most, and never a token that is over.
func TestEngineClockJumps(t *testing.T) {
	for _, by := range []time.Duration{-2 * time.Hour, 2 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 2, auth.Limits{Live: 1})
				a, b := w.machines[0], w.machines[1]
				a.gets(t, broker.Want{}, "token-1")
				w.engine.offset = by
				if _, err := b.run(t, broker.Want{}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(checkEvery)
				for _, m := range w.machines {
					if _, err := m.run(t, broker.Want{}); err != nil {
						t.Fatal(err)
					}
				}
				w.alive()
			})
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 2, auth.Limits{Live: 1})
				w.vendor.before = func(n int) {
					if n == 1 {
						w.engine.set(func(e *engine) { e.offset = by })
						time.Sleep(time.Hour) // this one never comes back in time
					}
				}
				wait := (&process{m: w.machines[0]}).start(t, broker.Want{})
				time.Sleep(time.Second)
				begun := time.Now()
				w.machines[1].gets(t, broker.Want{}, "token-1")
				if took := time.Since(begun); took > lease+3*time.Second {
					t.Errorf("a dead lease was waited for for %s", took)
				}
				wait()
			})
		})
	}
}

// TestNetworkFailureIsNotShared wants a machine that cannot reach the vendor
// not to keep the others from trying.
func TestNetworkFailureIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{})
		w.vendor.refuse = &auth.Error{Kind: auth.Network, Fact: "no route", Retryable: true}
		w.vendor.after = func(n int) {
			w.vendor.mu.Lock()
			defer w.vendor.mu.Unlock()
			w.vendor.refuse = nil
		}
		wait := (&process{m: w.machines[0]}).start(t, broker.Want{})
		time.Sleep(10 * time.Millisecond)
		w.machines[1].gets(t, broker.Want{}, "token-1")
		if _, err := wait(); !auth.Is(err, auth.Network) {
			t.Errorf("the first one: %v", err)
		}
	})
}

// TestBackoffIsShared wants refused credentials and a vendor's limits to bind
// all machines, but no machine to take an old failure for its own.
func TestBackoffIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{})
		a, b := w.machines[0], w.machines[1]
		b.offset = -2 * time.Hour
		w.vendor.refuse = denied()
		a.fails(t, broker.Want{}, auth.Denied)
		time.Sleep(10 * time.Second)
		if e := b.fails(t, broker.Want{}, auth.Denied); e.RetryAfter < 18*time.Second || e.RetryAfter > 20*time.Second {
			t.Errorf("retry after %s, want what is left of 30 s", e.RetryAfter)
		}
		w.asked(1)
		b.fails(t, broker.Want{IfSHA256: auth.NewSecret("x").SHA256()}, auth.Denied)
		w.asked(1)
		b.fails(t, broker.Want{Refresh: true}, auth.Denied) // which overrides it
		w.asked(2)
		time.Sleep(40 * time.Second)
		if e := a.fails(t, broker.Want{}, auth.Denied); e.RetryAfter < 15*time.Second {
			t.Errorf("retry after %s: the second refusal doubles the wait", e.RetryAfter)
		}
		w.asked(2)
		time.Sleep(30 * time.Second)
		w.vendor.refuse = nil
		a.gets(t, broker.Want{}, "token-1")
		b.gets(t, broker.Want{}, "token-1")
		w.asked(3)
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Every: 10 * time.Minute})
		a, b := w.machines[0], w.machines[1]
		a.gets(t, broker.Want{}, "token-1")
		b.gets(t, broker.Want{}, "token-1")
		time.Sleep(time.Minute)
		if e := b.fails(t, broker.Want{Refresh: true}, auth.Throttled); e.RetryAfter < 8*time.Minute {
			t.Errorf("retry after %s", e.RetryAfter)
		}
		w.asked(1)
	})
}
