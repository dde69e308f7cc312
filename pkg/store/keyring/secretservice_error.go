//go:build linux

package keyring

import (
	"errors"
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// secretError classifies an error response by its D-Bus name. Its text is made
// safe to print and the secrets are removed.
func secretError(err error, secrets ...auth.Secret) error {
	var answer dbus.Error
	if !errors.As(err, &answer) {
		return err
	}
	text := auth.Printable(answer.Error(), secrets...)
	switch name, isBus := strings.CutPrefix(answer.Name, busError); {
	case isBus && (name == "ServiceUnknown" || name == "NameHasNoOwner" || strings.HasPrefix(name, "Spawn.")):
		return fmt.Errorf("%w: no keyring service on the session bus: %s", store.ErrAbsent, text)
	case isBus && (name == "NoReply" || name == "Disconnected"):
		return fmt.Errorf("%w: the keyring service exited: %s", store.ErrAbsent, text)
	case isBus && (name == "Timeout" || name == "TimedOut"):
		return fmt.Errorf("%w: %s", store.ErrTimeout, text)
	case answer.Name == "org.freedesktop.Secret.Error.IsLocked":
		return store.ErrLocked
	}
	return answerError{answer.Name, text}
}

// answerError is any other error response of the service.
type answerError struct{ name, text string }

func (e answerError) Error() string { return store.ErrBroken.Error() + ": " + e.text }
func (e answerError) Unwrap() error { return store.ErrBroken }

func isUnknown(err error) bool {
	var e answerError
	return errors.As(err, &e) && e.name == busError+"UnknownMethod"
}

// isGone reports whether the object does not exist.
func isGone(err error) bool {
	var e answerError
	return errors.As(err, &e) && (e.name == "org.freedesktop.Secret.Error.NoSuchObject" || e.name == busError+"UnknownObject")
}
