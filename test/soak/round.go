package main

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// world is one home with one account, and what must be true of it.
type world struct {
	o       options
	mock    *mock
	dir     string
	account string
	random  *rand.Rand
	tally   *tally
	present bool // the account is logged in
	took    map[string]time.Duration
	kills   int
}

func newWorld(o options, m *mock, dir string, number int, random *rand.Rand, t *tally) (*world, error) {
	w := &world{
		o: o, mock: m, dir: dir, account: fmt.Sprintf("123pan/soak-%d", number), random: random, tally: t,
		took: map[string]time.Duration{},
	}
	for _, name := range []string{"home", "run1", "run2", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte(m.secret), 0o600); err != nil {
		return nil, err
	}
	_, err := w.must(w.args("login"), 0)
	w.present = err == nil
	return w, err
}

var operations = []string{"login", "token", "refresh", "refresh", "logout"}

// round runs one command, or two of different hosts at once, disturbs them and
// checks what is left.
func (w *world) round() error {
	names := []string{w.pick()}
	if w.random.IntN(4) == 0 {
		other := w.pick()
		// Who logs in on one host and out on another at the same moment has
		// asked for both.
		if !slices.Contains([]string{names[0] + other, other + names[0]}, "loginlogout") {
			names = append(names, other)
		}
	}
	ends := make([]end, len(names))
	plans := make([]plan, len(names))
	for i, name := range names {
		plans[i] = w.plan(name)
	}
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { ends[i] = w.disturb(name, i+1, plans[i]) })
	}
	wg.Wait()
	may, must := w.present, w.present
	for i, name := range names {
		w.tally.count(name, ends[i])
		if ends[i].killed {
			w.kills++
		}
		if ends[i].err != nil {
			return ends[i].err
		}
		if !ends[i].killed && ends[i].status == 0 {
			w.took[name] = (3*cmp.Or(w.took[name], ends[i].took) + ends[i].took) / 4
		}
		switch {
		case name == "login" && !ends[i].killed && ends[i].status == 0:
			may, must = true, true
		case name == "login":
			may = true
		}
	}
	for i, name := range names {
		switch {
		case name != "logout":
		case len(names) == 1 && !ends[i].killed && ends[i].status == 0:
			may, must = false, false
		default:
			must = false
		}
	}
	present, err := w.check(may, must)
	if err != nil {
		return errors.Join(fmt.Errorf("%v, ended %+v, from present=%v", names, ends, w.present), err)
	}
	w.present = present
	return nil
}

// pick prefers a login where there is no account.
func (w *world) pick() string {
	if !w.present && w.random.IntN(3) > 0 {
		return "login"
	}
	return operations[w.random.IntN(len(operations))]
}

func (w *world) args(name string) []string {
	switch name {
	case "login":
		return []string{"login", w.account, "--store", w.o.store, "--endpoint", w.mock.endpoint, "--id", w.mock.id, "--secret-file", filepath.Join(w.dir, "secret")}
	case "token":
		return []string{"token", w.account, "--min-ttl", "3h"} // longer than any token lives: it always asks
	}
	return []string{name, w.account}
}
