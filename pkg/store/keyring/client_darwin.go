package keyring

import (
	"errors"
	"fmt"
	"os/exec"

	"github.com/hauth/hauth/pkg/store"
)

const (
	serviceTitle      = "macOS keychain"
	defaultCollection = "login keychain"
	howToUnlock       = "over SSH run: security unlock-keychain"
)

// nativeCode types an error by the status of the security command, which is
// the low byte of the framework's OSStatus.
func nativeCode(err error, text string) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("%w: %s", store.ErrBroken, text)
	}
	switch exit.ExitCode() {
	case 36, 51: // errSecInteractionNotAllowed, errSecAuthFailed
		return fmt.Errorf("%w (security: status %d)", store.ErrLocked, exit.ExitCode())
	case 128: // userCanceledErr
		return store.ErrDeclined
	case 50: // errSecNoSuchKeychain
		return fmt.Errorf("%w (security: no such keychain)", store.ErrAbsent)
	}
	return fmt.Errorf("%w: security: %s", store.ErrBroken, text)
}
