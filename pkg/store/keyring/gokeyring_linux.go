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

// through calls go-keyring on its own connection, which it shares through
// godbus and takes from the environment. declined reports whether a prompt was
// dismissed meanwhile, which go-keyring takes for success.
func (k secretServiceClient) through(username string, f func() error) (declined func() bool, err error) {
	if err := os.Setenv(busVariable, k.bus.text); err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrBroken, err)
	}
	conn, err := dbus.SessionBus()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrAbsent, err)
	}
	// See find: go-keyring begins with OpenSession, which must not be a new
	// client's first call.
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

// dismissed looks through the signals that have come for a dismissed prompt.
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

// typed types an error of go-keyring and keeps secrets out of it.
func typed(err error, secrets ...auth.Secret) error {
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
