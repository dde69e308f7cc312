package providers

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// laterBuiltIn is a built-in provider that the first release did not have, or
// skips the test where there is none yet.
func laterBuiltIn(t *testing.T) string {
	t.Helper()
	for _, name := range builtinNames() {
		if !(Catalogue{}).IsReserved(name) {
			return name
		}
	}
	t.Skip("every built-in name is reserved")
	return ""
}

// TestUsersFileBeforeANewBuiltIn: an update of hauth that brings a provider
// must not change what a user's file of that name does.
func TestUsersFileBeforeANewBuiltIn(t *testing.T) {
	name := laterBuiltIn(t)
	dir := t.TempDir()
	c := Catalogue{Dir: dir}
	if p, err := c.Find(name); err != nil || !p.BuiltIn || p.Instead {
		t.Fatal(err)
	}
	path := write(t, dir, name+".yaml", named(name))
	p, err := c.Find(name)
	if err != nil || p.BuiltIn || !p.Instead || p.Path != path || p.Title != "Example" {
		t.Fatalf("%+v, %v", p, err)
	}
	names := c.Names()
	slices.Sort(names)
	if len(slices.Compact(names)) != len(builtinNames()) {
		t.Errorf("%d names", len(names))
	}
	if checked, err := c.Check(path); err != nil || !checked.Instead {
		t.Error(err)
	}
	// A broken file is not passed over.
	write(t, dir, name+".yaml", named(name)+"colour: red\n")
	if _, err := c.Find(name); !auth.Is(err, auth.Usage) {
		t.Error(err)
	}
	// An account of the file's stays with the file: without it, nothing is sent.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	builtIn, err := c.Find(name)
	if err != nil || builtIn.Accepts(p.SHA256) {
		t.Error("the built-in takes an account that was made with a file", err)
	}
}

// TestVariablesThatMeetANewBuiltIn: a file in use goes on working, and check
// says what to rename.
func TestVariablesThatMeetANewBuiltIn(t *testing.T) {
	var name string
	for _, candidate := range builtinNames() {
		if !(Catalogue{}).IsReserved(candidate) && strings.Contains(candidate, "-") {
			name = candidate
			break
		}
	}
	if name == "" {
		return // no name that another could begin
	}
	short, rest, _ := strings.Cut(name, "-")
	for _, v := range builtin(name).Vars {
		dir := t.TempDir()
		c := Catalogue{Dir: dir}
		path := write(t, dir, short+".yaml", strings.ReplaceAll(named(short), "app_id", strings.ReplaceAll(rest, "-", "_")+"_"+v.Name))
		if _, err := c.Find(short); err != nil {
			t.Error(err)
		}
		if _, err := c.Check(path); err == nil || !strings.Contains(err.Error(), "belongs to provider "+name+" as well") {
			t.Error(err)
		}
	}
}

// TestBothSuffixes: .yml was passed over without a word.
func TestBothSuffixes(t *testing.T) {
	dir := t.TempDir()
	c := Catalogue{Dir: dir}
	short := write(t, dir, "example.yml", goodSpec)
	if p, err := c.Find("example"); err != nil || p.Path != short || !slices.Contains(c.Names(), "example") {
		t.Error(err)
	}
	if _, err := c.Check(short); err != nil {
		t.Error(err)
	}
	long := write(t, dir, "example.yaml", goodSpec)
	_, err := c.Find("example")
	if e, ok := auth.AsError(err); !ok || e.Kind != auth.Usage || !strings.Contains(e.Error(), long) || !strings.Contains(e.Error(), short) || e.Subject != dir {
		t.Error(err)
	}
	names := c.Names()
	if n := len(names); names[n-1] != "example" || names[n-2] == "example" {
		t.Error(names)
	}
	if _, err := c.Check(filepath.Join(dir, "absent.yml")); !auth.Is(err, auth.Usage) {
		t.Error(err)
	}
}
