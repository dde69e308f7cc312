package store

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Vault is one stored account: its two records in the backend that login
// chose, its account file, its locks and its attempts. Its methods may be
// called by several goroutines; those that write require the lock.
type Vault struct {
	o       Options
	account auth.Account
	notices *notices
	seen    seen

	mu      sync.Mutex // guards what follows
	info    Info       // zero: there is no account file yet
	backend Backend    // of the store opened; nil: not yet
	opened  string     // the name of the store that backend is
	target  string     // where SaveLogin writes; empty: not opened by Create
}

// Open reads a's account file; the backend is opened when it is first needed.
// The error is of kind NotFound when there is no such account, of kind Store
// when the file cannot be read or others can write to it.
func Open(o Options, a auth.Account) (*Vault, error) {
	info, err := o.readInfo(a)
	if err != nil {
		return nil, err
	}
	return &Vault{o: o, account: a, notices: &notices{to: o.Notice}, info: info}, nil
}

// OpenListed is Open for an account that [List] has just read.
func OpenListed(o Options, info Info) *Vault {
	return &Vault{o: o, account: info.Account, notices: &notices{to: o.Notice}, info: info}
}

// OpenToDelete is Open for a logout: it also opens what an interrupted login
// or logout has left, and an account whose file is damaged. Only Delete may be
// called.
func OpenToDelete(o Options, a auth.Account) (*Vault, error) {
	info, err := o.readAnyInfo(a)
	if err != nil && !errors.Is(err, ErrUnreadable) {
		return nil, err
	}
	return &Vault{o: o, account: a, notices: &notices{to: o.Notice}, info: info}, nil
}

// Create is Open for a login: the account need not exist, and SaveLogin will pin
// it to the named backend. A probe, which ctx bounds, proves that the backend
// can be written before any vendor is asked. A damaged account file is replaced
// with a notice, one of a newer version never.
func Create(ctx context.Context, o Options, a auth.Account, backend string) (*Vault, error) {
	v := &Vault{o: o, account: a, notices: &notices{to: o.Notice}, target: backend}
	info, err := o.readInfo(a)
	switch {
	case err == nil:
		v.info = info
	case errors.Is(err, ErrUnreadable):
		v.notices.notify("the account file is damaged and will be replaced")
	case !auth.Is(err, auth.NotFound):
		return nil, err
	}
	b, err := o.open(backend)
	if err != nil {
		return nil, err
	}
	v.backend, v.opened = b, backend
	if _, err := Probe(ctx, b); err != nil {
		return nil, err
	}
	if err := v.proveAccountFile(); err != nil {
		return nil, err
	}
	return v, nil
}

// accountProof is more than an account file has, in bytes: an empty file could be
// made on a disk that is full.
const accountProof = 4 << 10

// proveAccountFile tries the directory of the account files, of which a probe of
// the backend says nothing.
func (v *Vault) proveAccountFile() error {
	tmp, err := v.o.disk.WriteTemp(v.o.Dirs.AccountFile(v.account), make([]byte, accountProof))
	if err != nil {
		return err
	}
	v.o.disk.Remove(tmp)
	return nil
}

// Info is what the account file said when it was last read or written; zero
// before the first login.
func (v *Vault) Info() Info {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.info
}

// reload reads the account file again. Another process may have logged in or
// out while this one waited.
func (v *Vault) reload() (Info, error) {
	info, err := v.o.readInfo(v.account)
	if err != nil {
		return Info{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.info = info
	return info, nil
}

// store opens the named backend, unless it is the one that is open.
func (v *Vault) store(name string) (Backend, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.backend == nil || v.opened != name {
		b, err := v.o.open(name)
		if err != nil {
			return nil, err
		}
		v.backend, v.opened = b, name
	}
	return v.backend, nil
}

func (v *Vault) key(item Item) Key { return Key{Account: v.account, Item: item} }

func (v *Vault) sidecar() sidecar {
	return sidecar{
		base:     filepath.Join(v.o.Dirs.Locks(), v.account.FileName()),
		takeover: v.o.Takeover,
		disk:     v.o.disk,
		notices:  v.notices,
		seen:     &v.seen,
	}
}

// StateFile is the path of a file next to the account's locks, with that
// suffix.
func (v *Vault) StateFile(suffix string) string { return v.sidecar().StateFile(suffix) }

// Lock takes the account's lock across processes. It waits for at most wait; 0
// only tries. After a wait as long as Options.Takeover it takes a second lock,
// with a notice. The error is auth.ErrBusy when another process held the lock
// for the whole of a shorter wait, and ctx's when that ended first; any other
// means that no lock can be made. The lock is the operating system's: it ends
// with unlock, which may be called more than once, or with the process.
func (v *Vault) Lock(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	return v.sidecar().lock(ctx, wait)
}

// LastAttempt is what SaveAttempt stored last. It is zero when there is nothing,
// and, with a notice, when it cannot be read.
func (v *Vault) LastAttempt() (auth.Attempt, error) { return v.sidecar().lastAttempt(v.account) }

// SaveAttempt stores the outcome of an exchange; a zero one deletes it.
func (v *Vault) SaveAttempt(a auth.Attempt) error { return v.sidecar().saveAttempt(a) }
