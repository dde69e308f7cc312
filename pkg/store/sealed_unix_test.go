//go:build unix

package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// What others could have put into the cache's directory is not used: not a token,
// not an attempt that would bind this user, not a lock.
func TestSealedInADirectoryOfOthers(t *testing.T) {
	for name, open := range map[string]func(Dirs) string{
		"the cache's directory": Dirs.Sealed,
		"the one above it":      func(d Dirs) string { return d.Cache },
	} {
		t.Run(name, func(t *testing.T) {
			o, notices := testOptions(t)
			planted := openSealed(t, o, testCredentials("a"))
			noError(t, planted.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, planted)}))
			attempt := testAttempt()
			attempt.CredentialID = planted.creds.ID
			noError(t, planted.SaveAttempt(attempt))
			before := len(files(t, o.Dirs.Cache))
			noError(t, os.Chmod(open(o.Dirs), 0o777))

			s := openSealed(t, o, testCredentials("a"))
			if s.Shared() {
				t.Error("shared")
			}
			useSealed(t, s)
			if len(*notices) != 1 {
				t.Errorf("notices %q", *notices)
			}
			wantNotice(t, notices, "refusing to use "+open(o.Dirs))
			if after := files(t, o.Dirs.Cache); len(after) != before {
				t.Errorf("wrote %q", after)
			}
		})
	}
}

// An attempts file, or a token, that others can write to is ignored and replaced.
func TestSealedFilesOfOthers(t *testing.T) {
	o, notices := testOptions(t)
	s := openSealed(t, o, testCredentials("a"))
	noError(t, s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}))
	noError(t, s.SaveAttempt(testAttempt()))
	noError(t, os.Chmod(s.base, 0o640))
	noError(t, os.Chmod(s.base+".attempts", 0o666))
	useSealed(t, s)
	wantNotice(t, notices, "ignoring the cached token: refusing to use "+s.base+": permissions 0640")
	wantNotice(t, notices, "ignoring the attempts file "+s.base+".attempts")
	if _, err := s.Token(t.Context()); err != nil {
		t.Errorf("not replaced: %v", err)
	}
	if a, err := s.LastAttempt(); err != nil || a.ID != "a1" {
		t.Errorf("not replaced: %+v, %v", a, err)
	}
}

// The same for a stored account's attempts.
func TestAttemptsOfOthers(t *testing.T) {
	o, notices := testOptions(t)
	v := login(t, o, File, "a")
	noError(t, v.SaveAttempt(testAttempt()))
	noError(t, os.Chmod(filepath.Join(o.Dirs.Locks(), "123pan@default.attempts"), 0o664))
	if a, err := v.LastAttempt(); err != nil || !a.IsZero() {
		t.Errorf("%+v, %v", a, err)
	}
	wantNotice(t, notices, "permissions 0664 are too open")

	noError(t, os.Chmod(o.Dirs.Locks(), 0o777))
	_, err := v.Lock(t.Context(), time.Minute)
	wantErr(t, err, auth.Store, ErrExposed)
	wantErr(t, v.SaveAttempt(testAttempt()), auth.Store, ErrExposed)
}

// A directory of account files that others can write to is one error, not one
// for each account.
func TestListOfOthers(t *testing.T) {
	o, _ := testOptions(t)
	login(t, o, File, "a")
	put(t, o.Dirs.AccountFile(auth.Account{Provider: "123pan", Profile: "work"}), validInfo)
	noError(t, os.Chmod(o.Dirs.Accounts(), 0o777))
	all, err := List(o.Dirs)
	if e, ok := auth.AsError(err); !ok || e.Remedy != auth.RemedyDirMode || e.Subject != o.Dirs.Accounts() || len(all) > 0 || strings.Contains(err.Error(), "\n") {
		t.Errorf("%+v, %v", all, err)
	}
}

// As root nothing of another user's is used; see disk.CheckHome.
func TestStoreInTheHomeOfAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("only root can try")
		return
	}
	o, notices := testOptions(t)
	login(t, o, File, "a")
	for _, dir := range []string{o.Dirs.Config, o.Dirs.Data, o.Dirs.State, o.Dirs.Cache} {
		noError(t, disk.Disk{}.Mkdir(dir))
		noError(t, os.Chown(dir, 65534, -1))
	}
	before := files(t, filepath.Dir(o.Dirs.Data))
	_, openErr := Open(o, testAccount)
	_, createErr := Create(t.Context(), o, testAccount, File)
	_, listErr := List(o.Dirs)
	_, identityErr := MakeIdentity(o.Dirs, noEnv)
	for _, err := range []error{openErr, createErr, listErr, identityErr} {
		wantErr(t, err, auth.Store, ErrExposed)
		if e, _ := auth.AsError(err); e.Remedy != auth.RemedySudo {
			t.Errorf("%v: remedy %s", err, e.Remedy)
		}
	}
	useSealed(t, openSealed(t, o, testCredentials("a")))
	wantNotice(t, notices, "belongs to user 65534")
	if after := files(t, filepath.Dir(o.Dirs.Data)); len(after) != len(before) {
		t.Errorf("wrote %q", after)
	}
}
