package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// The variables that name the file store's identity, in order of precedence;
// after them comes identity.txt in the config directory.
const (
	identityVar     = "HAUTH_AGE_IDENTITY"
	identityFileVar = "HAUTH_AGE_IDENTITY_FILE"
)

// identityFile is the path of the identity, and whether a variable chose it.
func identityFile(d Dirs, getenv func(string) string) (path string, chosen bool) {
	if path := getenv(identityFileVar); path != "" {
		return path, true
	}
	return d.Identity(), false
}

// loadIdentities finds the identities that open records; new records are
// encrypted to the first. No error repeats any part of an identity.
func loadIdentities(d Dirs, getenv func(string) string) ([]*age.X25519Identity, error) {
	if text := getenv(identityVar); text != "" {
		return parseIdentities(d, text, identityVar)
	}
	path, chosen := identityFile(d, getenv)
	// Links are followed: that is how containers are handed their secrets.
	data, err := disk.Read(disk.File{Path: path, Limit: maxIdentity, Links: true})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		remedy := auth.RemedyRestoreKey
		if chosen {
			remedy = keyRemedy(d)
		}
		return nil, &auth.Error{Kind: auth.Store, Fact: "the encryption key " + auth.Printable(path), Err: reason{"it does not exist", ErrAbsent}, Remedy: remedy, Subject: path}
	case err != nil:
		return nil, disk.Cannot("read", path, err)
	}
	return parseIdentities(d, string(data), auth.Printable(path))
}

// keyRemedy is what helps where an identity is of no use. Another one does only
// while there are no records, which it could not open.
func keyRemedy(d Dirs) auth.Remedy {
	if len(accountsWithRecords(d)) > 0 {
		return auth.RemedyRestoreKey
	}
	return auth.RemedyMakeKey
}

func parseIdentities(d Dirs, text, where string) ([]*age.X25519Identity, error) {
	var ids []*age.X25519Identity
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		id, err := age.ParseX25519Identity(line)
		if err != nil {
			return nil, &auth.Error{
				Kind:   auth.Store,
				Fact:   "cannot use the encryption key",
				Err:    reason{fmt.Sprintf("line %d of %s is not an age identity (X25519)", n+1, where), ErrLocked},
				Remedy: keyRemedy(d),
			}
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, &auth.Error{Kind: auth.Store, Fact: "cannot use the encryption key", Err: reason{"there is no age identity in " + where, ErrAbsent}, Remedy: keyRemedy(d)}
	}
	return ids, nil
}

// MakeIdentity makes the file store's identity in the config directory and
// returns its path. It does nothing, and returns "", when a variable names an
// identity or when one exists: an existing one is never replaced, not even when
// it is damaged. Only login calls it.
//
// If accounts have records but no identity is found, nothing is made and the
// error names these accounts: with a second identity, no environment would
// open both the old and the new records.
func MakeIdentity(d Dirs, getenv func(string) string) (made string, err error) {
	return makeIdentity(d, getenv, disk.Disk{})
}

func makeIdentity(d Dirs, getenv func(string) string, k disk.Disk) (string, error) {
	if err := d.check(); err != nil {
		return "", err
	}
	path, chosen := identityFile(d, getenv)
	if chosen || getenv(identityVar) != "" {
		return "", nil
	}
	if _, err := os.Lstat(path); err == nil {
		return "", nil
	}
	for _, dir := range []string{d.Accounts(), d.Records()} {
		// A login would be refused, or fail, after the identity was made.
		if err := disk.CheckDir(dir); err != nil {
			return "", err
		}
		if err := k.Mkdir(dir); err != nil {
			return "", disk.Cannot("write", dir, err)
		}
	}
	if with := accountsWithRecords(d); len(with) > 0 {
		names := strings.Join(with, " ")
		return "", &auth.Error{
			Kind:   auth.Store,
			Fact:   "the encryption key of the stored accounts is missing (" + names + ")",
			Err:    reason{"neither " + identityVar + " nor " + identityFileVar + " is set, and " + auth.Printable(path) + " does not exist", ErrAbsent},
			Remedy: auth.RemedyOtherKey, Subject: names,
		}
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", &auth.Error{Kind: auth.Internal, Fact: "cannot generate an encryption key", Err: err}
	}
	text := fmt.Sprintf("# decrypts the records of hauth's file store; keep it secret and back it up\n# public key: %s\n%s\n", id.Recipient(), id)
	err = k.WriteNew(path, []byte(text))
	if errors.Is(err, fs.ErrExist) { // another login's, which may already have encrypted a record to it
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return path, nil
}

// accountsWithRecords are the accounts that have a record in the file store.
func accountsWithRecords(d Dirs) []string {
	all, _ := Names(d)
	var with []string
	for _, a := range all {
		for _, item := range []Item{ItemCredentials, ItemToken} {
			if _, err := os.Lstat(d.RecordFile(Key{a, item})); err == nil {
				with = append(with, a.String())
				break
			}
		}
	}
	return with
}
