//go:build unix

package disk

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A lock file may be deleted, renamed or replaced between open and flock. A lock
// on it would exclude no other process, even if a hard link to it remains.
func TestLockFileReplacedMeanwhile(t *testing.T) {
	for name, replace := range map[string]func(path string) error{
		"deleted": os.Remove,
		"renamed": func(p string) error { return os.Rename(p, p+".old") },
		"renamed, with a hard link left": func(p string) error {
			if err := os.Link(p, p+".link"); err != nil {
				return err
			}
			return os.Rename(p, p+".old")
		},
		"replaced": func(p string) error {
			if err := os.WriteFile(p+".new", nil, 0o600); err != nil {
				return err
			}
			if err := os.Link(p, p+".link"); err != nil {
				return err
			}
			return os.Rename(p+".new", p)
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "lock")
			fd, err := openLock(path)
			if err != nil {
				t.Fatal(err)
			}
			defer syscall.Close(fd)
			if err := replace(path); err != nil {
				t.Fatal(err)
			}
			if err := flock(fd, path); err != errReplaced {
				t.Errorf("it was locked: %v", err)
			}
			release, err := Disk{}.TryLock(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := (Disk{}).TryLock(path); err != ErrHeld {
				t.Errorf("the new file does not exclude: %v", err)
			}
			release()
		})
	}
}
