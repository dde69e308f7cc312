package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// crash fails the step number after and every one that follows, as if the
// process had been killed there: not even its cleaning up happens.
type crash struct {
	after int
	done  []string
}

func (c *crash) step(op, path string) error {
	if len(c.done) >= c.after {
		return fmt.Errorf("killed at %s", op)
	}
	c.done = append(c.done, op)
	return nil
}

func TestWriteOrder(t *testing.T) {
	steps := &crash{after: 100}
	if err := (Disk{Step: steps.step}).Write(filepath.Join(t.TempDir(), "d", "f"), []byte("x")); err != nil {
		t.Fatal(err)
	}
	// Data is durable before the name points to it, and then the name is
	// made durable.
	if want := []string{"mkdir", "create", "write", "sync", "rename", "syncdir"}; !slices.Equal(steps.done, want) {
		t.Errorf("steps %q, want %q", steps.done, want)
	}
}

func TestWriteCrash(t *testing.T) {
	for n := range 6 {
		path := filepath.Join(t.TempDir(), "f")
		put(t, path, "old")
		steps := &crash{after: n}
		err := Disk{Step: steps.step}.Write(path, []byte("new"))
		if err == nil {
			t.Fatalf("step %d: no error", n)
		}
		got, readErr := os.ReadFile(path)
		if want := map[bool]string{true: "new", false: "old"}[slices.Contains(steps.done, "rename")]; readErr != nil || string(got) != want {
			t.Errorf("killed after %q: %q, %v", steps.done, got, readErr)
		}
	}
}

func TestWriteFails(t *testing.T) {
	for _, c := range []struct {
		op     string
		err    error
		remedy auth.Remedy
	}{
		{"mkdir", syscall.EROFS, auth.RemedyLookDir},
		{"create", syscall.EACCES, auth.RemedyLookDir},
		{"write", syscall.ENOSPC, auth.RemedySpace},
		{"sync", syscall.EIO, auth.RemedyLookDir},
		{"rename", syscall.ENOSPC, auth.RemedySpace},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "f")
		put(t, path, "old")
		d := Disk{Step: func(op, _ string) error {
			if op == c.op {
				return &os.PathError{Op: op, Path: "elsewhere", Err: c.err}
			}
			return nil
		}}
		err := d.Write(path, []byte("new"))
		if e := wantErr(t, err, c.err); err.Error() != "cannot write "+path+": "+c.err.Error() || e.Remedy != c.remedy || e.Subject != dir {
			t.Errorf("%s: %v, remedy %s of %s", c.op, err, e.Remedy, e.Subject)
		}
		if got := files(t, dir); !slices.Equal(got, []string{"f"}) {
			t.Errorf("%s: left %q", c.op, got)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "old" {
			t.Errorf("%s: %q, %v", c.op, got, err)
		}
	}
	// A real failure, which root gets as well.
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "")
	err := Disk{}.Write(filepath.Join(file, "sub", "f"), nil)
	wantErr(t, err, notDirectory)
}

func TestSweepTemps(t *testing.T) {
	dir := t.TempDir()
	old := time.Now().Add(-2 * time.Hour)
	const random = ".0123456789abcdef"
	for name, age := range map[string]time.Time{
		"f" + random + ".tmp":                 old,
		"g" + random + ".tmp":                 time.Now(),
		"mine.tmp":                            old,
		"f.0123456789abcdeg.tmp":              old,
		random[1:] + ".tmp":                   old,
		"h" + random:                          old,
		"i" + strings.ToUpper(random) + ".tm": old,
	} {
		put(t, filepath.Join(dir, name), "")
		if err := os.Chtimes(filepath.Join(dir, name), age, age); err != nil {
			t.Fatal(err)
		}
	}
	// A sweep leaves everything but files alone.
	other := filepath.Join(dir, "j"+random+".tmp")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(other, old, old); err != nil {
		t.Fatal(err)
	}
	before := len(files(t, dir))
	if err := (Disk{}).Write(filepath.Join(dir, "f"), nil); err != nil {
		t.Fatal(err)
	}
	after := files(t, dir)
	if slices.Contains(after, "f"+random+".tmp") || len(after) != before {
		t.Errorf("left %q", after)
	}
}

// put writes a file, and makes its directory.
func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// files are the names in dir.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// wantErr checks kind and cause, and that the error says what helps.
func wantErr(t *testing.T, err, cause error) *auth.Error {
	t.Helper()
	e, ok := auth.AsError(err)
	if !ok || e.Kind != auth.Store || !errors.Is(err, cause) || e.Remedy == "" {
		t.Fatalf("error %v (%T), want one of kind store, with a remedy, because of %v", err, err, cause)
	}
	return e
}
