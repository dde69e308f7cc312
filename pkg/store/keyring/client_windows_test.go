package keyring

import (
	"errors"
	"syscall"
	"testing"

	"github.com/hauth/hauth/pkg/store"
)

func TestNativeCode(t *testing.T) {
	for code, want := range map[syscall.Errno]error{1312: store.ErrAbsent, syscall.ERROR_ACCESS_DENIED: store.ErrBroken} {
		if got := nativeCode(code, "text"); !errors.Is(got, want) {
			t.Errorf("code %d: %v, want %v", code, got, want)
		}
	}
}
