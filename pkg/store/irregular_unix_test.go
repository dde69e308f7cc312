//go:build unix

package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// noHang fails the test when f waits for something that never comes.
func noHang(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("hangs")
	}
}

// irregular replaces a file by things that a careless reader would follow or
// wait for.
func irregular(t *testing.T) map[string]func(path string) error {
	other := filepath.Join(t.TempDir(), "other")
	put(t, other, "x")
	return map[string]func(string) error{
		"link":          func(p string) error { return os.Symlink(other, p) },
		"dangling link": func(p string) error { return os.Symlink(other+"-none", p) },
		"pipe":          func(p string) error { return syscall.Mkfifo(p, 0o600) },
		"directory":     func(p string) error { return os.Mkdir(p, 0o700) },
		"device":        func(p string) error { return os.Symlink("/dev/zero", p) },
	}
}

func TestIrregularRecordsAreRefused(t *testing.T) {
	for name, make := range irregular(t) {
		t.Run(name, func(t *testing.T) {
			noHang(t, func() {
				d, f := fileStore(t)
				if err := os.MkdirAll(d.Records(), 0o700); err != nil {
					t.Error(err)
				}
				if err := make(d.RecordFile(recordKey)); err != nil {
					t.Error(err)
				}
				_, err := f.Get(t.Context(), recordKey)
				if !auth.Is(err, auth.Store) {
					t.Errorf("record: %v", err)
				}

				o, _ := testOptions(t)
				s := openSealed(t, o, testCredentials("a"))
				if err := os.MkdirAll(o.Dirs.Sealed(), 0o700); err != nil {
					t.Error(err)
				}
				if err := make(s.base); err != nil {
					t.Error(err)
				}
				if _, err := s.Token(t.Context()); !auth.Is(err, auth.NotFound) {
					t.Errorf("sealed token: %v", err)
				}
			})
		})
	}
}

func TestIrregularLocks(t *testing.T) {
	for name, make := range irregular(t) {
		t.Run(name, func(t *testing.T) {
			noHang(t, func() {
				o, _ := testOptions(t)
				v := login(t, o, File, "a")
				if err := os.MkdirAll(o.Dirs.Locks(), 0o700); err != nil {
					t.Error(err)
				}
				if err := make(filepath.Join(o.Dirs.Locks(), "123pan@default.lock")); err != nil {
					t.Error(err)
				}
				if _, err := v.Lock(t.Context(), time.Minute); !auth.Is(err, auth.Store) {
					t.Errorf("lock: %v", err)
				}
				unlock, err := v.sidecar().lockFile(t.Context(), v.sidecar().base+".lock2", 0)
				if err != nil {
					t.Errorf("second lock: %v", err)
				} else {
					unlock()
				}
			})
		})
	}
}

// Cleaning up the runtime directory must not split the lock: later processes
// all use the new file.
func TestLockFileDeleted(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	path := filepath.Join(o.Dirs.Locks(), "123pan@default.lock")
	old, err := v.Lock(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	first, err := v.Lock(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	old()
	if _, err := v.Lock(t.Context(), 0); !errors.Is(err, auth.ErrBusy) {
		t.Errorf("two hold the lock: %v", err)
	}
	first()
}
