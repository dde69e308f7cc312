package store

import (
	"errors"
	"io/fs"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Info is what an account file says: nothing secret, and enough to list the
// account without opening its store. Times are in UTC; a zero time is unknown.
type Info struct {
	Account       auth.Account
	Store         string // the backend that the account is pinned to
	Endpoint      string // for display; the one in the credentials record is used
	CredentialID  string
	SpecSHA256    string // of the user's provider file; empty for a built-in provider
	API           string // base URL of the API, where login named one
	Fleet         string // URL of the engine that the token is shared through, where login named one
	CAFile        string // path of further certificate authorities; the one in the credentials record is used
	CreatedAt     time.Time
	IssuedAt      time.Time // of the stored token; zero: there is none
	ExpiresAt     time.Time
	Source        auth.Source // how ExpiresAt is known
	credentialsAt time.Time   // when the credentials were saved; zero: by a version that did not record it
	incomplete    bool        // a login or a logout was interrupted
}

// withCredentials is i with the parts of c that an account file repeats.
func (i Info) withCredentials(c savedCredentials) Info {
	i.Endpoint, i.CredentialID, i.credentialsAt = c.Endpoint, c.ID, c.at
	i.SpecSHA256, i.API, i.Fleet, i.CAFile = c.SpecSHA256, c.API, c.Fleet, c.CAFile
	return i
}

// loginOverlap is how much earlier credentials may have been saved than those
// that the account file names, and still be used: logins on two hosts that
// share a home directory may write the two files in different order.
const loginOverlap = 5 * time.Minute

// supersedes reports whether c is from an earlier login than the account file: an
// old record was put back. If c is from a later one, that login was interrupted.
func (i Info) supersedes(c savedCredentials) bool {
	return c.ID != i.CredentialID && c.at.Before(i.credentialsAt.Add(-loginOverlap))
}

// The package comment documents it.
type accountFile struct {
	V             int         `json:"v"`
	Account       string      `json:"account"`
	Store         string      `json:"store"`
	Endpoint      string      `json:"endpoint"`
	CredentialID  string      `json:"credential_id"`
	SpecSHA256    string      `json:"spec_sha256,omitempty"`
	API           string      `json:"api,omitempty"`
	Fleet         string      `json:"fleet,omitempty"`
	CAFile        string      `json:"ca_file,omitempty"`
	CreatedAt     time.Time   `json:"created_at,omitzero"`
	IssuedAt      time.Time   `json:"issued_at,omitzero"`
	ExpiresAt     time.Time   `json:"expires_at,omitzero"`
	Source        auth.Source `json:"source,omitempty"`
	CredentialsAt time.Time   `json:"credentials_at,omitzero"`
	Void          bool        `json:"void,omitempty"`
}

// Read reads an account's file. The error is of kind NotFound when there is
// none or it is incomplete, of kind Store when it cannot be read or others can
// write to it.
func Read(d Dirs, a auth.Account) (Info, error) {
	info, err := readAnyInfo(d, a)
	if err == nil && info.incomplete {
		return Info{}, notLoggedIn(a)
	}
	return info, err
}

// readAnyInfo is Read, but returns an incomplete account as it is.
func readAnyInfo(d Dirs, a auth.Account) (Info, error) {
	if err := d.check(); err != nil {
		return Info{}, err
	}
	path := d.AccountFile(a)
	// It says where tokens are sent.
	data, err := disk.Read(disk.File{Path: path, Limit: maxAccount, Others: disk.MayRead})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Info{}, notLoggedIn(a)
	case errors.Is(err, ErrExposed):
		return Info{}, err
	case errors.Is(err, ErrTooBig):
		err = unreadable("it is too large") // a login replaces it, a logout deletes it
	}
	var info Info
	if err == nil {
		info, err = decodeInfo(a, data)
	}
	if err != nil {
		return Info{}, badInfo(a, path, err)
	}
	return info, nil
}

func badInfo(a auth.Account, path string, err error) error {
	remedy, subject := auth.RemedyLook, path
	switch {
	case errors.Is(err, ErrNewer):
		remedy, subject = auth.RemedyUpdate, "" // without its file, the account is lost
	case errors.Is(err, ErrUnreadable):
		remedy = auth.RemedyLogin
	}
	return &auth.Error{
		Kind:    auth.Store,
		Account: a.String(),
		Fact:    "cannot read the account file " + auth.Printable(path),
		Err:     text.WithoutPath(err),
		Remedy:  remedy,
		Subject: subject,
	}
}

// readInfo is [Read] for an account whose store is to be opened: one that the
// table does not have makes the file unreadable.
func (o Options) readInfo(a auth.Account) (Info, error) {
	info, err := Read(o.Dirs, a)
	return o.known(info, err)
}

func (o Options) readAnyInfo(a auth.Account) (Info, error) {
	info, err := readAnyInfo(o.Dirs, a)
	return o.known(info, err)
}

func (o Options) known(info Info, err error) (Info, error) {
	if err != nil || o.knows(info.Store) {
		return info, err
	}
	return Info{}, badInfo(info.Account, o.Dirs.AccountFile(info.Account), unreadable("it names a store that this version of hauth does not know"))
}

func decodeInfo(a auth.Account, data []byte) (Info, error) {
	var f accountFile
	if err := decode(data, maxAccount, &f, &f.V); err != nil {
		return Info{}, err
	}
	info := Info{
		Account: a, Store: f.Store, Endpoint: f.Endpoint, CredentialID: f.CredentialID, SpecSHA256: f.SpecSHA256, API: f.API, Fleet: f.Fleet, CAFile: f.CAFile,
		CreatedAt: utc(f.CreatedAt), IssuedAt: utc(f.IssuedAt), ExpiresAt: utc(f.ExpiresAt),
		Source: f.Source, credentialsAt: utc(f.CredentialsAt), incomplete: f.Void,
	}
	switch {
	case f.Account != a.Full():
		return Info{}, unreadable("it belongs to another account")
	case !auth.ValidName(f.Store):
		return Info{}, unreadable("it does not name a store")
	case f.Endpoint == "" || f.CredentialID == "":
		return Info{}, unreadable("it is incomplete")
	}
	for _, t := range []time.Time{info.CreatedAt, info.IssuedAt, info.ExpiresAt, info.credentialsAt} {
		if !encodable(t) {
			return Info{}, unreadable("a time is out of range")
		}
	}
	return info, nil
}

func encodeInfo(i Info) ([]byte, error) {
	return encode(accountFile{
		V: recordVersion, Account: i.Account.Full(), Store: i.Store, Endpoint: i.Endpoint,
		CredentialID: i.CredentialID, SpecSHA256: i.SpecSHA256, API: i.API, Fleet: i.Fleet, CAFile: i.CAFile, CreatedAt: utc(i.CreatedAt),
		IssuedAt: utc(i.IssuedAt), ExpiresAt: utc(i.ExpiresAt), Source: i.Source, CredentialsAt: utc(i.credentialsAt),
		Void: i.incomplete,
	}, maxAccount)
}
