//go:build unix

package text

import (
	"os/exec"
	"strings"
	"testing"
)

// A path with a space or a quote must not make a hint that does something
// else when it is typed.
func TestShellWords(t *testing.T) {
	for _, s := range []string{"/plain/path-1_2.txt", "/with space/it's", `/"$(touch x)"/` + "`y`", "/ü", "*", "~", "~root", "a;b", ""} {
		for name, word := range map[string]string{"Word": Word(s), "Quote": Quote(s)} {
			out, err := exec.Command("sh", "-c", "for word in "+word+"; do printf '%s|' \"$word\"; done").Output()
			if want := s + "|"; err != nil || string(out) != want {
				t.Errorf("%s(%q) is read as %q, %v", name, s, out, err)
			}
		}
	}
	if got := Word("/plain/path-1_2.yaml"); got != "/plain/path-1_2.yaml" {
		t.Errorf("%s is in quotes without need", got)
	}
	for _, s := range []string{"/new\nline", "/tab\tand 'quotes' \\ ü", "/\x1b[31m", "/##[group]x", strings.Repeat("/long name", 100)} {
		out, err := exec.Command("bash", "-c", "printf %s "+Word(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q is read as %q, %v", s, out, err)
		}
	}
	if got := Word("/x\x1b[31m\n"); strings.ContainsAny(got, "\x1b\n") {
		t.Errorf("%q can reach a terminal", got)
	}
}
