package store

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// useSealed uses a cache as a call that needs a token does.
func useSealed(t *testing.T, s *SealedCache) {
	t.Helper()
	if _, err := s.Token(t.Context()); !auth.Is(err, auth.NotFound) {
		t.Errorf("token: %v", err)
	}
	unlock, err := s.Lock(t.Context(), 0)
	if err != nil {
		t.Fatalf("lock: %v", err)
	}
	defer unlock()
	if a, err := s.LastAttempt(); err != nil || !a.IsZero() {
		t.Errorf("attempt: %+v, %v", a, err)
	}
	if err := s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}); err != nil {
		t.Errorf("grant: %v", err)
	}
	if err := s.SaveAttempt(testAttempt()); err != nil {
		t.Errorf("attempt: %v", err)
	}
}

// Every way to lose the cache is one notice, which says what it costs and what
// to set; the call itself succeeds.
func TestSealedLost(t *testing.T) {
	const notice = "each call requests a new one"
	for name, err := range map[string]error{"read-only": syscall.EROFS, "full": syscall.ENOSPC, "quota": syscall.EDQUOT, "permission": syscall.EACCES} {
		for _, op := range []string{"mkdir", "create", "write", "sync", "rename"} {
			t.Run(name+" "+op, func(t *testing.T) {
				o, notices := testOptions(t)
				o.disk = disk.Disk{Step: func(step, path string) error {
					if step == op {
						return &os.PathError{Op: op, Path: path, Err: err}
					}
					return nil
				}}
				useSealed(t, openSealed(t, o, testCredentials("a")))
				if len(*notices) != 1 || !strings.Contains((*notices)[0], notice) ||
					!strings.Contains((*notices)[0], err.Error()) || !strings.Contains((*notices)[0], "; to cache them, ") {
					t.Errorf("notices %q", *notices)
				}
			})
		}
	}
}

// Only a lock that cannot be made is no reason to lose the cache.
func TestSealedWithoutLock(t *testing.T) {
	o, notices := testOptions(t)
	o.disk = disk.Disk{Step: func(step, path string) error {
		if step == "lock" {
			return &os.PathError{Op: "flock", Path: path, Err: syscall.ENOLCK}
		}
		return nil
	}}
	s := openSealed(t, o, testCredentials("a"))
	_, err := s.Lock(t.Context(), 0)
	wantErr(t, err, auth.Store, syscall.ENOLCK)
	noError(t, s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}))
	if _, err := s.Token(t.Context()); err != nil || len(*notices) > 0 || len(files(t, o.Dirs.Cache)) != 1 {
		t.Errorf("%v, notices %q, files %q", err, *notices, files(t, o.Dirs.Cache))
	}
}

// A program that runs for days tries a lost cache again.
func TestSealedFoundAgain(t *testing.T) {
	o, _ := testOptions(t)
	now, full := testTime, true
	o.Now = func() time.Time { return now }
	o.disk = disk.Disk{Step: func(step, path string) error {
		if full && step == "write" {
			return &os.PathError{Op: "write", Path: path, Err: syscall.ENOSPC}
		}
		return nil
	}}
	s := openSealed(t, o, testCredentials("a"))
	useSealed(t, s)
	full = false
	for after, shared := range map[time.Duration]bool{0: false, lostFor - 1: false, lostFor: true, -time.Second: true} {
		now = testTime.Add(after)
		if s.Shared() != shared {
			t.Errorf("%v later: shared %v", after, !shared)
		}
	}
	now = testTime.Add(lostFor)
	noError(t, s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}))
	if _, err := s.Token(t.Context()); err != nil {
		t.Error(err)
	}
}

// A record of other credentials is not used, even if it is sealed with this
// cache's own key.
func TestSealedTokenOfOtherCredentials(t *testing.T) {
	for name, change := range map[string]func(*auth.Token){
		"nothing":  func(*auth.Token) {},
		"endpoint": func(t *auth.Token) { t.Endpoint = "https://other.example.com" },
		"id":       func(t *auth.Token) { t.CredentialID = "other" },
	} {
		t.Run(name, func(t *testing.T) {
			o, _ := testOptions(t)
			s := openSealed(t, o, testCredentials("a"))
			token := sealedToken(t, s)
			change(&token)
			data, err := encodeToken(testAccount, token)
			noError(t, err)
			file, err := sealToken(s.key, token.ExpiresAt, data)
			noError(t, err)
			noError(t, disk.Disk{}.Write(s.base, file))
			_, err = s.Token(t.Context())
			if name == "nothing" {
				noError(t, err)
				return
			}
			wantErr(t, err, auth.NotFound, ErrNotFound)
			if err := s.SaveGrant(t.Context(), auth.Grant{Token: token}); !auth.Is(err, auth.Internal) {
				t.Errorf("saved: %v", err)
			}
		})
	}
}

// A cache that has no directory is an error, not the current directory.
func TestSealedBase(t *testing.T) {
	o, _ := testOptions(t)
	s := openSealed(t, o, testCredentials("a"))
	if filepath.Dir(s.base) != o.Dirs.Sealed() {
		t.Errorf("base %s", s.base)
	}
}
