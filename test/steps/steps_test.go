//go:build linux && amd64

package steps

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
)

var all = flag.Bool("all", false, "every kind of failure, as make soak wants")

// TestKilledAtEachStep: a kill before the request leaves, or after the new
// secret is stored, costs nothing.
func TestKilledAtEachStep(t *testing.T) { killedAtEachStep(t, newWorld(t, "file", nil)) }

func killedAtEachStep(t *testing.T, w *world) {
	plan, e := traced(t, w.command("refresh", provider), w.dir, func(int, step) act { return act{} })
	if e.status.ExitStatus() != 0 {
		t.Fatalf("undisturbed, it ended with %d: %s", e.status.ExitStatus(), e.stderr)
	}
	w.whole(plan)
	losses := 0
	for _, at := range numbered(plan) {
		seen := map[string]int{}
		steps, e := traced(t, w.command("refresh", provider), w.dir, func(_ int, s step) act {
			seen[s.name]++
			return act{kill: s.name == at.name && seen[s.name] == at.number}
		})
		if !killed(e) {
			if e.status.ExitStatus() != 0 || !at.mayBeMissing() {
				t.Errorf("%s, number %d, was not met: exit %d, %s", at.name, at.number, e.status.ExitStatus(), e.stderr)
			}
			continue
		}
		done := steps[:len(steps)-1]
		w.tally["killed"]++
		if w.after("killed before " + at.name) {
			w.tally["lost, and said so"]++
			losses++
			if !sent(done) || w.stored(done) {
				t.Errorf("killed before %s: the account is lost, and should not be", at.name)
			}
		}
	}
	if losses == 0 {
		t.Error("no kill came between the answer and the save")
	}
}

// place is a step by its name, and which of that name it is.
type place struct {
	name   string
	number int
}

// mayBeMissing reports whether another run may do without the step: how many
// pieces an answer comes in is not hauth's doing, nor that gnome-keyring must
// sometimes be asked a second time, when it does not know a new client yet.
func (p place) mayBeMissing() bool {
	return strings.HasPrefix(p.name, "read ") || p.name == "write bus"
}

func numbered(steps []step) (places []place) {
	seen := map[string]int{}
	for _, s := range steps {
		seen[s.name]++
		if s.name != "read bus" || *all { // of those there are many
			places = append(places, place{s.name, seen[s.name]})
		}
	}
	return places
}

// TestDiskFailsAtEachStep: as long as the vendor has not been asked, it is not,
// and the account works. After its answer the token is printed; if that is the
// last one, the exit code and one message say so.
func TestDiskFailsAtEachStep(t *testing.T) {
	type kind struct {
		errno syscall.Errno
		once  bool // or from then on
	}
	kinds := []kind{{syscall.ENOSPC, false}}
	if *all {
		kinds = append(kinds, kind{syscall.ENOSPC, true}, kind{syscall.EROFS, false}, kind{syscall.EIO, true}, kind{syscall.EDQUOT, true})
	}
	for _, fail := range kinds {
		t.Run(fmt.Sprintf("%s, once %v", fail.errno, fail.once), func(t *testing.T) { diskFailsAtEachStep(t, newWorld(t, "file", nil), fail.errno, fail.once) })
	}
}

func diskFailsAtEachStep(t *testing.T, w *world, errno syscall.Errno, once bool) {
	for n := 1; ; n++ {
		asked, files, done := w.asked(), 0, -1
		steps, e := traced(t, w.command("token", provider, "--refresh"), w.dir, func(i int, s step) act {
			if !s.onDisk() {
				return act{}
			}
			if files++; files == n {
				done = i - 1
			}
			if files == n || files > n && !once {
				return act{fail: errno}
			}
			return act{}
		})
		if done < 0 {
			w.whole(steps)
			return
		}
		at := fmt.Sprintf("%s at %s", errno, steps[done].name)
		w.see(at, w.asked()-asked, w.stored(steps[:done]), e.status.ExitStatus(), e.stdout, e.stderr)
	}
}

// see judges a disturbed "token --refresh", and the account after it.
func (w *world) see(at string, asked int, stored bool, code int, stdout, stderr string) {
	w.t.Helper()
	printed := strings.HasPrefix(stdout, "mock-only-") && strings.Count(stdout, "\n") == 1
	switch {
	case asked == 0:
		if code != 5 && code != 7 || stdout != "" || !strings.Contains(stderr, "hint: ") {
			w.t.Errorf("%s, nothing sent: exit %d, stdout %q, stderr %s", at, code, stdout, stderr)
		}
	case asked > 1:
		w.t.Errorf("%s: %d requests", at, asked)
	case !printed:
		w.t.Errorf("%s: the token was not printed: exit %d, %s", at, code, stderr)
	case code == 5:
		if !strings.Contains(stderr, "hint: mend that, get new credentials from the vendor, and run: hauth login "+provider+"\n") || strings.Count(stderr, "hint:") != 1 {
			w.t.Errorf("%s: no word on what to do: %s", at, stderr)
		}
	case code != 0:
		w.t.Errorf("%s: exit %d: %s", at, code, stderr)
	}
	lost := w.after(at)
	if said := asked > 0 && code == 5; lost != said || lost && stored {
		w.t.Errorf("%s: lost %v, stored before %v, and it said: exit %d, %s", at, lost, stored, code, stderr)
	}
	w.tally[fmt.Sprintf("asked %d, exit %d, lost %v", asked, code, lost)]++
}

func (s step) onDisk() bool {
	verb, _, _ := strings.Cut(s.name, " ")
	return verb != "connect" && verb != "read" && verb != "unlock" && s.name != "write vendor" && s.name != "write bus"
}

func sent(done []step) bool {
	return slices.ContainsFunc(done, func(s step) bool { return s.name == "write vendor" })
}

// stored reports that the new secret is in its place, where that shows.
func (w *world) stored(done []step) bool {
	return slices.ContainsFunc(done, func(s step) bool { return s.name == "rename credentials" })
}

// whole wants the steps of a rotation, in their order.
func (w *world) whole(steps []step) {
	w.t.Helper()
	rest := steps
	names := []string{
		"lock lock", "create probe", "sync probe", "rename probe", "remove probe", "connect vendor", "write vendor",
		"create credentials", "write credentials", "sync credentials", "rename credentials", "create token", "sync token", "rename token",
		"sync account", "rename account", "rename attempts",
	}
	if w.store == "keyring" {
		names = []string{"lock lock", "write bus", "connect vendor", "write vendor", "write bus", "write bus", "rename account", "rename attempts"}
	}
	for _, name := range names {
		i := slices.IndexFunc(rest, func(s step) bool { return s.name == name })
		if i < 0 {
			w.t.Errorf("no %q where it is due in %q", name, steps)
			return
		}
		rest = rest[i+1:]
	}
}
