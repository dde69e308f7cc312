package store

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Info is what an account file says: nothing secret, and enough for a listing
// that opens no store. Times are in UTC; a zero time is unknown.
type Info struct {
	Account      auth.Account
	Store        string // the back-end that the account is pinned to: Keyring or File
	Endpoint     string // for display; the credentials record has the one that counts
	CredentialID string
	SpecSHA256   string // of the user's provider file; empty for a built-in provider
	CAFile       string // path of further certificate authorities; the credentials record has the one that counts
	CreatedAt    time.Time
	IssuedAt     time.Time // of the stored token; zero: there is none
	ExpiresAt    time.Time
	LastRefresh  time.Time   // when a token was last saved
	Source       auth.Source // how ExpiresAt is known
	void         bool        // a login was not completed, or a logout was begun
}

// The package comment documents it.
type accountFile struct {
	V            int         `json:"v"`
	Account      string      `json:"account"`
	Store        string      `json:"store"`
	Endpoint     string      `json:"endpoint"`
	CredentialID string      `json:"credential_id"`
	SpecSHA256   string      `json:"spec_sha256,omitempty"`
	CAFile       string      `json:"ca_file,omitempty"`
	CreatedAt    time.Time   `json:"created_at,omitzero"`
	IssuedAt     time.Time   `json:"issued_at,omitzero"`
	ExpiresAt    time.Time   `json:"expires_at,omitzero"`
	Source       auth.Source `json:"source,omitempty"`
	LastRefresh  time.Time   `json:"last_refresh,omitzero"`
	Void         bool        `json:"void,omitempty"`
}

// ReadInfo reads a's account file. The error is of kind NotFound when there
// is none or it is void, of kind Store when it cannot be read or others can
// write to it.
func ReadInfo(d Dirs, a auth.Account) (Info, error) {
	info, err := readInfo(d, a)
	if err == nil && info.void {
		return Info{}, notLoggedIn(a)
	}
	return info, err
}

// readInfo is ReadInfo, but returns a void account as it is.
func readInfo(d Dirs, a auth.Account) (Info, error) {
	path := d.AccountFile(a)
	data, m, err := readRegular(path, maxAccount, false)
	if errors.Is(err, fs.ErrNotExist) {
		return Info{}, notLoggedIn(a)
	}
	if err == nil {
		// It says where tokens are sent.
		if err := unchanged(path, m); err != nil {
			return Info{}, err
		}
	}
	if errors.Is(err, ErrTooBig) {
		err = unreadable("it is too big") // a login replaces it, a logout deletes it
	}
	var info Info
	if err == nil {
		info, err = decodeInfo(a, data)
	}
	if err != nil {
		return Info{}, &auth.Error{
			Kind:    auth.Store,
			Account: a.String(),
			Fact:    "cannot read the account file " + auth.Printable(path),
			Err:     reason(err),
			Remedy:  infoRemedy(err),
			Subject: path,
		}
	}
	return info, nil
}

func infoRemedy(err error) auth.Remedy {
	switch {
	case errors.Is(err, ErrNewer):
		return auth.RemedyUpdate
	case errors.Is(err, ErrUnreadable):
		return auth.RemedyLogin
	}
	return auth.RemedyLook
}

func decodeInfo(a auth.Account, data []byte) (Info, error) {
	var f accountFile
	if err := decode(data, maxAccount, &f, &f.V); err != nil {
		return Info{}, err
	}
	info := Info{
		Account: a, Store: f.Store, Endpoint: f.Endpoint, CredentialID: f.CredentialID, SpecSHA256: f.SpecSHA256, CAFile: f.CAFile,
		CreatedAt: utc(f.CreatedAt), IssuedAt: utc(f.IssuedAt), ExpiresAt: utc(f.ExpiresAt),
		LastRefresh: utc(f.LastRefresh), Source: f.Source, void: f.Void,
	}
	switch {
	case f.Account != a.Full():
		return Info{}, unreadable("it belongs to another account")
	case f.Store != Keyring && f.Store != File:
		return Info{}, unreadable("it names no store that this hauth knows")
	case f.Endpoint == "" || f.CredentialID == "":
		return Info{}, unreadable("it is incomplete")
	}
	for _, t := range []time.Time{info.CreatedAt, info.IssuedAt, info.ExpiresAt, info.LastRefresh} {
		if !encodable(t) {
			return Info{}, unreadable("a time is out of range")
		}
	}
	return info, nil
}

func encodeInfo(i Info) ([]byte, error) {
	return encode(accountFile{
		V: recordVersion, Account: i.Account.Full(), Store: i.Store, Endpoint: i.Endpoint,
		CredentialID: i.CredentialID, SpecSHA256: i.SpecSHA256, CAFile: i.CAFile, CreatedAt: utc(i.CreatedAt),
		IssuedAt: utc(i.IssuedAt), ExpiresAt: utc(i.ExpiresAt), Source: i.Source, LastRefresh: utc(i.LastRefresh),
		Void: i.void,
	}, maxAccount)
}

// List reads all account files, sorted by provider and profile. One that
// cannot be read does not hide the others: the error joins those of all that
// could not, and the rest is returned with it.
func List(d Dirs) ([]Info, error) {
	all, err := list(d)
	return slices.DeleteFunc(all, func(i Info) bool { return i.void }), err
}

// Remains lists the accounts that have a file but that List leaves out: a
// login was not completed, a logout was broken off, or the file cannot be
// read. OpenToDelete opens them where they can be deleted.
func Remains(d Dirs) []auth.Account {
	all, _ := accounts(d)
	var remains []auth.Account
	for _, a := range all {
		if i, err := readInfo(d, a); err != nil && !auth.Is(err, auth.NotFound) || i.void {
			remains = append(remains, a)
		}
	}
	return remains
}

func list(d Dirs) ([]Info, error) {
	names, err := accounts(d)
	var all []Info
	var broken []error
	if err != nil {
		broken = append(broken, err)
	}
	for _, a := range names {
		info, err := readInfo(d, a)
		switch {
		case auth.Is(err, auth.NotFound): // logged out since the directory was read
		case err != nil:
			broken = append(broken, err)
		default:
			all = append(all, info)
		}
	}
	slices.SortFunc(all, func(a, b Info) int { return strings.Compare(a.Account.Full(), b.Account.Full()) })
	return all, errors.Join(broken...)
}

// accounts are those that have a file, whatever is in it. Those that could be
// found are returned with the error, too.
func accounts(d Dirs) ([]auth.Account, error) {
	entries, err := os.ReadDir(d.Accounts())
	var all []auth.Account
	for _, e := range entries {
		if a, ok := accountOf(e.Name()); ok { // editors and file managers leave files of their own
			all = append(all, a)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return all, cannot("read", d.Accounts(), err)
	}
	return all, nil
}

// accountOf is the account whose account file has the given name.
func accountOf(name string) (auth.Account, bool) {
	base, ok := strings.CutSuffix(name, ".json")
	if !ok {
		return auth.Account{}, false
	}
	provider, profile, ok := strings.Cut(base, "@")
	if !ok || !auth.ValidName(provider) || !auth.ValidName(profile) {
		return auth.Account{}, false
	}
	return auth.Account{Provider: provider, Profile: profile}, true
}
