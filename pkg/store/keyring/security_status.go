package keyring

import (
	"errors"
	"fmt"
	"os/exec"

	"github.com/hauth/hauth/pkg/store"
)

// securityError types a failure of macOS's security command by its exit status,
// which is the low byte of the framework's OSStatus. text is what else is known
// about the failure. The function is compiled on all systems, so that all of
// them test it.
func securityError(status int, text string) error {
	switch status {
	case 44: // errSecItemNotFound, -25300
		return store.ErrNotFound
	case 36, 51, 153: // errSecInteractionNotAllowed, -25308; errSecAuthFailed, -25293; errAuthorizationInteractionNotAllowed, -60007
		return fmt.Errorf("%w (security: status %d)", store.ErrLocked, status)
	case 128, 154, 155: // errSecUserCanceled, -128; errAuthorizationCanceled, -60006; errAuthorizationDenied, -60005
		return store.ErrDeclined
	case 37, 50, 53: // errSecNoDefaultKeychain, -25307; errSecNoSuchKeychain, -25294; errSecNotAvailable, -25291
		return fmt.Errorf("%w (security: no such keychain)", store.ErrAbsent)
	case 161: // EPERM, 100001: the process may not use the keychain, as in a sandbox
		return fmt.Errorf("%w (security: operation not permitted)", store.ErrAbsent)
	case 45: // errSecDuplicateItem, -25299
		return fmt.Errorf("%w: security: another item of that name is in the way", store.ErrBroken)
	case 152: // errAuthorizationInternal, -60008
		return fmt.Errorf("%w: security: the authorization service reported an internal error", store.ErrBroken)
	}
	return fmt.Errorf("%w: security: %s", store.ErrBroken, text)
}

// securityMissing is the error for an item that go-keyring did not find. It looks
// for the words "could not be found", which are also what security says of a
// keychain that is not there; the status of the command, with which item and
// keychain are told apart, it drops. So security is asked once more, for the item's
// attributes alone.
func securityMissing(program, username string) error {
	err := exec.Command(program, "find-generic-password", "-s", itemService, "-a", username).Run()
	var exit *exec.ExitError
	switch {
	case err == nil: // another process has stored it since
		return store.ErrNotFound
	case errors.As(err, &exit):
		return securityError(exit.ExitCode(), err.Error())
	}
	return fmt.Errorf("%w: %w", store.ErrBroken, err)
}
