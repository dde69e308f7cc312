package store

import (
	"context"
	"errors"
)

// Delete forgets the account: token, credentials, account file, attempts. The
// account file is made void first: from then on there is no such account, and
// a logout that is cut short can be repeated. When a record cannot be deleted
// the account is put back. The lock file always stays.
func (v *Vault) Delete(ctx context.Context) error {
	info, err := readInfo(v.o.Dirs, v.account)
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
	void := info
	void.void = true
	marked := !info.void && v.saveInfo(void) == nil // a full disk must not keep anybody logged in
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

// deleteEverywhere forgets an account whose file does not tell where its
// records are. A back-end that is not there holds none.
func (v *Vault) deleteEverywhere(ctx context.Context) error {
	for _, name := range []string{File, Keyring} {
		if err := v.deleteRecords(ctx, name); err != nil && !errors.Is(err, ErrAbsent) {
			return err
		}
	}
	return v.deleteFiles()
}

// sweep is deleteRecords for a back-end that the account has left, or, if
// perhaps, may have left. What fails is a notice.
func (v *Vault) sweep(ctx context.Context, name string, perhaps bool) {
	err := v.deleteRecords(ctx, name)
	if err == nil || perhaps && errors.Is(err, ErrAbsent) {
		return
	}
	v.notices.say("what " + v.account.String() + " had in the store " + name + " could not be deleted: " + err.Error())
}

// deleteRecords deletes what the account has in the named back-end.
func (v *Vault) deleteRecords(ctx context.Context, name string) error {
	b, err := v.o.backend(name)
	for _, item := range []Item{ItemToken, ItemCredentials} {
		if err == nil {
			err = b.Delete(ctx, v.key(item))
		}
	}
	return err
}

// deleteFiles deletes the account file and the attempts.
func (v *Vault) deleteFiles() error {
	path := v.o.Dirs.AccountFile(v.account)
	if err := v.o.disk.remove(path); err != nil {
		return cannot("delete", path, err)
	}
	if err := v.sidecar().clearAttempt(); err != nil {
		v.notices.say(err.Error())
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.info = Info{}
	return nil
}
