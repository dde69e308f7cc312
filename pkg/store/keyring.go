package store

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// keyringService is the service attribute of every item that hauth keeps in a
// keyring.
const keyringService = "hauth"

// KeyringOptions say how the keyring is used. The zero value is a process that
// nobody attends.
type KeyringOptions struct {
	// Attended says that someone can answer a prompt: an operation may take
	// 90 seconds instead of 2, and a locked collection is unlocked by the
	// keyring's own prompt instead of failing at once.
	Attended bool

	// Notice receives one line when an attended operation has waited for a
	// second. It is called from another goroutine. Nil: none.
	Notice func(string)

	// Getenv finds the session bus. Nil: os.Getenv.
	Getenv func(string) string

	// BlobDir is where records over 2400 bytes rest, sealed; it is made with
	// mode 0700 when first needed. Empty: such records are refused.
	BlobDir string

	timeout, noticeAfter time.Duration // for tests; zero: the documented ones
}

// deadline is how long one operation may take, read-back included.
func (o KeyringOptions) deadline() time.Duration {
	switch {
	case o.timeout > 0:
		return o.timeout
	case o.Attended:
		return 90 * time.Second
	}
	return 2 * time.Second
}

// NewKeyring returns the back-end that keeps records in the keyring of the
// operating system: the Secret Service on Linux, the login keychain on macOS,
// the Credential Manager on Windows. It does not connect yet. Where there is
// no keyring, or no session bus to find one on, the error has ErrAbsent in its
// chain.
//
// Every operation is bounded in time, and after one that was not answered in
// time all others fail at once with ErrTimeout, unless it was the caller's
// context that gave it less time. What was written is read back before Set
// returns.
func NewKeyring(o KeyringOptions) (Backend, error) {
	keeper, err := newKeeper(o)
	if err != nil {
		return nil, keyringError(operation{verb: "open the keyring"}, keeperPlace, err)
	}
	return withBlobs(&keyring{options: o, keeper: keeper}, o.BlobDir), nil
}

// keeper is one platform's keyring, without bounds: its methods may block for
// ever and panic. Their errors have one of the errors of this package in their
// chain. They report the collection that they turned to through at.
type keeper interface {
	read(ctx context.Context, username string, at *place) ([]byte, error)
	write(ctx context.Context, username string, data []byte, at *place) error
	remove(ctx context.Context, username string, at *place) error
}

// keyring puts the bounds around a keeper.
type keyring struct {
	options KeyringOptions
	keeper  keeper
	dead    atomic.Bool // an operation was not answered in time
}

// Get implements Backend.
func (k *keyring) Get(ctx context.Context, key Key) ([]byte, error) {
	return bounded(ctx, k, operation{"read", key}, func(ctx context.Context, at *place) ([]byte, error) {
		return k.keeper.read(ctx, username(key), at)
	})
}

// Set implements Backend.
func (k *keyring) Set(ctx context.Context, key Key, data []byte) error {
	_, err := bounded(ctx, k, operation{"store", key}, func(ctx context.Context, at *place) (struct{}, error) {
		return struct{}{}, k.keeper.write(ctx, username(key), data, at)
	})
	return err
}

// Delete implements Backend.
func (k *keyring) Delete(ctx context.Context, key Key) error {
	_, err := bounded(ctx, k, operation{"delete", key}, func(ctx context.Context, at *place) (struct{}, error) {
		return struct{}{}, k.keeper.remove(ctx, username(key), at)
	})
	if auth.Is(err, auth.NotFound) {
		return nil
	}
	return err
}

// username is the username attribute of a record's item: 123pan/default for
// credentials, 123pan/default#token for the token.
func username(key Key) string {
	if key.Item == ItemToken {
		return key.Account.Full() + "#token"
	}
	return key.Account.Full()
}
