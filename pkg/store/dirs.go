package store

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// Dirs are the directories for files; all are absolute paths. The program
// that uses this package determines them.
type Dirs struct {
	Config  string // providers/, identity.txt
	Data    string // accounts/, records/, blobs/
	State   string // locks/, if there is no Runtime
	Cache   string // sealed/
	Runtime string // locks; empty: they are under State
}

// check refuses the directories of stored accounts if they are not set, since a
// relative one depends on where the program was started, and for root if they
// belong to another user.
func (d Dirs) check() error { return checkDirs(d.Config, d.Data, d.State) }

func checkDirs(dirs ...string) error {
	for _, dir := range dirs {
		if !filepath.IsAbs(dir) {
			return &auth.Error{Kind: auth.Store, Fact: "cannot find hauth's files", Err: reason{"their directory is not set to an absolute path", ErrAbsent}, Remedy: auth.RemedyHome}
		}
	}
	return disk.CheckHome(dirs...)
}

// Providers is where a user's own provider files are.
func (d Dirs) Providers() string { return filepath.Join(d.Config, "providers") }

// Identity is the file store's own age identity.
func (d Dirs) Identity() string { return filepath.Join(d.Config, "identity.txt") }

// Accounts holds the account files.
func (d Dirs) Accounts() string { return filepath.Join(d.Data, "accounts") }

// Records holds the file store's records.
func (d Dirs) Records() string { return filepath.Join(d.Data, "records") }

// Blobs holds the records that are too large for a keyring item.
func (d Dirs) Blobs() string { return filepath.Join(d.Data, "blobs") }

// Sealed holds the sealed cache.
func (d Dirs) Sealed() string { return filepath.Join(d.Cache, "sealed") }

// Locks holds the locks and the attempts of stored accounts. The runtime
// directory is preferred because it is on a local file system, but only if it
// belongs to this user and no other user can write to it. A digest of Data keeps
// installations with different homes apart in it.
func (d Dirs) Locks() string {
	if d.Runtime == "" || !disk.IsOwnDir(d.Runtime) {
		return filepath.Join(d.State, "locks")
	}
	sum := sha256.Sum256([]byte(d.Data))
	return filepath.Join(d.Runtime, "hauth", hex.EncodeToString(sum[:4]))
}

// AccountFile is the path of a's account file.
func (d Dirs) AccountFile(a auth.Account) string {
	return filepath.Join(d.Accounts(), a.FileName()+".json")
}

// RecordFile is the path of the file store's record.
func (d Dirs) RecordFile(k Key) string {
	kind := ".credentials.age"
	if k.Item == ItemToken {
		kind = ".token.age"
	}
	return filepath.Join(d.Records(), k.Account.FileName()+kind)
}
