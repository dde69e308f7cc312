package fleet

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// TestEngineDown wants a machine to ask the vendor without the fleet only where
// that does no harm, unless it was told what to do.
func TestEngineDown(t *testing.T) {
	for _, tt := range []struct {
		name   string
		limits auth.Limits
		down   Down
		env    bool
		alone  bool
	}{
		{name: "no limits", alone: true},
		{name: "one live token", limits: auth.Limits{Live: 1}},
		{name: "three live tokens", limits: auth.Limits{Live: 3}},
		{name: "a rate limit", limits: auth.Limits{Every: time.Minute}},
		{name: "rotating credentials", limits: auth.Limits{Rotates: true}},
		{name: "no limits, fail", down: DownFail},
		{name: "one live token, alone", limits: auth.Limits{Live: 1}, down: DownAlone, alone: true},
		{name: "rotating credentials, alone", limits: auth.Limits{Rotates: true}, down: DownAlone, alone: true},
		{name: "rotating credentials that only the fleet knows", limits: auth.Limits{Rotates: true}, down: DownAlone, env: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, tt.limits)
				w.engine.down = true
				m := w.machines[0]
				m.env = tt.env
				begun := time.Now()
				_, err := m.runWith(t, broker.Want{}, Target{Scheme: "fake", Down: tt.down})
				took := time.Since(begun)
				if tt.alone {
					if err != nil || took > alonePatience+3*time.Second {
						t.Fatalf("after %s: %v", took, err)
					}
					m.noticed(t, 1, "without the fleet")
					w.asked(1)
					return
				}
				e, ok := auth.AsError(err)
				if !ok || e.Kind != auth.Store || !e.Retryable || e.Remedy != auth.RemedyEngine || e.Kind.Exit() != 5 {
					t.Fatalf("got %v", err)
				}
				if took < 24*time.Second || took > 26*time.Second {
					t.Errorf("it was tried for %s", took)
				}
				w.asked(0)
			})
		})
	}
}

// TestEngineBack lets an outage end before the wait does.
func TestEngineBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, auth.Limits{Live: 1})
		w.engine.down = true
		time.AfterFunc(15*time.Second, func() { w.engine.set(func(e *engine) { e.down = false }) })
		w.herd(50, broker.Want{}).only(t, "token-1", 150)
		w.asked(1)
	})
}

// TestEngineRefuses wants a mistake to be named at once, whatever the limits,
// and a valid token to be printed all the same.
func TestEngineRefuses(t *testing.T) {
	for _, down := range []Down{DownAuto, DownAlone} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 1, auth.Limits{})
			w.engine.reject = &auth.Error{Kind: auth.Store, Fact: "the fleet engine redis://host refused the login", Remedy: auth.RemedyEngineLogin}
			m := w.machines[0]
			_, err := m.runWith(t, broker.Want{}, Target{Scheme: "fake", Down: down})
			if e, ok := auth.AsError(err); !ok || e.Remedy != auth.RemedyEngineLogin || e.Kind.Exit() != 5 {
				t.Fatalf("got %v", err)
			}
			w.asked(0)
			m.give("old", time.Hour+55*time.Minute+30*time.Second, 2*time.Hour) // it is time to refresh ahead
			m.gets(t, broker.Want{}, "old")
			m.noticed(t, 1, "refused the login")
			m.gets(t, broker.Want{}, "old")
			m.noticed(t, 1, "refused the login") // once per 30 s
			w.asked(0)
		})
	}
}

// TestDeadEngineIsCheap bounds what a dead engine costs a caller whose token is
// valid: 300 ms, once per 30 s.
func TestDeadEngineIsCheap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, auth.Limits{Live: 1})
		m := w.machines[0]
		m.gets(t, broker.Want{}, "token-1")
		time.Sleep(2 * checkEvery)
		w.engine.took = time.Hour // packets vanish
		slow := 0
		begun := time.Now()
		for time.Since(begun) < 5*time.Minute {
			before := time.Now()
			m.gets(t, broker.Want{}, "token-1")
			switch took := time.Since(before); {
			case took > checkPatience:
				t.Fatalf("a hit took %s", took)
			case took > 0:
				slow++
			}
			time.Sleep(time.Second)
		}
		if slow < 8 || slow > 10 {
			t.Errorf("%d slow hits in 5 minutes, want one per 30 s", slow)
		}
	})
}

// TestCheckOncePerMachine counts the checks of many processes.
func TestCheckOncePerMachine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Live: 1})
		w.herd(1, broker.Want{}).only(t, "token-1", 2)
		for _, m := range w.machines {
			m.calls = 0
		}
		for range 60 {
			time.Sleep(time.Second)
			w.herd(20, broker.Want{}).only(t, "token-1", 40)
		}
		for _, m := range w.machines {
			if m.calls != 1 {
				t.Errorf("%s made %d calls in a minute, want 1", m.name, m.calls)
			}
		}
	})
}

// TestEngineKilledDuringTheExchange wants the token to be printed, and shared
// once the engine is back.
func TestEngineKilledDuringTheExchange(t *testing.T) {
	for _, limits := range []auth.Limits{{}, {Live: 1}, {Live: 3}} {
		t.Run(fmt.Sprint(limits), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 2, limits)
				w.vendor.before = func(int) { w.engine.set(func(e *engine) { e.down = true }) }
				w.machines[0].gets(t, broker.Want{}, "token-1")
				w.machines[0].noticed(t, 1, "could not be shared")
				w.engine.down = false
				time.Sleep(pause)
				w.machines[0].gets(t, broker.Want{}, "token-1")
				w.machines[1].gets(t, broker.Want{}, "token-1")
				w.asked(1)
			})
		})
	}
}

// TestEngineLosesData wants the engine to get the token back from a machine
// that has it.
func TestEngineLosesData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, auth.Limits{Live: 1})
		w.machines[0].gets(t, broker.Want{}, "token-1")
		w.machines[1].gets(t, broker.Want{}, "token-1")
		clear(w.engine.values)
		time.Sleep(checkEvery)
		w.machines[1].gets(t, broker.Want{}, "token-1")
		w.machines[2].gets(t, broker.Want{}, "token-1")
		w.asked(1)
	})
	// While two machines hold leases, one after the other.
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, auth.Limits{Live: 1})
		w.vendor.took = 10 * time.Second
		w.vendor.before = func(n int) {
			if n == 1 {
				time.AfterFunc(time.Second, func() { w.engine.set(func(e *engine) { clear(e.values) }) })
			}
		}
		out := w.herd(10, broker.Want{})
		if out["token-1"]+out["token-2"] != 30 {
			t.Errorf("got %v", out)
		}
		w.asked(2)
		time.Sleep(checkEvery)
		w.herd(1, broker.Want{})
		w.alive()
	})
}

// TestOneMachineCutOff wants the others to go on, and the one to say why it
// does not.
func TestOneMachineCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3, auth.Limits{Live: 1})
		w.herd(1, broker.Want{})
		w.engine.cut = map[string]bool{"m0": true}
		time.Sleep(2 * checkEvery)
		w.machines[0].gets(t, broker.Want{}, "token-1")
		w.machines[1].gets(t, broker.Want{Refresh: true}, "token-2")
		w.machines[2].gets(t, broker.Want{Refresh: true}, "token-2")
		w.machines[0].fails(t, broker.Want{IfSHA256: auth.NewSecret("token-1").SHA256()}, auth.Store)
		w.asked(2)
		w.engine.cut = nil
		time.Sleep(pause)
		w.herd(1, broker.Want{}).only(t, "token-2", 3)
		w.asked(2)
	})
}

// TestLocalStoreBroken wants the fleet's token to be the answer even where
// nothing can be kept.
func TestLocalStoreBroken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Live: 1})
		w.machines[0].gets(t, broker.Want{}, "token-1")
		m := w.machines[1]
		m.saveErr, m.lockErr = errors.New("read-only"), errors.New("read-only")
		m.gets(t, broker.Want{}, "token-1")
		m.gets(t, broker.Want{IfSHA256: auth.NewSecret("token-1").SHA256()}, "token-2")
		w.machines[0].gets(t, broker.Want{Refresh: true}, "token-2")
		w.asked(2)
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{})
		w.vendor.refuse = denied()
		w.machines[0].fails(t, broker.Want{}, auth.Denied)
		w.machines[1].saveErr = errors.New("read-only")
		w.machines[1].fails(t, broker.Want{}, auth.Denied)
		w.asked(1)
	})
}

// TestForeignRecord wants what cannot be opened to be replaced, and what is of
// a newer version to be left alone.
func TestForeignRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, auth.Limits{})
		m := w.machines[0]
		seal, err := NewSeal("vendor", m.creds, []string{"client_secret"}, auth.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		w.engine.values[seal.Name()] = []byte("somebody's experiment")
		m.gets(t, broker.Want{}, "token-1")
		m.noticed(t, 1, "will be replaced")
		newer := append([]byte(sealMagic), sealVersion+1, 'x')
		w.engine.values[seal.Name()] = newer
		if e := m.fails(t, broker.Want{Refresh: true}, auth.Store); e.Remedy != auth.RemedyUpdate {
			t.Errorf("got %v", e)
		}
		if string(w.engine.values[seal.Name()]) != string(newer) {
			t.Error("a newer record was replaced")
		}
		w.asked(1)
	})
}
