//go:build linux && amd64 && keyring

package steps

import (
	"os"
	"syscall"
	"testing"
)

// TestKeyringKilledAtEachStep: the same with the real gnome-keyring, each message
// to the bus being a step.
func TestKeyringKilledAtEachStep(t *testing.T) {
	if os.Getenv("KEYRING_PID") == "" {
		t.Fatal("this test runs in test/with-keyring: make keyring")
	}
	w := newWorld(t, "keyring", nil)
	defer w.run("logout", provider)
	killedAtEachStep(t, w)
}

// TestKeyringDiskFailsAtEachStep: the keyring keeps the new secret, and the disk
// that holds the account file is full.
func TestKeyringDiskFailsAtEachStep(t *testing.T) {
	if os.Getenv("KEYRING_PID") == "" {
		t.Fatal("this test runs in test/with-keyring: make keyring")
	}
	w := newWorld(t, "keyring", nil)
	defer w.run("logout", provider)
	diskFailsAtEachStep(t, w, syscall.ENOSPC, false)
	if w.tally["asked 1, exit 5, lost true"] > 0 {
		t.Error("the account is lost, though the keyring could keep the new secret")
	}
}
