package disk

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/hauth/hauth/pkg/auth"
)

// Windows has numbers of its own for a full disk.
func TestCannotWindows(t *testing.T) {
	for err, want := range map[error]auth.Remedy{
		windows.ERROR_DISK_FULL:           auth.RemedySpace,
		windows.ERROR_HANDLE_DISK_FULL:    auth.RemedySpace,
		windows.ERROR_DISK_QUOTA_EXCEEDED: auth.RemedyQuota,
		windows.ERROR_ACCESS_DENIED:       auth.RemedyLookDir,
		windows.ERROR_WRITE_PROTECT:       auth.RemedyLookDir,
	} {
		e, ok := auth.AsError(Cannot("write", `C:\x`, &fs.PathError{Op: "write", Path: `C:\x`, Err: err}))
		if !ok || e.Remedy != want {
			t.Errorf("%v: %q, not %q", err, e.Remedy, want)
		}
	}
}

// The attribute read-only keeps nobody from reading, locking, replacing and
// deleting a file; on a directory it means nothing.
func TestReadOnlyFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dir")
	path, lock := filepath.Join(dir, "file"), filepath.Join(dir, "lock")
	write := func(text string) {
		t.Helper()
		if err := (Disk{}).Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	protect := func(path string) {
		t.Helper()
		if err := os.Chmod(path, 0o400); err != nil {
			t.Fatal(err)
		}
	}
	write("old")
	protect(path)
	if !makeWritable(path) || makeWritable(path) || makeWritable(path+"x") || makeWritable(dir) {
		t.Error("the attribute is not taken away, or more than that")
	}
	protect(path)
	protect(dir)
	write("new")
	if data, err := Read(File{Path: path, Limit: 10}); err != nil || string(data) != "new" {
		t.Errorf("%q, %v", data, err)
	}
	protect(path)
	if err := (Disk{}).Remove(path); err != nil {
		t.Error(err)
	}
	release, err := Disk{}.TryLock(lock)
	if err != nil {
		t.Fatal(err)
	}
	release()
	protect(lock)
	release, err = Disk{}.TryLock(lock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Disk{}).TryLock(lock); err != ErrHeld {
		t.Errorf("locked twice: %v", err)
	}
	release()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Error(err)
	}
}
