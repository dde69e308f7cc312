package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// checkRemains checks that there is no account, and that nothing is left of
// it after a logout.
func checkRemains(t *testing.T, n int, o Options) {
	t.Helper()
	if infos, err := List(o.Dirs); len(infos) > 0 || err != nil {
		t.Fatalf("step %d: listed %+v, %v", n, infos, err)
	}
	v, err := OpenToDelete(o, testAccount)
	if err == nil {
		if remains := ListIncomplete(o.Dirs); !slices.Equal(remains, []auth.Account{testAccount}) {
			t.Fatalf("step %d: remains %v", n, remains)
		}
		err = v.Delete(t.Context())
	}
	if err != nil && !auth.Is(err, auth.NotFound) {
		t.Fatalf("step %d: logging out: %v", n, err)
	}
	for _, left := range files(t, filepath.Dir(o.Dirs.Data)) {
		if !strings.HasPrefix(left, "data/") {
			continue
		}
		// A later write removes the temporary file of one that crashed.
		if !disk.IsTemp(filepath.Base(left)) && !isProbe(filepath.Base(left)) {
			t.Fatalf("step %d: %s is left", n, left)
		}
	}
}

// The first login dies at each step: afterwards there is a whole account or
// none, a logout removes what is left, and a new login succeeds.
func TestCrashFirstLogin(t *testing.T) {
	t.Parallel() // it waits for the disk
	for n := 0; ; n++ {
		o, _ := testOptions(t)
		steps := &crash{after: n}
		dying := o
		dying.disk = disk.Disk{Step: steps.step}
		dying.Backends = table(func(string) (Backend, error) { return newAgeFile(o.Dirs, noEnv, dying.disk) })
		v, err := Create(t.Context(), dying, testAccount, File)
		if err == nil {
			err = v.SaveLogin(t.Context(), testCredentials("a"), testToken("a"))
		}
		v, openErr := Open(o, testAccount)
		switch {
		case openErr == nil:
			checkSurvivor(t, n, o, v, []auth.Token{testToken("a")}, []string{"id-a"})
		case auth.Is(openErr, auth.NotFound):
			checkRemains(t, n, o)
			login(t, o, File, "b")
		default:
			t.Fatalf("step %d: %v", n, openErr)
		}
		if err == nil && len(steps.done) < n {
			return
		}
	}
}

// A logout that fails, because a keyring is locked, changes nothing.
func TestDeleteFails(t *testing.T) {
	o, _ := testOptions(t)
	locked := &auth.Error{Kind: auth.Store, Fact: "locked", Err: ErrLocked, Remedy: auth.RemedyDoctor}
	m := &memory{}
	o.Backends = table(func(string) (Backend, error) { return m, nil })
	v := login(t, o, Keyring, "a")
	for _, item := range []Item{ItemToken, ItemCredentials} {
		m.fail = func(op string, k Key) error {
			if op == "delete" && k.Item == item {
				return locked
			}
			return nil
		}
		if err := v.Delete(t.Context()); !errors.Is(err, ErrLocked) {
			t.Fatalf("Delete: %v", err)
		}
		if c, err := reopen(t, o).Credentials(t.Context()); err != nil || c.ID != "id-a" {
			t.Errorf("credentials %+v, %v", c, err)
		}
	}
	m.fail = nil
	if err := v.Delete(t.Context()); err != nil || len(m.records) > 0 {
		t.Errorf("Delete: %v, %d records left", err, len(m.records))
	}
}

// A logout on another host, which this host's locks cannot exclude, is not
// undone by a token that is being fetched, at whatever step it happens.
func TestLogoutElsewhere(t *testing.T) {
	t.Parallel() // it waits for the disk
	for n := 0; ; n++ {
		o, _ := testOptions(t)
		login(t, o, File, "a")
		elsewhere := reopen(t, o)
		steps, last := 0, ""
		late := o
		late.disk = disk.Disk{Step: func(op, path string) error {
			if steps++; steps-1 == n {
				last = op + " " + path
				if err := elsewhere.Delete(t.Context()); err != nil {
					t.Error(err)
				}
			}
			return nil
		}}
		late.Backends = table(func(string) (Backend, error) { return newAgeFile(o.Dirs, noEnv, late.disk) })
		fresh := testToken("a")
		fresh.Value = auth.NewSecret("fresh")
		err := reopen(t, late).SaveGrant(t.Context(), auth.Grant{Token: fresh})
		if steps <= n {
			return // it was over before
		}
		if last == "rename "+o.Dirs.AccountFile(testAccount) {
			continue // after the last check: nothing can be done
		}
		if _, openErr := Open(o, testAccount); !auth.Is(openErr, auth.NotFound) {
			t.Fatalf("step %d, %s: SaveToken %v, then Open %v", n, last, err, openErr)
		}
		checkRemains(t, n, o)
	}
}

// The errors of a quota, a network file system and a read-only one, at each
// step: an error of kind Store with a hint, the old record still there.
func TestHostileDisk(t *testing.T) {
	t.Parallel() // it waits for the disk
	for _, c := range []struct {
		err    error
		remedy auth.Remedy
	}{
		{syscall.EDQUOT, auth.RemedyQuota},
		{syscall.ENOSPC, auth.RemedySpace},
		{syscall.EROFS, auth.RemedyLookDir},
		{syscall.EIO, auth.RemedyLookDir},
		{syscall.ESTALE, auth.RemedyLookDir},
	} {
		for _, op := range []string{"mkdir", "create", "write", "sync", "rename"} {
			good, _ := testOptions(t)
			login(t, good, File, "a")
			o := good
			o.disk = disk.Disk{Step: func(step, path string) error {
				if step == op {
					return &os.PathError{Op: op, Path: path, Err: c.err}
				}
				return nil
			}}
			o.Backends = table(func(string) (Backend, error) { return newAgeFile(o.Dirs, noEnv, o.disk) })
			fresh := testToken("a")
			fresh.Value = auth.NewSecret("fresh")
			err := reopen(t, o).SaveGrant(t.Context(), auth.Grant{Token: fresh})
			wantErr(t, err, auth.Store, c.err)
			if e, _ := auth.AsError(err); e.Remedy != c.remedy {
				t.Errorf("%s: %v: remedy %s", op, c.err, e.Remedy)
			}
			if err := reopen(t, o).SaveAttempt(testAttempt()); !auth.Is(err, auth.Store) {
				t.Errorf("%s: %v: attempt: %v", op, c.err, err)
			}
			if tok, err := reopen(t, good).Token(t.Context()); err != nil || !sameToken(tok, testToken("a")) {
				t.Errorf("%s: %v: token %+v, %v", op, c.err, tok, err)
			}
		}
	}
}

// A file system without locks causes no wait, and its error differs from that
// of a lock held by another process: the broker continues without one.
func TestFileSystemWithoutLocks(t *testing.T) {
	t.Parallel() // it waits for the disk
	for _, cause := range []error{syscall.ENOLCK, syscall.ENOTSUP, syscall.ENOSYS, syscall.EROFS, syscall.EACCES} {
		o, _ := testOptions(t)
		login(t, o, File, "a")
		o.disk = disk.Disk{Step: func(op, path string) error {
			if op == "lock" {
				return &os.PathError{Op: "flock", Path: path, Err: cause}
			}
			return nil
		}}
		v := reopen(t, o)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := v.Lock(ctx, 1<<40)
		cancel()
		wantErr(t, err, auth.Store, cause)
		if errors.Is(err, auth.ErrBusy) {
			t.Errorf("%v is taken for a held lock", cause)
		}
		if err := v.SaveGrant(t.Context(), auth.Grant{Token: testToken("a")}); err != nil {
			t.Errorf("%v: %v", cause, err)
		}
	}
}
