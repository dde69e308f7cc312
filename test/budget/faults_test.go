//go:build linux

package budget

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// runs is how often each program runs. The median of so many differs by one or
// two faults between repetitions.
const runs = 41

// call is a row of the budget.
type call struct {
	name string
	argv []string
	env  []string // besides the world's
}

// TestFaults compares the page faults of whole processes with their budget, as
// what they take above a hello-world that the same toolchain built: what every Go
// program takes here is not hauth's. The faults are those of processes that run
// on one processor: with more, the runtime starts threads as it happens to need
// them, at a dozen faults each.
func TestFaults(t *testing.T) {
	w := newWorld(t)
	w.loginFile()
	sealed := w.sealToken()
	judge(t, w, []call{
		{name: "version", argv: []string{w.hauth, "version"}},
		{name: "file", argv: []string{w.hauth, "token", "wahool"}},
		{name: "sealed", argv: []string{w.hauth, "token", "hitem3d"}, env: sealed},
		{name: "exec", argv: []string{w.hauth, "exec", "wahool", "--", w.hello}},
	})
}

// judge counts the calls and compares them with the budget.
func judge(t *testing.T, w *world, calls []call) {
	t.Helper()
	calls = append([]call{{name: "hello", argv: []string{w.hello}}}, calls...)
	counts := map[string][]int{}
	for range runs {
		for _, c := range calls {
			counts[c.name] = append(counts[c.name], w.faults(c))
		}
	}
	var hello int
	above := map[string]int{}
	for i, c := range calls {
		all := slices.Sorted(slices.Values(counts[c.name]))
		median := all[len(all)/2]
		if i == 0 {
			hello = median
		}
		above[c.name] = median - hello
		t.Logf("%s: %d page faults (%d to %d)", c.name, median, all[0], all[len(all)-1])
	}
	on := fmt.Sprintf("%s/%s, %s, pages of %d bytes", runtime.GOOS, runtime.GOARCH, w.goVersion(), os.Getpagesize())
	if *update {
		counted := map[string]int{unit: hello}
		for _, c := range calls[1:] {
			counted[figure(c)] = above[c.name]
		}
		writeBudget(t, counted, on)
		return
	}
	figures, budgetOn := readBudget(t)
	if on != budgetOn {
		t.Skipf("page faults cannot be judged here: this is %s, and the budget was counted on %s", on, budgetOn)
	}
	if want := budgeted(t, figures, unit); !near(hello, want, 2*want) {
		t.Skipf("page faults cannot be judged here: a hello-world takes %d, and %d where the budget was counted, so this kernel counts otherwise", hello, want)
	}
	for _, c := range calls[1:] {
		want := budgeted(t, figures, figure(c))
		if got := above[c.name]; !near(got, want, hello+want) {
			t.Errorf("hauth %s takes %d page faults more than a hello-world's %d; the budget is %d more, ± %.0f %% of all (%s)",
				strings.Join(c.argv[1:], " "), got, hello, want, 100*tolerance, advice(got > want))
		}
	}
}

const unit = "page faults of hello"

// figure is a call's line of the budget.
func figure(c call) string { return "page faults above hello, " + c.name }

func advice(over bool) string {
	if over {
		return "what comes new should cost a hit nothing: doc.go says what to look for"
	}
	return "an improvement: keep it with -update"
}

// faults runs a call and counts its minor page faults, and those of what it
// waited for. Major ones count as well: a page that had to be read is mapped once
// all the same.
func (w *world) faults(c call) int {
	w.t.Helper()
	p := exec.Command(c.argv[0], c.argv[1:]...)
	p.Env = append(slices.Clone(w.env), append(c.env, "GOMAXPROCS=1")...)
	var errors strings.Builder
	p.Stderr = &errors
	if err := p.Run(); err != nil {
		w.t.Fatalf("%v: %v\n%s", c.argv, err, &errors)
	}
	used := p.ProcessState.SysUsage().(*syscall.Rusage)
	return int(used.Minflt + used.Majflt)
}
