//go:build darwin || windows

package keyring

import (
	"context"
	"errors"
	"fmt"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// native is the keyring of macOS or Windows, through go-keyring.
type native struct{}

func newClient(Options) (client, error) { return native{}, nil }

func (native) read(_ context.Context, username string, _ *collectionName) ([]byte, error) {
	s, err := gokeyring.Get(itemService, username)
	if err != nil {
		return nil, nativeError(username, err)
	}
	return []byte(s), nil
}

func (n native) write(ctx context.Context, username string, data []byte, target *collectionName) error {
	if err := gokeyring.Set(itemService, username, string(data)); err != nil {
		return nativeError(username, err, auth.NewSecret(string(data)))
	}
	// The security command reports success for lines that it did not execute.
	back, err := n.read(ctx, username, target)
	if errors.Is(err, store.ErrNotFound) || err == nil && string(back) != string(data) {
		return store.ErrNotPersisted
	}
	return err
}

func (n native) remove(ctx context.Context, username string, target *collectionName) error {
	if err := gokeyring.Delete(itemService, username); err != nil {
		return nativeError(username, err)
	}
	if _, err := n.read(ctx, username, target); err == nil {
		return fmt.Errorf("%w: the item still exists", store.ErrNotPersisted)
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// nativeError types an error of go-keyring about an item.
func nativeError(username string, err error, secrets ...auth.Secret) error {
	switch {
	case errors.Is(err, gokeyring.ErrNotFound):
		return missing(username)
	case errors.Is(err, gokeyring.ErrSetDataTooBig):
		return store.ErrTooBig
	case errors.Is(err, gokeyring.ErrUnsupportedPlatform):
		return store.ErrAbsent
	}
	return nativeCode(err, auth.Printable(err.Error(), secrets...))
}

func inspect(_ context.Context, _ Options, _ *collectionName, report func(Info)) error {
	report(Info{Service: serviceTitle, Collection: defaultCollection})
	return nil
}
