package keyring

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/hauth/hauth/pkg/store"
)

const (
	serviceTitle      = "Windows Credential Manager"
	defaultCollection = "Credential Manager"
	howToUnlock       = "log in at the desktop"
)

const errorNoSuchLogonSession = syscall.Errno(1312) // ERROR_NO_SUCH_LOGON_SESSION: a network logon has no credential set

// missing is the error for an item that go-keyring did not find.
func missing(string) error { return store.ErrNotFound }

// nativeCode types an error of the credential functions.
func nativeCode(err error, text string) error {
	if errors.Is(err, errorNoSuchLogonSession) {
		return fmt.Errorf("%w: this logon session has no credential set", store.ErrAbsent)
	}
	return fmt.Errorf("%w: %s", store.ErrBroken, text)
}
