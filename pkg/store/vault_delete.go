package store

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
)

// Delete forgets the account: token, credentials, account file, attempts. The
// account file is marked first: from then on there is no such account, and an
// interrupted logout can be repeated. If a record cannot be deleted, the
// account is restored. The lock file always stays.
func (v *Vault) Delete(ctx context.Context) error {
	info, err := v.o.readAnyInfo(v.account)
	if errors.Is(err, ErrUnreadable) {
		return v.deleteEverywhere(ctx)
	}
	if err != nil {
		return err
	}
	b, err := v.store(info.Store)
	if err != nil {
		return err
	}
	incomplete := info
	incomplete.incomplete = true
	marked := !info.incomplete && v.saveInfo(incomplete) == nil // a full disk must not prevent a logout
	for _, item := range []Item{ItemToken, ItemCredentials} {
		if err := b.Delete(ctx, v.key(item)); err != nil {
			if marked {
				v.saveInfo(info)
			}
			return err
		}
	}
	return v.deleteFiles()
}

// deleteEverywhere forgets an account whose file does not say where its records
// are. A backend that is not available holds none.
func (v *Vault) deleteEverywhere(ctx context.Context) error {
	for _, b := range v.o.Backends {
		if err := v.deleteRecords(ctx, b.Name); err != nil && !errors.Is(err, ErrAbsent) {
			return err
		}
	}
	return v.deleteFiles()
}

// sweep deletes the records in a backend that the account is no longer pinned
// to or, if maybe, may have been. An error is a notice.
func (v *Vault) sweep(ctx context.Context, name string, maybe bool) {
	err := v.deleteRecords(ctx, name)
	if err == nil || maybe && errors.Is(err, ErrAbsent) {
		return
	}
	v.notices.notify("cannot delete the records in the store " + name + ": " + auth.Message(err))
}

// deleteRecords deletes what the account has in the named backend.
func (v *Vault) deleteRecords(ctx context.Context, name string) error {
	b, err := v.o.open(name)
	for _, item := range []Item{ItemToken, ItemCredentials} {
		if err == nil {
			err = b.Delete(ctx, v.key(item))
		}
	}
	return err
}

// deleteFiles deletes the account file and the attempts.
func (v *Vault) deleteFiles() error {
	if err := v.o.disk.Remove(v.o.Dirs.AccountFile(v.account)); err != nil {
		return err
	}
	if err := v.sidecar().clearAttempt(); err != nil {
		v.notices.notify(err.Error())
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.info = Info{}
	return nil
}
