package fleet

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// TestHerd has many processes on several machines want the same at once.
func TestHerd(t *testing.T) {
	for _, tt := range []struct {
		name    string
		limits  auth.Limits
		prepare func(*world)
		want    broker.Want
		get     string
		calls   int // to the engine, at most: about 3 and the polling of those who wait
	}{
		{name: "cold", get: "token-1"},
		{name: "cold, one live token", limits: auth.Limits{Live: 1}, get: "token-1"},
		{name: "expired", prepare: old, get: "token-1"},
		{name: "refresh", prepare: current, want: broker.Want{Refresh: true}, get: "token-1"},
		{name: "compare and refresh", prepare: current, want: broker.Want{IfSHA256: auth.NewSecret("old").SHA256()}, get: "token-1"},
		{name: "too little life", prepare: half, want: broker.Want{MinTTL: 90 * time.Minute}, get: "token-1"},
		{name: "more than any life", prepare: half, want: broker.Want{MinTTL: 3 * time.Hour}, get: "token-1"},
		{name: "the same token again", prepare: func(w *world) {
			half(w)
			w.vendor.same = true
		}, want: broker.Want{Refresh: true}, get: "token-1"},
		{name: "refused", prepare: func(w *world) { w.vendor.refuse = denied() }, get: "denied"},
		{name: "refresh refused", prepare: func(w *world) {
			current(w)
			w.vendor.refuse = denied()
		}, want: broker.Want{Refresh: true}, get: "denied"},
		{name: "throttled", prepare: func(w *world) {
			w.vendor.refuse = &auth.Error{Kind: auth.Throttled, Fact: "wait", RetryAfter: time.Minute}
		}, get: "throttled"},
		{name: "vendor broken", prepare: func(w *world) {
			w.vendor.refuse = &auth.Error{Kind: auth.Vendor, Fact: "broken", Retryable: true}
		}, get: "vendor"},
		{name: "clocks two hours apart", prepare: func(w *world) {
			w.machines[0].offset, w.machines[1].offset = -2*time.Hour, 2*time.Hour
			w.engine.offset, w.vendor.offset = time.Hour, -time.Hour
		}, get: "token-1"},
		{name: "helper of five seconds", prepare: func(w *world) { w.engine.took = 5 * time.Second }, get: "token-1"},
		{name: "helper of five seconds, one live token", limits: auth.Limits{Live: 1}, prepare: func(w *world) { w.engine.took = 5 * time.Second }, get: "token-1"},
		{name: "a clock in whole seconds", prepare: seconds, get: "token-1"},
		{name: "a clock in whole seconds, compare and refresh", prepare: func(w *world) {
			seconds(w)
			current(w)
		}, want: broker.Want{IfSHA256: auth.NewSecret("old").SHA256()}, get: "token-1"},
		{name: "a clock in whole seconds, the same token again", prepare: func(w *world) {
			seconds(w)
			half(w)
			w.vendor.same = true
		}, want: broker.Want{Refresh: true}, get: "token-1"},
		{name: "a clock in whole seconds, refresh refused", prepare: func(w *world) {
			seconds(w)
			current(w)
			w.vendor.refuse = denied()
		}, want: broker.Want{Refresh: true}, get: "denied"},
		{name: "slow vendor", limits: auth.Limits{Live: 1}, prepare: func(w *world) { w.vendor.took = 19 * time.Second }, get: "token-1"},
		{name: "a write answered by an error", prepare: func(w *world) { w.engine.onSwap = func(n int) swap { return applied } }, get: "token-1"},
		{name: "a write asked for twice", prepare: func(w *world) { w.engine.onSwap = func(n int) swap { return repeated } }, get: "token-1"},
		{name: "every second write lost", prepare: func(w *world) { w.engine.onSwap = func(n int) swap { return swap(n % 2) } }, get: "token-1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 3, tt.limits)
				if tt.prepare != nil {
					tt.prepare(w)
				}
				begun := time.Now()
				w.herd(50, tt.want).only(t, tt.get, 150)
				w.asked(1)
				took := time.Since(begun)
				for _, m := range w.machines {
					if most := 4 + int(took/(300*time.Millisecond)); m.calls > most {
						t.Errorf("%s made %d calls to the engine in %s, want at most %d", m.name, m.calls, took, most)
					}
				}
			})
		})
	}
}

func old(w *world)     { w.give(2*time.Hour, 2*time.Hour) }
func half(w *world)    { w.give(time.Hour, 2*time.Hour) }
func current(w *world) { w.give(time.Minute, 2*time.Hour) }

// seconds makes the engine's clock one without fractions.
func seconds(w *world) { w.engine.tick, w.engine.offset = time.Second, 700*time.Millisecond }

// give every machine the token that the vendor issued age ago.
func (w *world) give(age, life time.Duration) {
	w.vendor.live = []string{"old"}
	for _, m := range w.machines {
		m.give("old", age, life)
	}
}

// TestHerdOneMachine wants no more calls of 200 processes than of one.
func TestHerdOneMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, auth.Limits{})
		w.herd(200, broker.Want{}).only(t, "token-1", 200)
		w.asked(1)
		if w.engine.reads != 1 || w.engine.swaps != 2 {
			t.Errorf("%d reads and %d swaps, want 1 and 2", w.engine.reads, w.engine.swaps)
		}
	})
}

// TestHit wants no call to the engine for a token that is valid.
func TestHit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Live: 3})
		a := w.machines[0]
		a.gets(t, broker.Want{}, "token-1")
		before := w.engine.tries
		for range 100 {
			time.Sleep(time.Minute)
			a.gets(t, broker.Want{}, "token-1")
		}
		if n := w.engine.tries - before; n != 0 {
			t.Errorf("%d calls to the engine", n)
		}
	})
}

// TestSecondMachine wants the first machine's token to be everybody's.
func TestSecondMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Live: 1})
		a, b := w.machines[0], w.machines[1]
		b.offset = 2 * time.Hour
		a.gets(t, broker.Want{}, "token-1")
		time.Sleep(30 * time.Minute)
		b.gets(t, broker.Want{}, "token-1")
		w.asked(1)
		if left := b.token.Left(b.now()); left < 90*time.Minute-3*time.Second || left > 90*time.Minute {
			t.Errorf("%s left, want 90 minutes", left)
		}
		// The one refreshes, the other is told by a 401 that its token is dead.
		a.gets(t, broker.Want{Refresh: true}, "token-2")
		b.gets(t, broker.Want{IfSHA256: auth.NewSecret("token-1").SHA256()}, "token-2")
		w.asked(2)
		// A third one is told so of a token that is not even the local one.
		a.gets(t, broker.Want{Refresh: true}, "token-3")
		b.gets(t, broker.Want{IfSHA256: auth.NewSecret("token-1").SHA256()}, "token-3")
		w.asked(3)
		w.alive()
		// And once of one that this machine has not seen yet.
		a.gets(t, broker.Want{Refresh: true}, "token-4")
		b.gets(t, broker.Want{IfSHA256: auth.NewSecret("token-4").SHA256()}, "token-5")
		a.gets(t, broker.Want{IfSHA256: auth.NewSecret("token-4").SHA256()}, "token-5")
		w.asked(5)
		w.alive()
	})
}

func TestFresherThanAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{})
		a, b := w.machines[0], w.machines[1]
		a.gets(t, broker.Want{}, "token-1")
		time.Sleep(time.Hour)
		b.gets(t, broker.Want{MinTTL: 90 * time.Minute}, "token-2") // the fleet's has less left
		w.asked(2)
		a.gets(t, broker.Want{MinTTL: 90 * time.Minute}, "token-2")
		w.asked(2)
		// A plain refresh takes the other token that is there for the new one.
		time.Sleep(time.Minute)
		b.gets(t, broker.Want{Refresh: true}, "token-3")
		a.gets(t, broker.Want{Refresh: true}, "token-3")
		w.asked(3)
	})
}

// TestRefusedAtOnce reports a 401 within the second in which the token was
// issued, or within the time that a call to the engine takes.
func TestRefusedAtOnce(t *testing.T) {
	for _, took := range []time.Duration{0, 20 * time.Millisecond, 3 * time.Second} {
		for fraction := range 10 {
			for _, after := range []time.Duration{0, 10 * time.Millisecond, 900 * time.Millisecond} {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, 2, auth.Limits{Live: 1})
					w.vendor.took, w.engine.took = 10*time.Millisecond, took
					w.engine.tick, w.engine.offset = time.Second, time.Duration(fraction)*100*time.Millisecond
					a, b := w.machines[0], w.machines[1]
					value := "token-1"
					a.gets(t, broker.Want{}, value)
					b.gets(t, broker.Want{}, value)
					for i, m := range []*machine{a, a, b} {
						time.Sleep(after)
						dead := value
						value = fmt.Sprint("token-", i+2)
						a.gets(t, broker.Want{IfSHA256: auth.NewSecret(dead).SHA256()}, value)
						if m == b {
							b.gets(t, broker.Want{IfSHA256: auth.NewSecret("token-1").SHA256()}, value)
						}
					}
					w.asked(4)
				})
			}
		}
	}
}

// TestSameSecond issues several tokens within one second, which neither the
// vendor's Date nor the machines' clocks tell apart.
func TestSameSecond(t *testing.T) {
	for i, dated := range []bool{true, false, true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 3, auth.Limits{Live: 1})
			w.vendor.took, w.vendor.undated = 20*time.Millisecond, !dated
			w.engine.took = 3 * time.Millisecond
			if i >= 2 {
				seconds(w)
			}
			for i, m := range w.machines {
				m.offset = time.Duration(i) * 400 * time.Millisecond
			}
			value := "token-1"
			w.machines[0].gets(t, broker.Want{}, value)
			for round := range 20 {
				dead := value
				value = fmt.Sprint("token-", round+2)
				for i := range w.machines {
					w.machines[(round+i)%3].gets(t, broker.Want{IfSHA256: auth.NewSecret(dead).SHA256()}, value)
				}
				w.alive()
			}
			w.asked(21)
		})
	}
}
