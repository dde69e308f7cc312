package keyring

import (
	"fmt"

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
	case 128, 154: // errSecUserCanceled, -128; errAuthorizationCanceled, -60006
		return store.ErrDeclined
	case 37, 50: // errSecNoDefaultKeychain, -25307; errSecNoSuchKeychain, -25294
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
