// Package keyring is the keyring of the operating system as a [store.Backend]:
// the Secret Service on Linux, the login keychain on macOS, the Credential
// Manager on Windows. Elsewhere, FreeBSD included, there is none.
//
// The platforms' interfaces can wait for ever, panic, or report success
// although nothing was stored. The user must not notice: every operation is
// bounded in time, recovers from panics, and reads back what it wrote.
package keyring

import (
	"context"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// itemService is the service attribute of every item that hauth keeps in a
// keyring.
const itemService = "hauth"

// Options say how the keyring is used. The zero value is an unattended
// process.
type Options struct {
	// Attended says that a user can answer a prompt: an answer may take 90
	// seconds instead of 2, and a locked collection is unlocked with the
	// keyring's own prompt instead of failing at once.
	Attended bool

	// Notice receives one line when an attended operation has waited for a
	// second. It is called from another goroutine. Nil: none.
	Notice func(string)

	// Getenv finds the session bus. Nil: os.Getenv.
	Getenv func(string) string

	// Now is the clock; nil: time.Now.
	Now func() time.Time

	// BlobDir holds the records over 2400 bytes, encrypted; it is created with
	// mode 0700 when first needed. Empty: such records are refused.
	BlobDir string

	timeout, noticeAfter time.Duration // for tests; zero: the documented ones
}

// deadline is how long an answer may take: on Linux, where an operation takes
// several, each of them, and elsewhere the operation.
func (o Options) deadline() time.Duration {
	switch {
	case o.timeout > 0:
		return o.timeout
	case o.Attended:
		return 90 * time.Second
	}
	return 2 * time.Second
}

// most is how long one operation may take, read-back included. A herd keeps the
// keyring busy for as long as that; the holder of an account's lock has as much
// time for all that it does.
func (o Options) most() time.Duration {
	switch {
	case o.timeout > 0:
		return 10 * o.timeout
	case o.Attended:
		return 90 * time.Second
	}
	return auth.MaxExchange
}

// New returns the backend that keeps records in the keyring. It does not
// connect yet. Where there is no keyring, or no session bus to find one on, the
// error has [store.ErrAbsent] in its chain.
//
// Every operation is bounded in time: by 2 seconds without an answer, and 20 in
// all. After one that was not answered in time,
// the keyring is left alone for 30 seconds, in which all others fail at once
// with [store.ErrTimeout]; this does not apply if the caller's context left it
// less time than that. What was written is read back before Set returns.
func New(o Options) (store.Backend, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, failure(operation{verb: "open"}, defaultCollection, err)
	}
	return withBlobs(&keyring{options: o, client: c}, o.BlobDir), nil
}

// client is one platform's keyring, without bounds: its methods may block for
// ever and panic. Their errors have one of package store's errors in their
// chain. They report the collection that they use through target.
type client interface {
	read(ctx context.Context, username string, target *collectionName) ([]byte, error)
	write(ctx context.Context, username string, data []byte, target *collectionName) error
	remove(ctx context.Context, username string, target *collectionName) error
}

// keyring is a client whose operations are bounded.
type keyring struct {
	options Options
	client  client

	mu       sync.Mutex
	timedOut time.Time // when an operation was last not answered in time
}

// retryAfter is how long a keyring that did not answer is left alone: long
// enough that a command that needs several records waits only once, short
// enough for a program that runs for days.
const retryAfter = 30 * time.Second

func (k *keyring) now() time.Time {
	if k.options.Now != nil {
		return k.options.Now()
	}
	return time.Now()
}

// unresponsive reports whether the keyring is to be left alone.
func (k *keyring) unresponsive() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	since := k.now().Sub(k.timedOut)
	return !k.timedOut.IsZero() && 0 <= since && since < retryAfter
}

func (k *keyring) noteTimeout() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.timedOut = k.now()
}

// Get implements Backend.
func (k *keyring) Get(ctx context.Context, key store.Key) ([]byte, error) {
	return bounded(ctx, k, operation{"read", key}, func(ctx context.Context, target *collectionName) ([]byte, error) {
		return k.client.read(ctx, username(key), target)
	})
}

// Set implements Backend.
func (k *keyring) Set(ctx context.Context, key store.Key, data []byte) error {
	_, err := bounded(ctx, k, operation{"store", key}, func(ctx context.Context, target *collectionName) (struct{}, error) {
		return struct{}{}, k.client.write(ctx, username(key), data, target)
	})
	return err
}

// Delete implements Backend.
func (k *keyring) Delete(ctx context.Context, key store.Key) error {
	_, err := bounded(ctx, k, operation{"delete", key}, func(ctx context.Context, target *collectionName) (struct{}, error) {
		return struct{}{}, k.client.remove(ctx, username(key), target)
	})
	if auth.Is(err, auth.NotFound) {
		return nil
	}
	return err
}

// username is the username attribute of a record's item: 123pan/default for
// credentials, 123pan/default#token for the token.
func username(key store.Key) string {
	if key.Item == store.ItemToken {
		return key.Account.Full() + "#token"
	}
	return key.Account.Full()
}
