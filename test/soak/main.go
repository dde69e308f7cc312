// Command soak kills hauth at random moments, thousands of times, and checks
// after each that nothing was lost:
//
//	go build -o bin/hauth . && go run ./test/soak -n 10000
//
// It drives the built binary with whole processes against hauth's own mock:
// login, token, refresh and logout, ended by SIGKILL, or stopped and continued,
// alone or together with one of another lock domain (the same HAUTH_HOME with
// another XDG_RUNTIME_DIR, as two hosts have it that share a home). After each
// round the account must be whole or absent, as the round allows, and no file
// may hold a secret. The first violation ends the run with exit 1.
//
// With -rotate the vendor replaces its refresh token at every exchange. A kill
// between its answer and the save loses what nobody else knows; then hauth has
// to say that a login is due, and nothing but a kill may bring it about.
package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"
)

type options struct {
	kills, workers int
	seed           uint64
	hauth, store   string
	rotate         bool
}

// provider is the vendor that the rounds log in to.
func (o options) provider() string {
	if o.rotate {
		return "fitbit"
	}
	return "123pan"
}

func main() {
	var o options
	flag.IntVar(&o.kills, "n", 10000, "how many processes to kill")
	flag.Uint64Var(&o.seed, "seed", 1, "of the random choices; the timing is the machine's")
	flag.IntVar(&o.workers, "workers", 4, "accounts that are worked on at once")
	flag.StringVar(&o.hauth, "hauth", "bin/hauth", "the binary")
	flag.StringVar(&o.store, "store", "file", "file, or keyring, which needs one: test/with-keyring")
	flag.BoolVar(&o.rotate, "rotate", false, "a vendor that replaces its refresh token")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	path, err := filepath.Abs(o.hauth)
	if err != nil {
		return err
	}
	o.hauth = path
	dir, err := os.MkdirTemp("", "hauth-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	begun := time.Now()
	var tally tally
	var wg sync.WaitGroup
	failed := make([]error, o.workers)
	for i := range o.workers {
		wg.Go(func() {
			kills := o.kills / o.workers
			if i < o.kills%o.workers {
				kills++
			}
			w, err := newWorld(o, filepath.Join(dir, fmt.Sprint(i)), i, rand.New(rand.NewPCG(o.seed, uint64(i))), &tally)
			for n := 0; err == nil && w.kills < kills; n++ {
				if err = w.round(); err != nil {
					err = fmt.Errorf("worker %d, round %d: %w", i, n, err)
				}
			}
			if w != nil {
				w.mock.stop()
			}
			failed[i] = err
		})
	}
	wg.Wait()
	fmt.Printf("seed %d, store %s, %d workers, %s\n", o.seed, o.store, o.workers, time.Since(begun).Round(time.Second))
	tally.print()
	return errors.Join(failed...)
}
