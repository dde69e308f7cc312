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

// rotating is a world whose vendor replaces the refresh token at each exchange
// and takes each only once.
func rotating(t *testing.T, machines int, env func(i int) bool) *world {
	w := newWorld(t, machines, auth.Limits{Rotates: true})
	w.vendor.refresh = "the first refresh token"
	for i, m := range w.machines {
		m.creds.Vars["refresh_token"] = auth.NewSecret(w.vendor.refresh)
		m.env = env(i)
		if !m.env {
			seal, err := NewSeal("vendor", m.creds, []string{"client_secret", "refresh_token"}, auth.Secret{})
			if err != nil {
				t.Fatal(err)
			}
			m.creds = seal.Keep(m.creds)
		}
	}
	return w
}

func TestRotate(t *testing.T) {
	for name, env := range map[string]func(int) bool{
		"environment": func(int) bool { return true },
		"stored":      func(int) bool { return false },
		"mixed":       func(i int) bool { return i == 0 },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := rotating(t, 3, env)
				for round := 1; round <= 6; round++ {
					w.herd(20, broker.Want{}).only(t, fmt.Sprint("token-", round), 60)
					time.Sleep(w.vendor.life)
				}
				w.asked(6)
				// One machine alone for a while, then each of the others.
				for round := range 3 {
					m := w.machines[round]
					m.gets(t, broker.Want{}, fmt.Sprint("token-", 7+round))
					time.Sleep(w.vendor.life)
				}
				w.asked(9)
			})
		})
	}
}

// TestRotateKill kills the process that exchanges at each of its writes, and
// after it. The vendor takes the old refresh token until it sees the new one:
// no client can be killed between answer and write otherwise.
func TestRotateKill(t *testing.T) {
	for _, env := range []bool{true, false} {
		for step := range 3 {
			for _, becomes := range []swap{lost, applied} {
				t.Run(fmt.Sprint(env, step+1, becomes), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						w := rotating(t, 2, func(int) bool { return env })
						p := &process{m: w.machines[0]}
						before := w.vendor.refresh
						w.engine.onSwap = func(n int) swap {
							if n != step+1 {
								return fine
							}
							go p.kill()
							if becomes == lost && step == 1 {
								w.vendor.refresh = before
							}
							return becomes
						}
						p.start(t, broker.Want{})()
						w.machines[0].token, w.machines[1].token = auth.Token{}, auth.Token{}
						w.engine.onSwap = nil
						time.Sleep(lease)
						for _, m := range []*machine{w.machines[1], w.machines[0]} {
							if _, err := m.run(t, broker.Want{}); err != nil {
								t.Fatalf("the account is lost: %v", err)
							}
							time.Sleep(w.vendor.life)
						}
					})
				})
			}
		}
	}
}

// TestRotateEngineDown wants nothing to be asked that cannot be kept, and what
// the engine missed to reach it later.
func TestRotateEngineDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := rotating(t, 2, func(int) bool { return true })
		w.engine.down = true
		w.machines[0].fails(t, broker.Want{}, auth.Store)
		w.asked(0)
		w.engine.down = false
		w.vendor.before = func(int) {
			w.engine.set(func(e *engine) { e.down = true })
			time.AfterFunc(10*time.Second, func() { w.engine.set(func(e *engine) { e.down = false }) })
		}
		w.machines[0].gets(t, broker.Want{}, "token-1") // it waits until the engine has it
		w.vendor.before = nil
		w.machines[1].gets(t, broker.Want{}, "token-1")
		time.Sleep(w.vendor.life)
		w.machines[1].gets(t, broker.Want{}, "token-2")
	})
	synctest.Test(t, func(t *testing.T) {
		w := rotating(t, 2, func(int) bool { return true })
		w.vendor.before = func(int) { w.engine.set(func(e *engine) { e.down = true }) }
		w.machines[0].fails(t, broker.Want{}, auth.Store)
	})
	synctest.Test(t, func(t *testing.T) {
		w := rotating(t, 2, func(int) bool { return false })
		w.vendor.before = func(int) { w.engine.set(func(e *engine) { e.down = true }) }
		w.machines[0].gets(t, broker.Want{}, "token-1")
		w.machines[0].noticed(t, 1, "credentials could not be shared")
		w.engine.down = false
		w.vendor.before = nil
		time.Sleep(pause)
		w.machines[0].gets(t, broker.Want{}, "token-1") // a check gives the engine both
		time.Sleep(w.vendor.life)
		w.machines[1].gets(t, broker.Want{}, "token-2")
		w.asked(2)
	})
	synctest.Test(t, func(t *testing.T) {
		w := rotating(t, 2, func(int) bool { return false })
		w.machines[0].saveErr = errors.New("disk full")
		w.machines[0].gets(t, broker.Want{}, "token-1") // the engine has it
		w.machines[0].saveErr = nil
		time.Sleep(w.vendor.life)
		w.machines[0].gets(t, broker.Want{}, "token-2")
	})
}
