package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"filippo.io/age"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// maxAgeFile allows for what age adds to a record: a header line for each
// recipient and 16 bytes in every 64 KiB.
const maxAgeFile = MaxRecord + 4<<10

// ageFile is the backend File: one age file per record, encrypted to an X25519
// identity. It protects against stray copies of single files and against other
// users, but not against someone who has the whole home directory, since the
// identity is there as well.
//
// The identity is loaded when the first record is read or written, so that
// deleting works without one.
type ageFile struct {
	dirs   Dirs
	getenv func(string) string
	disk   disk.Disk

	mu  sync.Mutex
	ids []*age.X25519Identity // once they have been found
}

// NewFile opens the file store. Getenv, if nil, is os.Getenv; it is asked for
// HAUTH_AGE_IDENTITY and HAUTH_AGE_IDENTITY_FILE. Nothing is read yet.
func NewFile(d Dirs, getenv func(string) string) (Backend, error) {
	return newAgeFile(d, getenv, disk.Disk{})
}

func newAgeFile(d Dirs, getenv func(string) string, k disk.Disk) (*ageFile, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if getenv == nil {
		getenv = os.Getenv
	}
	k.Stale = isProbe
	return &ageFile{dirs: d, getenv: getenv, disk: k}, nil
}

// identities loads the identities, once. An error is not remembered: what is
// missing now may exist when the next record is read.
func (f *ageFile) identities() ([]*age.X25519Identity, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ids == nil {
		ids, err := loadIdentities(f.dirs, f.getenv)
		if err != nil {
			return nil, err
		}
		f.ids = ids
	}
	return f.ids, nil
}

// Get reads a record. A file that others can read, or that is not a regular
// file, is refused before the identity is used.
func (f *ageFile) Get(_ context.Context, key Key) ([]byte, error) {
	path := f.dirs.RecordFile(key)
	sealed, err := disk.Read(disk.File{Path: path, Limit: maxAgeFile})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &auth.Error{Kind: auth.NotFound, Account: key.Account.String(), Fact: "there is no record " + auth.Printable(path), Err: ErrNotFound}
	case errors.Is(err, ErrTooBig):
		return nil, f.unreadable(key, path, "it is too large")
	case errors.Is(err, ErrNotRegular):
		return nil, &auth.Error{
			Kind: auth.Store, Account: key.Account.String(),
			Fact: "refusing to use " + auth.Printable(path), Err: ErrNotRegular, Remedy: auth.RemedyLook, Subject: path,
		}
	case err != nil:
		return nil, disk.Cannot("read", path, err)
	}
	ids, err := f.identities()
	if err != nil {
		return nil, err
	}
	data, err := open(sealed, ids)
	if err != nil {
		var none *age.NoIdentityMatchError
		if errors.As(err, &none) {
			return nil, f.unreadable(key, path, "it is encrypted to another key")
		}
		return nil, f.unreadable(key, path, "it is damaged")
	}
	return data, nil
}

func (f *ageFile) unreadable(key Key, path, why string) error {
	return &auth.Error{
		Kind: auth.Store, Account: key.Account.String(),
		Fact:   "cannot decrypt " + auth.Printable(path),
		Err:    unreadable(why),
		Remedy: auth.RemedyLogin,
	}
}

func open(sealed []byte, ids []*age.X25519Identity) ([]byte, error) {
	all := make([]age.Identity, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), all...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Set replaces a record.
func (f *ageFile) Set(_ context.Context, key Key, data []byte) error {
	if len(data) > MaxRecord {
		return &auth.Error{Kind: auth.Store, Account: key.Account.String(), Fact: "cannot store the record", Err: ErrTooBig}
	}
	if err := disk.CheckDir(f.dirs.Records()); err != nil {
		return err
	}
	ids, err := f.identities()
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, ids[0].Recipient())
	if err == nil {
		w.Write(data)
		err = w.Close()
	}
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "cannot encrypt a record", Err: err}
	}
	return f.disk.Write(f.dirs.RecordFile(key), sealed.Bytes())
}

// Delete removes a record, whatever is in its place.
func (f *ageFile) Delete(_ context.Context, key Key) error {
	return f.disk.Remove(f.dirs.RecordFile(key))
}
