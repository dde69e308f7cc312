package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
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

func newWorld(o options, dir string, number int, random *rand.Rand, t *tally) (*world, error) {
	w := &world{
		o: o, dir: dir, account: fmt.Sprintf("%s/soak-%d", o.provider(), number), random: random, tally: t,
		took: map[string]time.Duration{},
	}
	for _, name := range []string{"home", "run1", "run2", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, err
		}
	}
	return w, w.start()
}

// start logs in to a new mock, which knows no secret but its first ones.
func (w *world) start() error {
	if w.mock != nil {
		w.mock.stop()
		w.mock = nil
	}
	m, err := startMock(w.o.hauth, w.o.provider())
	if err != nil {
		return err
	}
	w.mock = m
	for name, value := range m.credentials {
		if err := os.WriteFile(filepath.Join(w.dir, name), []byte(value), 0o600); err != nil {
			return err
		}
	}
	_, err = w.must(w.args("login"), 0)
	w.present = err == nil
	return err
}

// operations are what a round chooses from. A login would need the refresh
// token that only the store knows.
func (w *world) operations() []string {
	if w.o.rotate {
		return []string{"token", "refresh"}
	}
	return []string{"login", "token", "refresh", "refresh", "logout"}
}

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
	killed := slices.ContainsFunc(ends, func(e end) bool { return e.killed })
	may, must := w.present, w.present
	for i, name := range names {
		w.tally.count(name, ends[i])
		if ends[i].killed {
			w.kills++
		}
		if ends[i].err != nil {
			return ends[i].err
		}
		if ends[i].status == 4 && !killed {
			return fmt.Errorf("%v, planned %+v, ended %+v: %s was refused, and nothing was killed", names, plans, ends, name)
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
	if killed && errors.Is(err, errRefused) {
		w.tally.add("refresh token lost to a kill between answer and save, and said so", 1)
		return w.start()
	}
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
	operations := w.operations()
	return operations[w.random.IntN(len(operations))]
}

func (w *world) args(name string) []string {
	switch name {
	case "login":
		args := []string{"login", w.account, "--store", w.o.store, "--endpoint", w.mock.endpoint}
		for _, variable := range slices.Sorted(maps.Keys(w.mock.credentials)) {
			if variable == "client_id" {
				args = append(args, "--id", w.mock.credentials[variable])
				continue
			}
			args = append(args, "--secret-file", variable+"="+filepath.Join(w.dir, variable))
		}
		return args
	case "token":
		return []string{"token", w.account, "--min-ttl", "3h"} // longer than any token lives: it always asks
	}
	return []string{name, w.account}
}
