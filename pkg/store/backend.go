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
	ErrAbsent       = errors.New("not available")
	ErrUnreachable  = errors.New("cannot be reached") // it exists, but the address in the environment is not its own
	ErrLocked       = errors.New("locked")
	ErrDeclined     = errors.New("the prompt was dismissed")
	ErrTimeout      = errors.New("timed out")
	ErrNotPersisted = errors.New("written, but could not be read back")
	ErrUnreadable   = errors.New("unreadable record")
	ErrNewer        = errors.New("written by a newer version of hauth")

	// ErrBroken is a response of a keyring service that its specification
	// does not allow. Nothing is known about the record then: it is neither
	// absent nor unreadable.
	ErrBroken = errors.New("unexpected response from the keyring service")
)

// What can be wrong with a file.
var (
	ErrTooBig     = disk.ErrTooBig
	ErrExposed    = disk.ErrExposed    // another user could read, change or replace it
	ErrNotRegular = disk.ErrNotRegular // a link, a pipe, a device or a directory
)
