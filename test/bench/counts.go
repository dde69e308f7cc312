package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// usage is what is counted of one run. Unlike times, counts hardly depend on
// what else the machine does, and they say why a time is what it is.
type usage struct {
	cpu          time.Duration
	faults       int64 // minor page faults
	switches     int64 // context switches, wanted and unwanted
	instructions int64 // in user space; 0: not counted
}

// traced is how often system calls are counted: strace slows programs down, so
// that those of the Go runtime's own threads differ from run to run.
const traced = 11

// countSyscalls counts the system calls of a program and of its children.
func (b *bench) countSyscalls(p *program) error {
	file := b.path("strace")
	for range traced {
		c := exec.Command("strace", append([]string{"-f", "-qq", "-o", file, "--"}, p.argv...)...)
		if c.Env = p.env; c.Env == nil {
			c.Env = b.env
		}
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("strace: %w: %s", err, out)
		}
		n, err := callsIn(file)
		if err != nil {
			return err
		}
		p.syscalls = append(p.syscalls, n)
	}
	return nil
}

// callsIn counts the calls that strace has written down: a line for each, or
// two for one that was interrupted by those of another thread. Signals and
// exits have lines too.
func callsIn(file string) (int64, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var calls int64
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		_, what, _ := strings.Cut(lines.Text(), " ")
		what = strings.TrimSpace(what)
		if !strings.HasPrefix(what, "<...") && !strings.HasPrefix(what, "+++") && !strings.HasPrefix(what, "---") {
			calls++
		}
	}
	return calls, lines.Err()
}

// reportCounts prints the counts of the programs that have a column for them,
// and for what cannot be counted here, why.
func (b *bench) reportCounts(programs []*program) {
	programs = slices.DeleteFunc(slices.Clone(programs), func(p *program) bool { return !p.counted })
	hello := programs[0]
	noCalls := b.noSyscalls
	if noCalls == nil {
		for _, p := range programs {
			if err := b.countSyscalls(p); err != nil {
				noCalls = err
				break
			}
		}
	}
	count := func(values []int64, why error) string {
		if why != nil || len(values) == 0 {
			return "-"
		}
		return fmt.Sprint(quantile(values, .5))
	}
	fmt.Printf("\ncounts, medians; CPU time in ms, and against hello's in the same round\n\n")
	fmt.Printf("%-22s %7s %12s %9s %9s %13s %6s  %s\n", "", "faults", "above hello", "syscalls", "switches", "instructions", "CPU", "ratio")
	base := quantile(each(hello.used, func(u usage) int64 { return u.faults }), .5)
	for _, p := range programs {
		faults := quantile(each(p.used, func(u usage) int64 { return u.faults }), .5)
		instructions := each(p.used, func(u usage) int64 { return u.instructions })
		cpu := each(p.used, func(u usage) time.Duration { return u.cpu })
		fmt.Printf("%-22s %7d %12d %9s %9s %13s %6.2f", p.name, faults, faults-base, count(p.syscalls, noCalls),
			count(each(p.used, func(u usage) int64 { return u.switches }), nil), count(instructions, b.noInstructions), ms(quantile(cpu, .5)))
		if p != hello {
			var ratios []float64
			for i := range p.used {
				if unit := hello.used[i].cpu; unit > 0 {
					ratios = append(ratios, float64(p.used[i].cpu)/float64(unit))
				}
			}
			if len(ratios) > 0 {
				fmt.Printf("  %.2f × hello", quantile(ratios, .5))
			}
		}
		fmt.Println()
	}
	if b.noInstructions != nil {
		fmt.Printf("instructions: not counted here (%v)\n", b.noInstructions)
	}
	if noCalls != nil {
		fmt.Printf("syscalls: not counted here (%v)\n", noCalls)
	}
}

func straceMissing() error {
	if _, err := exec.LookPath("strace"); err != nil {
		return errors.New("strace is not installed")
	}
	return nil
}

func each[T any](runs []usage, field func(usage) T) []T {
	values := make([]T, len(runs))
	for i, u := range runs {
		values[i] = field(u)
	}
	return values
}
