//go:build linux

package budget

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/hauth/hauth"

// initialiser is what the package initialiser of a package allocates.
type initialiser struct {
	pkg            string
	bytes, objects int
}

// ownSlack is how far hauth's own may be from their budget: they allocate so
// little that a few more sentinel errors, of one object each, are more than three
// in a hundred. The smallest regular expression is 11 objects.
var ownSlack = map[string]int{"initialisers of hauth, objects": 8, "initialisers of hauth, bytes": 512}

// TestInitialisers compares what package initialisers allocate with their
// budget. That differs by next to nothing between machines, and a single regular
// expression at package level shows, which is lost among a whole process's page
// faults.
func TestInitialisers(t *testing.T) {
	w := newWorld(t)
	all := w.initialisers()
	counted := map[string]int{}
	for _, i := range all {
		whose := "of others"
		if i.pkg == module || strings.HasPrefix(i.pkg, module+"/") {
			whose = "of hauth"
		}
		counted["initialisers "+whose+", objects"] += i.objects
		counted["initialisers "+whose+", bytes"] += i.bytes
	}
	if counted["initialisers of others, objects"] == 0 {
		t.Fatal("no initialiser was traced")
	}
	t.Log(counted)
	if *update {
		_, on := readBudget(t)
		writeBudget(t, counted, on)
		return
	}
	figures, on := readBudget(t)
	if version := w.goVersion(); !strings.Contains(on, version) {
		t.Skipf("initialisers cannot be judged here: this is %s, and the budget was counted on %s", version, on)
	}
	for name, got := range counted {
		want := budgeted(t, figures, name)
		slack := int(tolerance * float64(want))
		if own, ok := ownSlack[name]; ok {
			slack = own
		}
		if max(got-want, want-got) > slack {
			t.Errorf("%s: %d, and the budget is %d ± %d (%s). The greatest:\n%s", name, got, want, slack, advice(got > want), greatest(all))
		}
	}
}

// initialisers has the Go runtime tell what each did. Allocations are those of
// the one goroutine that runs them all, so that they are the same in each run.
func (w *world) initialisers() []initialiser {
	w.t.Helper()
	c := exec.Command(w.hauth, "version")
	c.Env = append(slices.Clone(w.env), "GODEBUG=inittrace=1", "GOMAXPROCS=1")
	var trace strings.Builder
	c.Stderr = &trace
	if err := c.Run(); err != nil {
		w.t.Fatalf("%v\n%s", err, &trace)
	}
	var all []initialiser
	for line := range strings.Lines(trace.String()) {
		if !strings.HasPrefix(line, "init ") {
			continue
		}
		var i initialiser
		var at, took float64
		if _, err := fmt.Sscanf(line, "init %s @%g ms, %g ms clock, %d bytes, %d allocs", &i.pkg, &at, &took, &i.bytes, &i.objects); err != nil {
			w.t.Fatalf("the runtime's trace has the line %q: %v", line, err)
		}
		all = append(all, i)
	}
	return all
}

func greatest(all []initialiser) string {
	all = slices.SortedFunc(slices.Values(all), func(a, b initialiser) int { return b.objects - a.objects })
	out := ""
	for _, i := range all[:min(len(all), 12)] {
		out += fmt.Sprintf("  %-40s %4d objects %6d bytes\n", i.pkg, i.objects, i.bytes)
	}
	return out
}
