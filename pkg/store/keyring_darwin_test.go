package store

import (
	"errors"
	"os/exec"
	"testing"
)

func TestNativeCode(t *testing.T) {
	for status, want := range map[string]error{"36": ErrLocked, "51": ErrLocked, "128": ErrDeclined, "50": ErrAbsent, "1": ErrBroken} {
		err := exec.Command("/bin/sh", "-c", "exit "+status).Run()
		if got := nativeCode(err, "text"); !errors.Is(got, want) {
			t.Errorf("status %s: %v, want %v", status, got, want)
		}
	}
	if got := nativeCode(errors.New("no such command"), "text"); !errors.Is(got, ErrBroken) {
		t.Errorf("got %v", got)
	}
}
