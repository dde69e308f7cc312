package store

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// List reads all account files, sorted by provider and profile. Files that
// cannot be read do not hide the others: the rest is returned together with an
// error that joins those of all that could not be read.
func List(d Dirs) ([]Info, error) {
	all, err := list(d)
	return slices.DeleteFunc(all, func(i Info) bool { return i.incomplete }), err
}

// ListIncomplete lists the accounts that have a file but that List leaves out:
// a login or a logout was interrupted, or the file cannot be read. OpenToDelete
// opens them where they can be deleted.
func ListIncomplete(d Dirs) []auth.Account {
	all, _ := Names(d)
	var incomplete []auth.Account
	for _, a := range all {
		if i, err := readAnyInfo(d, a); err != nil && !auth.Is(err, auth.NotFound) || i.incomplete {
			incomplete = append(incomplete, a)
		}
	}
	return incomplete
}

func list(d Dirs) ([]Info, error) {
	names, err := Names(d)
	var all []Info
	var broken []error
	if err != nil {
		broken = append(broken, err)
	}
	for _, a := range names {
		info, err := readAnyInfo(d, a)
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

// Names lists the accounts that have a file, whatever is in it, in no order.
// With an error, those that could be found are returned as well.
func Names(d Dirs) ([]auth.Account, error) {
	err := d.check()
	if err == nil {
		err = disk.CheckDir(d.Accounts()) // one error, instead of one for each file
	}
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(d.Accounts())
	var all []auth.Account
	for _, e := range entries {
		if a, ok := accountOf(e.Name()); ok { // editors and file managers leave files of their own
			all = append(all, a)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return all, disk.Cannot("read", d.Accounts(), err)
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
