//go:build linux

package budget

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	// What is counted is built from this package, which the test does not call:
	// imported, it keeps go test from showing a result that is out of date.
	_ "github.com/hauth/hauth/cmd"
)

var update = flag.Bool("update", false, "write budget.txt")

// tolerance is how far a count may be from its budget. Repeated on one machine,
// a median differs by less than one in a hundred, loaded or not.
const tolerance = 0.03

const budgetFile = "budget.txt"

// readBudget reads the figures by name, and what they were counted on.
func readBudget(t *testing.T) (figures map[string]int, on string) {
	t.Helper()
	data, err := os.ReadFile(budgetFile)
	if err != nil {
		t.Fatal(err)
	}
	figures = map[string]int{}
	for line := range strings.Lines(string(data)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if name == "on" {
			on = value
			continue
		}
		if figures[name], err = strconv.Atoi(value); err != nil {
			t.Fatalf("%s: %s", budgetFile, line)
		}
	}
	return figures, on
}

// writeBudget puts counted figures in the place of the old ones.
func writeBudget(t *testing.T, counted map[string]int, on string) {
	t.Helper()
	figures, _ := readBudget(t)
	maps.Copy(figures, counted)
	out := "# What a call of hauth may cost; doc.go says what these figures are, and how to\n# write them anew.\non: " + on + "\n"
	for _, name := range slices.Sorted(maps.Keys(figures)) {
		out += fmt.Sprintf("%s: %d\n", name, figures[name])
	}
	if err := os.WriteFile(budgetFile, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// budgeted wants a figure of the file, so that none is ever compared with
// nothing.
func budgeted(t *testing.T, figures map[string]int, name string) int {
	t.Helper()
	value, ok := figures[name]
	if !ok {
		t.Fatalf("%s has no line for %q", budgetFile, name)
	}
	return value
}

// near reports whether a count that should be want is within the tolerance of
// whole.
func near(got, want, whole int) bool {
	return float64(max(got-want, want-got)) <= tolerance*float64(whole)
}

// released is the path of a program of this repository, built as it is
// released: by the flags of the Makefile.
func released(t *testing.T, dir, name, pkg string) string {
	t.Helper()
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(makefile), "\nRELEASE_FLAGS := ")
	flags, _, _ := strings.Cut(rest, "\n")
	if !ok {
		t.Fatal("the Makefile has no RELEASE_FLAGS")
	}
	built := filepath.Join(dir, name+".built")
	c := shell("cd ../.. && exec go build " + flags + ` -o "$BUILT" ` + pkg)
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "BUILT="+built)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	data, err := os.ReadFile(built)
	if err != nil {
		t.Fatal(err)
	}
	// How a file was written decides how it lies in the page cache, and with that
	// how much one fault maps. Page by page it lies the same way on every file
	// system, and as after a read from the disk.
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	for page := range slices.Chunk(data, 4096) {
		if _, err := f.Write(page); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
