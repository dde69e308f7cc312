package text

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	providers := []string{"123pan", "hitem3d", "wahool"}
	commands := []string{"login", "token", "refresh", "exec", "curl", "status", "logout", "providers", "ci", "doctor"}
	for _, c := range []struct {
		name  string
		known []string
		want  []string
	}{
		{"123pn", providers, []string{"123pan"}},
		{"123apn", providers, []string{"123pan"}}, // two swapped neighbours are one edit
		{"pan", providers, []string{"123pan"}},
		{"hitem", providers, []string{"hitem3d"}},
		{"hitem3D", providers, []string{"hitem3d"}},
		{"whool", providers, []string{"wahool"}},
		{"wahool-auth", providers, []string{"wahool"}},
		{"wokr", []string{"home", "work"}, []string{"work"}},
		{"zzz", providers, nil},
		{"", providers, nil},
		{"a", providers, nil},
		{strings.Repeat("a", 1<<20), providers, nil},
		{"logut", commands, []string{"logout", "login"}},
		{"lgoin", commands, []string{"login"}},
		{"staus", commands, []string{"status"}},
		{"tokne", commands, []string{"token"}},
		{"p", []string{"p1", "p2", "p3", "p4"}, []string{"p1", "p2", "p3"}},
	} {
		if got := Nearest(c.name, c.known); !slices.Equal(got, c.want) {
			t.Errorf("%.20q: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "ac", 1},
		{"abc", "acb", 1}, {"ab", "ba", 1}, {"abcd", "badc", 2}, {"ca", "abc", 3}, {"kitten", "sitting", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestWithoutPath(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "secret-name")
	_, open := os.Open(missing)
	rename := os.Rename(missing, missing+"2")
	start := exec.Command(missing).Run()
	for _, err := range []error{open, rename, start, &exec.Error{Name: "secret-name", Err: fs.ErrNotExist}} {
		got := WithoutPath(err)
		// On Windows a program is looked for under several names.
		absent := errors.Is(got, fs.ErrNotExist) || errors.Is(got, exec.ErrNotFound)
		if strings.Contains(got.Error(), "secret-name") || !absent {
			t.Errorf("%v became %v", err, got)
		}
	}
	plain := errors.New("plain")
	if got := WithoutPath(plain); got != plain {
		t.Errorf("%v became %v", plain, got)
	}
}

func TestJSON(t *testing.T) {
	got, err := JSON(map[string]string{"a": "<&>"})
	if err != nil || string(got) != `{"a":"<&>"}` {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := JSON(func() {}); err == nil {
		t.Error("a function has no JSON")
	}
}
