//go:build linux

package keyring

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/store"
)

const childVariable = "HAUTH_TEST_CHILD"

// child runs one operation on the keyring in a process of its own, and returns
// what it read or why it failed.
func child(t *testing.T, op string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Error(err)
		return ""
	}
	cmd := exec.Command(exe, "-test.run=^TestKeyringChild$", "-test.v")
	cmd.Env = append(os.Environ(), childVariable+"="+op)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	_, after, _ := strings.Cut(string(out), "<<")
	inside, _, _ := strings.Cut(after, ">>")
	return inside
}

// TestKeyringChild is what child runs. Elsewhere it has nothing to do.
func TestKeyringChild(t *testing.T) {
	op := os.Getenv(childVariable)
	if op == "" {
		return
	}
	o := Options{timeout: ample}
	if op == "set" {
		o.timeout = 300 * time.Millisecond // ten times as long where go-keyring waits
	}
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	data, err := do(b, op)
	if err != nil {
		data = []byte(err.Error())
	}
	fmt.Printf("<<%s>>\n", data)
}

// A call that go-keyring waits for without end is left behind when the process
// ends.
func TestKeyringLeavesNothingWaiting(t *testing.T) {
	f := newFake(t)
	f.change(func() {
		f.misbehave = func(c fakeCall) *fakeAnswer {
			if c.member == "CreateItem" {
				return &fakeAnswer{drop: true}
			}
			return nil
		}
	})
	start := time.Now()
	if out := child(t, "set"); !strings.Contains(out, store.ErrTimeout.Error()) {
		t.Errorf("child: %q", out)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the process ended after %v", took)
	}
}
