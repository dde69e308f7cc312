package store

import (
	"errors"
	"syscall"
	"testing"
)

func TestNativeCode(t *testing.T) {
	for code, want := range map[syscall.Errno]error{1312: ErrAbsent, syscall.ERROR_ACCESS_DENIED: ErrBroken} {
		if got := nativeCode(code, "text"); !errors.Is(got, want) {
			t.Errorf("code %d: %v, want %v", code, got, want)
		}
	}
}
