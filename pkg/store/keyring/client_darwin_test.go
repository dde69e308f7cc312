package keyring

import (
	"errors"
	"os/exec"
	"testing"

	"github.com/hauth/hauth/pkg/store"
)

func TestNativeCode(t *testing.T) {
	for status, want := range map[string]error{"36": store.ErrLocked, "51": store.ErrLocked, "128": store.ErrDeclined, "50": store.ErrAbsent, "1": store.ErrBroken} {
		err := exec.Command("/bin/sh", "-c", "exit "+status).Run()
		if got := nativeCode(err, "text"); !errors.Is(got, want) {
			t.Errorf("status %s: %v, want %v", status, got, want)
		}
	}
	if got := nativeCode(errors.New("no such command"), "text"); !errors.Is(got, store.ErrBroken) {
		t.Errorf("got %v", got)
	}
}
