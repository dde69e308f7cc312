package store

import (
	"errors"
	"fmt"
	"syscall"
)

const (
	keeperService = "Windows Credential Manager"
	keeperPlace   = "Credential Manager"
	keeperUnlock  = "log in at the desktop"
)

const errorNoSuchLogonSession = syscall.Errno(1312) // ERROR_NO_SUCH_LOGON_SESSION: a network logon has no credential set

// nativeCode types an error of the credential functions.
func nativeCode(err error, text string) error {
	if errors.Is(err, errorNoSuchLogonSession) {
		return fmt.Errorf("%w: this logon session has no credential set", ErrAbsent)
	}
	return fmt.Errorf("%w: %s", ErrBroken, text)
}
