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

// missing is the error for an item that go-keyring did not find.
func missing(username string) error { return securityMissing("/usr/bin/security", username) }

// nativeCode types an error of the security command.
func nativeCode(err error, text string) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("%w: %s", store.ErrBroken, text)
	}
	return securityError(exit.ExitCode(), text)
}
