package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

const (
	defaultCollection = "Secret Service"
	howToUnlock       = "at the desktop, or over SSH: " + unlockOverSSH
)

// unlockOverSSH is what unlocks gnome-keyring where no prompt can be shown. The
// password must reach it without a newline.
const unlockOverSSH = `bash -c 'read -rsp "keyring password: " p; printf %s "$p" | gnome-keyring-daemon --replace --unlock'`

// secretServiceClient is the Secret Service. It reads directly: go-keyring makes
// four times as many round trips, and opens prompts on an unattended machine. It
// writes and deletes through go-keyring, after it has checked for what would
// make that prompt, hang or panic.
type secretServiceClient struct {
	bus      busAddress
	attended bool
}

func (o Options) getenv(name string) string {
	if o.Getenv != nil {
		return o.Getenv(name)
	}
	return os.Getenv(name)
}

func newClient(o Options) (client, error) {
	bus, err := findBus(o.getenv)
	if err != nil {
		return nil, err
	}
	return secretServiceClient{bus, o.Attended}, nil
}

func (k secretServiceClient) read(ctx context.Context, username string, target *collectionName) ([]byte, error) {
	s, err := openSecrets(ctx, k.bus, k.attended, target)
	if err != nil {
		return nil, err
	}
	defer s.bus.close()
	item, err := s.find(username)
	if err != nil {
		return nil, err
	}
	data, err := s.read(item)
	if isGone(err) { // replaced since it was found
		if item, err = s.find(username); err != nil {
			return nil, err
		}
		data, err = s.read(item)
	}
	if isGone(err) {
		return nil, store.ErrNotFound
	}
	return data, err
}

func (k secretServiceClient) write(ctx context.Context, username string, data []byte, target *collectionName) error {
	s, err := openSecrets(ctx, k.bus, k.attended, target)
	if err != nil {
		return err
	}
	defer s.bus.close()
	s.hidden = []auth.Secret{auth.NewSecret(string(data))}
	if err := s.prepare(username); err != nil {
		return err
	}
	target.unheard()
	declined, err := k.viaGoKeyring(username, func() error {
		return gokeyring.Set(itemService, username, string(data))
	})
	if err != nil {
		return goKeyringError(err, s.hidden...)
	}
	kept, err := s.keepOnly(username, data)
	switch {
	case err != nil:
		return err
	case !kept && declined():
		return store.ErrDeclined
	case !kept:
		return store.ErrNotPersisted
	}
	return nil
}

func (k secretServiceClient) remove(ctx context.Context, username string, target *collectionName) error {
	s, err := openSecrets(ctx, k.bus, k.attended, target)
	if err != nil {
		return err
	}
	defer s.bus.close()
	if err := s.prepare(username); err != nil {
		return err
	}
	for range 16 { // several items may match; go-keyring deletes one
		left, _, err := s.search(username)
		if err != nil || len(left) == 0 {
			return err
		}
		target.unheard()
		declined, err := k.viaGoKeyring(username, func() error { return gokeyring.Delete(itemService, username) })
		if err != nil && !errors.Is(err, gokeyring.ErrNotFound) {
			return goKeyringError(err)
		}
		if now, _, err := s.search(username); err == nil && len(now) == len(left) {
			if declined() {
				return store.ErrDeclined
			}
			break
		}
	}
	return fmt.Errorf("%w: the item still exists", store.ErrNotPersisted)
}
