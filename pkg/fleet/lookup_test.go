package fleet

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// TestLookup wants a record that opens to be a login's proof, and one whose
// credentials were refused not to be.
func TestLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Live: 1})
		m := w.machines[0]
		seal, err := NewSeal("vendor", m.creds, []string{"client_secret"}, auth.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		engine := port{w.engine, &process{m: m}}
		lookup := func() (auth.Grant, error) {
			return Lookup(t.Context(), engine, Target{Scheme: "fake"}, seal, m.creds, []string{"client_secret"}, m.now)
		}
		if _, err := lookup(); !auth.Is(err, auth.NotFound) {
			t.Errorf("nothing: %v", err)
		}
		m.gets(t, broker.Want{}, "token-1")
		g, err := lookup()
		if err != nil || g.Token.Value.Reveal() != "token-1" || g.Rotated != nil || g.Token.CredentialID != m.creds.ID {
			t.Errorf("%+v, %v", g, err)
		}
		w.vendor.refuse = denied()
		m.fails(t, broker.Want{Refresh: true}, auth.Denied)
		if _, err := lookup(); !auth.Is(err, auth.NotFound) {
			t.Errorf("refused: %v", err)
		}
		w.engine.down = true
		if _, err := lookup(); !auth.Is(err, auth.Store) {
			t.Errorf("down: %v", err)
		}
	})
}

// TestShare wants a login's token to become the fleet's, and not to replace a
// later one.
func TestShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Live: 1})
		a, b := w.machines[0], w.machines[1]
		w.vendor.live = []string{"login"}
		a.give("login", time.Minute, 2*time.Hour)
		if err := (&process{m: a}).store(Target{Scheme: "fake"}).Share(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.gets(t, broker.Want{}, "login")
		b.gets(t, broker.Want{Refresh: true}, "token-1")
		if err := (&process{m: a}).store(Target{Scheme: "fake"}).Share(t.Context()); err != nil {
			t.Fatal(err)
		}
		a.gets(t, broker.Want{}, "token-1")
		w.asked(1)
		w.engine.down = true
		if err := (&process{m: a}).store(Target{Scheme: "fake"}).Share(t.Context()); !auth.Is(err, auth.Store) {
			t.Errorf("down: %v", err)
		}
	})
}

func TestProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, auth.Limits{Live: 1})
		w.engine.offset, w.engine.took = time.Hour, 100*time.Millisecond
		m := w.machines[0]
		seal, err := NewSeal("vendor", m.creds, []string{"client_secret"}, auth.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		engine := port{w.engine, &process{m: m}}
		probe := func(s Seal) Report {
			t.Helper()
			r, err := Probe(t.Context(), engine, Target{Scheme: "redis", Hosts: []string{"h"}}, s, m.now)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := probe(seal); r.Record || r.Took != 100*time.Millisecond || r.Clock.Round(time.Second) != time.Hour || r.Rights == "" {
			t.Errorf("%+v", r)
		}
		probe(Seal{})
		m.gets(t, broker.Want{}, "token-1")
		if r := probe(seal); !r.Record || r.Host != "" || r.Token.Round(time.Minute) != w.vendor.life {
			t.Errorf("%+v", r)
		}
		w.vendor.took = 10 * time.Second
		wait := (&process{m: m}).start(t, broker.Want{Refresh: true})
		time.Sleep(5 * time.Second)
		if r := probe(seal); r.Host == "" || r.LeaseFor < 15*time.Second {
			t.Errorf("%+v", r)
		}
		wait()
		w.engine.onSwap = func(int) swap { return lost }
		if _, err := Probe(t.Context(), engine, Target{}, seal, m.now); !auth.Is(err, auth.Store) {
			t.Errorf("%v", err)
		}
	})
}

// TestGoroutines shares one Store between goroutines, as a proxy does.
func TestGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, auth.Limits{Live: 1})
		var group sync.WaitGroup
		for _, m := range w.machines {
			p := &process{m: m}
			store := p.store(Target{Scheme: "fake"})
			b := p.broker(store)
			for i := range 20 {
				group.Go(func() {
					for round := range 20 {
						var want broker.Want
						if i == 0 && round%5 == 0 {
							want.Refresh = true
						}
						if _, err := b.Token(t.Context(), want); err != nil {
							t.Error(err)
						}
						time.Sleep(time.Duration(i+1) * 7 * time.Second)
					}
				})
			}
		}
		group.Wait()
		if w.vendor.requests > 10 {
			t.Errorf("%d requests", w.vendor.requests)
		}
	})
}
