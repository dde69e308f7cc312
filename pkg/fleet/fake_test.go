package fleet

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// world is a vendor, an engine and some machines, each with a clock of its
// own. Only the vendor's clock orders what it issues.
type world struct {
	t        *testing.T
	vendor   *vendor
	engine   *engine
	machines []*machine
}

func newWorld(t *testing.T, machines int, limits auth.Limits) *world {
	w := &world{
		t:      t,
		vendor: &vendor{took: time.Second, life: 2 * time.Hour, limits: limits},
		engine: &engine{values: map[string][]byte{}},
	}
	for i := range machines {
		m := w.newMachine(i)
		m.state = t.TempDir() + "/state"
		w.machines = append(w.machines, m)
	}
	return w
}

func (w *world) newMachine(i int) *machine {
	return &machine{
		w: w, name: fmt.Sprint("m", i), lock: make(chan struct{}, 1),
		creds: auth.Credentials{
			ID: fmt.Sprint("creds-of-", i), Endpoint: "https://vendor.example",
			Vars: map[string]auth.Secret{"client_id": auth.NewSecret("id"), "client_secret": auth.NewSecret("a secret of some length")},
		},
	}
}

// outcome is what the processes of a herd got: values and errors, counted.
type outcome map[string]int

func (o outcome) only(t *testing.T, what string, n int) {
	t.Helper()
	if len(o) != 1 || o[what] != n {
		t.Fatalf("got %v, want %d times %s", o, n, what)
	}
}

// herd runs n processes on each of the machines at once.
func (w *world) herd(n int, want broker.Want) outcome {
	out := outcome{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, m := range w.machines {
		for range n {
			group.Go(func() {
				r, err := m.run(w.t, want)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					e, _ := auth.AsError(err)
					out[e.Kind.Code()]++
				} else {
					out[r.Token.Value.Reveal()]++
				}
			})
		}
	}
	group.Wait()
	return out
}

func (w *world) asked(n int) {
	w.t.Helper()
	if w.vendor.requests != n {
		w.t.Fatalf("%d requests to the vendor, want %d", w.vendor.requests, n)
	}
}

// alive fails unless every machine's token is live at the vendor.
func (w *world) alive() {
	w.t.Helper()
	for _, m := range w.machines {
		if v := m.token.Value.Reveal(); !slices.Contains(w.vendor.live, v) {
			w.t.Errorf("%s holds %q, but live is %v", m.name, v, w.vendor.live)
		}
	}
}

func (m *machine) noticed(t *testing.T, n int, words string) {
	t.Helper()
	found := 0
	for _, s := range m.notices {
		if strings.Contains(s, words) {
			found++
		}
	}
	if found != n {
		t.Errorf("%s: %d notices with %q, want %d: %q", m.name, found, words, n, m.notices)
	}
}

func denied() error { return &auth.Error{Kind: auth.Denied, Fact: "refused", VendorCode: "401"} }
