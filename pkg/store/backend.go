package store

import (
	"context"
	"errors"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// The names of hauth's own backends, as account files and status show them,
// and what status shows for credentials that come from the environment.
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

// Key names a record in a backend.
type Key struct {
	Account auth.Account
	Item    Item
}

// Backend keeps opaque records of at most [MaxRecord] bytes. Every error is an *auth.Error: of kind
// NotFound when there is no such record, of kind Interrupted when ctx was
// cancelled, of kind Store otherwise, often with one of the errors below in
// its chain. Deleting what is not there succeeds.
type Backend interface {
	Get(ctx context.Context, key Key) ([]byte, error)
	Set(ctx context.Context, key Key, data []byte) error
	Delete(ctx context.Context, key Key) error
}

// What can be wrong with a backend or a record, for errors.Is.
var (
	ErrNotFound     = errors.New("no such record")
	ErrAbsent       = errors.New("not there")
	ErrLocked       = errors.New("locked")
	ErrDeclined     = errors.New("the prompt was dismissed")
	ErrTimeout      = errors.New("no answer in time")
	ErrNotPersisted = errors.New("what was written could not be read back")
	ErrUnreadable   = errors.New("the record cannot be read")
	ErrNewer        = errors.New("the record was written by a newer hauth")

	// ErrBroken is a keyring service that answered, but not as the Secret
	// Service specification says. Nothing is known about the record then: it
	// is neither absent nor unreadable.
	ErrBroken = errors.New("the keyring service did not answer as it should")
)

// What can be wrong with a file.
var (
	ErrTooBig     = disk.ErrTooBig
	ErrExposed    = disk.ErrExposed    // another user could read, change or replace it
	ErrNotRegular = disk.ErrNotRegular // a link, a pipe, a device or a directory
)
