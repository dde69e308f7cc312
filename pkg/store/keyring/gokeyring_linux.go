package keyring

import (
	"errors"
	"fmt"
	"os"

	"github.com/godbus/dbus/v5"
	gokeyring "github.com/zalando/go-keyring"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// viaGoKeyring calls go-keyring, whose connection is godbus's shared one, found
// through the environment. declined reports whether a prompt was dismissed
// meanwhile, which go-keyring reports as success.
func (k secretServiceClient) viaGoKeyring(username string, f func() error) (declined func() bool, err error) {
	if err := os.Setenv(addressVariable, k.bus.text); err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrBroken, err)
	}
	conn, err := dbus.SessionBus()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrAbsent, err)
	}
	// go-keyring begins with OpenSession, which must not be a new client's first
	// call; the comment on find says why.
	for range 2 {
		err = secretError(conn.Object(secretName, secretPath).Call(secretService+".SearchItems", 0, attributes(username)).Err)
		if !isUnknown(err) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	signals := make(chan *dbus.Signal, 8)
	conn.Signal(signals)
	defer conn.RemoveSignal(signals)
	err = f()
	return func() bool { return dismissed(signals) }, err
}

// dismissed reports whether the signals received so far include a dismissed
// prompt.
func dismissed(signals <-chan *dbus.Signal) bool {
	for {
		select {
		case s := <-signals:
			if s == nil {
				return false // the connection was closed
			}
			if s.Name == secretPrompt+".Completed" && len(s.Body) > 0 && s.Body[0] == true {
				return true
			}
		default:
			return false
		}
	}
}

// goKeyringError classifies an error of go-keyring and keeps secrets out of it.
func goKeyringError(err error, secrets ...auth.Secret) error {
	if errors.Is(err, gokeyring.ErrSetDataTooBig) {
		return store.ErrTooBig
	}
	err = secretError(err, secrets...)
	for _, known := range []error{store.ErrAbsent, store.ErrTimeout, store.ErrLocked, store.ErrBroken} {
		if errors.Is(err, known) {
			return err
		}
	}
	return fmt.Errorf("%w: %s", store.ErrBroken, auth.Printable(err.Error(), secrets...))
}
