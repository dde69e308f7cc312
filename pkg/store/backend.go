package store

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
)

// The names of the back-ends, as the account file and status show them.
const (
	Keyring = "keyring"
	File    = "file"
	Sealed  = "sealed"
	None    = "none"
)

// Item is one of the two records that an account has. They are separate so
// that reading a token never brings the client secret into memory.
type Item int

const (
	ItemCredentials Item = iota
	ItemToken
)

// Key names a record in a back-end.
type Key struct {
	Account auth.Account
	Item    Item
}

// Backend keeps opaque records. Every error is an *auth.Error: of kind
// NotFound when there is no such record, of kind Interrupted when ctx was
// cancelled, of kind Store otherwise, often with one of the errors below in
// its chain. Delete of what is not there is no error.
type Backend interface {
	Get(ctx context.Context, key Key) ([]byte, error)
	Set(ctx context.Context, key Key, data []byte) error
	Delete(ctx context.Context, key Key) error
}

// What can be wrong with a back-end or a record, for errors.Is.
var (
	ErrNotFound     = errors.New("no such record")
	ErrAbsent       = errors.New("not there")
	ErrLocked       = errors.New("locked")
	ErrDeclined     = errors.New("the prompt was dismissed")
	ErrTimeout      = errors.New("no answer in time")
	ErrNotPersisted = errors.New("what was written could not be read back")
	ErrTooBig       = errors.New("the record is too big")
	ErrExposed      = errors.New("others can read it")
	ErrUnreadable   = errors.New("the record cannot be read")
	ErrNewer        = errors.New("the record was written by a newer hauth")

	// ErrBroken is a keyring service that answered, but not as the Secret
	// Service specification says. Nothing is known about the record then: it
	// is neither absent nor unreadable.
	ErrBroken = errors.New("the keyring service did not answer as it should")

	// ErrNotRegular is a symbolic link, a pipe, a device or a directory where
	// a file is expected. Such a thing is refused without being followed or
	// waited for.
	ErrNotRegular = errors.New("not a regular file")
)
