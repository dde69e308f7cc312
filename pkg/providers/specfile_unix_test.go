//go:build unix

package providers

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// TestDirectoryInWhichOthersCanSwapTheFile: only the file's own mode was
// looked at, but who can write to its directory can put another in its place,
// and have the secret sent elsewhere at the next login.
func TestDirectoryInWhichOthersCanSwapTheFile(t *testing.T) {
	for mode, ok := range map[os.FileMode]bool{
		0o700: true, 0o755: true, 0o777 | os.ModeSticky: true, 0o770 | os.ModeSticky: true,
		0o775: false, 0o770: false, 0o757: false, 0o777: false, 0o702: false,
	} {
		dir := filepath.Join(t.TempDir(), "my providers")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		path := write(t, dir, "example.yaml", goodSpec)
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		c := Catalogue{Dir: dir}
		_, find := c.Find("example")
		_, check := c.Check(path)
		for _, err := range []error{find, check} {
			switch {
			case ok && err != nil:
				t.Errorf("%v: %v", mode, err)
			case !ok:
				wantRefused(t, err, auth.RemedyDirMode, dir)
			}
		}
	}
}

// TestLinkIntoADirectoryOfOthers: a link counts as what it leads to.
func TestLinkIntoADirectoryOfOthers(t *testing.T) {
	dir, open := t.TempDir(), t.TempDir()
	if err := os.Symlink(write(t, open, "real.yaml", goodSpec), filepath.Join(dir, "example.yaml")); err != nil {
		t.Fatal(err)
	}
	c := Catalogue{Dir: dir}
	if _, err := c.Find("example"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := c.Find("example")
	wantRefused(t, err, auth.RemedyDirMode, realPath(t, open))
}

func realPath(t *testing.T, path string) string {
	t.Helper()
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return real
}

// wantRefused wants an error of kind Usage that says what to do about path.
func wantRefused(t *testing.T, err error, remedy auth.Remedy, path string) {
	t.Helper()
	e, ok := auth.AsError(err)
	if !ok || e.Kind != auth.Usage || e.Remedy != remedy || e.Subject != path || !errors.Is(err, disk.ErrExposed) {
		t.Errorf("error %v, %+v", err, e)
	}
}

// TestFileOthersCanChange: a group that can write to the file can have the
// secret sent elsewhere.
func TestFileOthersCanChange(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "example.yaml", goodSpec)
	for mode, ok := range map[os.FileMode]bool{0o644: true, 0o664: false, 0o646: false} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := (Catalogue{Dir: dir}).Find("example"); !ok {
			wantRefused(t, err, auth.RemedyMode, path)
		} else if err != nil {
			t.Error(err)
		}
	}
}

// TestFileOfAnotherUser: whose file it is was not looked at, and an owner can
// always change it.
func TestFileOfAnotherUser(t *testing.T) {
	const other = 1001
	if os.Geteuid() != 0 {
		return // only root can give files away
	}
	dir := t.TempDir()
	path := write(t, dir, "example.yaml", goodSpec)
	if err := os.Chown(path, other, -1); err != nil {
		t.Fatal(err)
	}
	_, err := Catalogue{Dir: dir}.Check(path)
	wantRefused(t, err, auth.RemedySudo, path)
	// A file that is only looked at, in a checkout say, steers nothing.
	if _, err := (Catalogue{}).Check(path); err != nil {
		t.Error(err)
	}
}

// TestPipeInPlaceOfTheFile: between a look at the file and its opening it
// could become a pipe, for whose writer the opening waited for ever.
func TestPipeInPlaceOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "example.yaml")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, inUse := range []bool{false, true} {
		if _, err := readSpecFile(path, inUse); err == nil || err.Error() != path+": not a regular file" {
			t.Error(err)
		}
	}
}
