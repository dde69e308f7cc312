//go:build linux

package keyring

import (
	"context"
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// Names of the Secret Service specification.
const (
	secretName       = "org.freedesktop.secrets"
	secretPath       = dbus.ObjectPath("/org/freedesktop/secrets")
	secretService    = "org.freedesktop.Secret.Service"
	secretCollection = "org.freedesktop.Secret.Collection"
	secretItem       = "org.freedesktop.Secret.Item"
	secretPrompt     = "org.freedesktop.Secret.Prompt"

	collectionPrefix = string(secretPath) + "/collection/"
	loginCollection  = dbus.ObjectPath(collectionPrefix + "login")
	noObject         = dbus.ObjectPath("/")
)

// Names of D-Bus.
const (
	busName       = "org.freedesktop.DBus"
	busPath       = dbus.ObjectPath("/org/freedesktop/DBus")
	busError      = "org.freedesktop.DBus.Error."
	busProperties = "org.freedesktop.DBus.Properties"
)

// secrets is one conversation with the Secret Service.
type secrets struct {
	bus      *busConn
	attended bool
	target   *collectionName
	session  dbus.ObjectPath
	hidden   []auth.Secret // kept out of errors
}

// openSecrets connects to the session bus. The service itself is not involved
// until the first call.
func openSecrets(ctx context.Context, bus busAddress, attended bool, target *collectionName) (*secrets, error) {
	conn, err := dialBus(ctx, bus, target.answered)
	if err != nil {
		return nil, err
	}
	return &secrets{bus: conn, attended: attended, target: target}, nil
}

// read returns the item's secret.
func (s *secrets) read(item dbus.ObjectPath) ([]byte, error) {
	if s.session == "" {
		var output dbus.Variant
		if err := s.call(secretPath, secretService+".OpenSession", []any{"plain", dbus.MakeVariant("")}, &output, &s.session); err != nil {
			return nil, err
		}
	}
	var secret struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}
	if err := s.call(item, secretItem+".GetSecret", []any{s.session}, &secret); err != nil {
		return nil, err
	}
	if len(secret.Parameters) > 0 {
		return nil, fmt.Errorf("%w: an encrypted secret in an unencrypted session", store.ErrBroken)
	}
	if t := secret.ContentType; !isTextual(t) {
		return nil, fmt.Errorf("%w: the item holds %s", store.ErrUnreadable, auth.Printable(t))
	}
	return secret.Value, nil
}

// isTextual reports whether an item with the content type t can be a record.
// Services do not all preserve the type; what matters is to ignore items of
// other programs.
func isTextual(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(t), ";")
	return t == "" || strings.HasPrefix(t, "text/") || t == "application/octet-stream" || t == "application/json"
}

// property reads one property.
func (s *secrets) property(path dbus.ObjectPath, iface, name string, value any) error {
	var v dbus.Variant
	if err := s.call(path, busProperties+".Get", []any{iface, name}, &v); err != nil {
		return err
	}
	if err := dbus.Store([]any{v.Value()}, value); err != nil {
		return fmt.Errorf("%w: property %s: %w", store.ErrBroken, name, err)
	}
	return nil
}

// call calls a method of the service. Errors are classified.
func (s *secrets) call(path dbus.ObjectPath, method string, args []any, results ...any) error {
	return secretError(s.bus.call(secretName, path, method, args, results...), s.hidden...)
}
