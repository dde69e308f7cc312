//go:build unix

package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// chmod changes a mode whatever the umask is.
func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// A file is refused with its directory: under umask 002, which makes both
// writable for the group, one command has to fix both.
func TestReadRefusesFileAndDirectory(t *testing.T) {
	for name, c := range map[string]struct {
		file, dir os.FileMode
		others    Access
		remedy    auth.Remedy // empty: not refused
	}{
		"private":                   {0o600, 0o700, MayNothing, ""},
		"readable":                  {0o644, 0o755, MayNothing, auth.RemedyMode},
		"may be readable":           {0o644, 0o755, MayRead, ""},
		"umask 002":                 {0o664, 0o775, MayRead, auth.RemedyModes},
		"umask 002, file alone":     {0o664, 0o755, MayRead, auth.RemedyMode},
		"umask 002, directory":      {0o644, 0o775, MayRead, auth.RemedyDirMode},
		"umask 002, private":        {0o664, 0o775, MayNothing, auth.RemedyModes},
		"not checked":               {0o666, 0o777, MayChange, ""},
		"a sticky directory":        {0o600, 0o777 | os.ModeSticky, MayNothing, ""},
		"a sticky open directory, ": {0o666, 0o777 | os.ModeSticky, MayRead, auth.RemedyMode},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "d")
			path := filepath.Join(dir, "f")
			put(t, path, "x")
			chmod(t, path, c.file)
			chmod(t, dir, c.dir)
			data, err := Read(File{Path: path, Limit: 10, Others: c.others})
			if c.remedy == "" {
				if err != nil || string(data) != "x" {
					t.Errorf("%q, %v", data, err)
				}
				return
			}
			e := wantErr(t, err, ErrExposed)
			want := map[auth.Remedy]string{auth.RemedyMode: path, auth.RemedyModes: path, auth.RemedyDirMode: dir}[c.remedy]
			if e.Remedy != c.remedy || e.Subject != want || len(data) > 0 {
				t.Errorf("remedy %s of %s, %q", e.Remedy, e.Subject, data)
			}
		})
	}
}

// Every link on the way counts, since a user who can change one of them
// chooses the file.
func TestReadChecksEveryLink(t *testing.T) {
	root := t.TempDir()
	dir := func(name string) string {
		path := filepath.Join(root, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	last, middle, first := dir("last"), dir("middle"), dir("first")
	put(t, filepath.Join(last, "f"), "x")
	link := func(to, at string) {
		if err := os.Symlink(to, at); err != nil {
			t.Fatal(err)
		}
	}
	link(filepath.Join(last, "f"), filepath.Join(middle, "f"))
	link("../middle/f", filepath.Join(first, "f"))
	path := filepath.Join(first, "f")

	if _, err := Read(File{Path: path, Limit: 10}); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a link was followed: %v", err)
	}
	if _, err := Read(File{Path: path, Limit: 10, Links: true}); err != nil {
		t.Error(err)
	}
	for _, open := range []string{first, middle, last} {
		chmod(t, open, 0o777)
		_, err := Read(File{Path: path, Limit: 10, Links: true})
		if e := wantErr(t, err, ErrExposed); filepath.Base(e.Subject) != filepath.Base(open) {
			t.Errorf("%s is open, but the error is about %s", open, e.Subject)
		}
		chmod(t, open, 0o700)
	}
	link(filepath.Join(root, "loop"), filepath.Join(root, "loop"))
	if _, err := Read(File{Path: filepath.Join(root, "loop"), Limit: 10, Links: true}); err == nil {
		t.Error("a loop was read")
	}
}

// Limits are exact to the byte.
func TestReadLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for size, ok := range map[int]bool{0: true, 9: true, 10: true, 11: false} {
		put(t, path, strings.Repeat("x", size))
		data, err := Read(File{Path: path, Limit: 10})
		if ok && (err != nil || len(data) != size) || !ok && (!errors.Is(err, ErrTooBig) || data != nil) {
			t.Errorf("%d bytes: read %d, %v", size, len(data), err)
		}
	}
}

// Nothing is written, or left behind, where others could replace it.
func TestWriteRefusesDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	chmod(t, dir, 0o777)
	for name, write := range map[string]func() error{
		"Write":    func() error { return Disk{}.Write(filepath.Join(dir, "f"), nil) },
		"WriteNew": func() error { return Disk{}.WriteNew(filepath.Join(dir, "f"), nil) },
		"Mkdir":    func() error { return Disk{}.Mkdir(dir) },
	} {
		if e := wantErr(t, write(), ErrExposed); e.Remedy != auth.RemedyDirMode || e.Subject != dir {
			t.Errorf("%s: remedy %s of %s", name, e.Remedy, e.Subject)
		}
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// A lock file that others can write to is not used.
func TestLockRefusesFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	put(t, path, "")
	chmod(t, path, 0o666)
	_, err := Disk{}.TryLock(path)
	if e := wantErr(t, err, ErrExposed); e.Remedy != auth.RemedyMode {
		t.Errorf("remedy %s", e.Remedy)
	}
}

// Root neither uses a directory of another user nor creates one in it.
func TestHomeOfAnotherUser(t *testing.T) {
	owner := os.Geteuid()
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "a"), filepath.Join(dir, "a", "b")} {
		if err := checkHome(path, owner); err != nil {
			t.Errorf("one's own: %v", err)
		}
		if e := wantErr(t, checkHome(path, owner+1), ErrExposed); e.Subject != dir {
			t.Errorf("about %s, not %s", e.Subject, dir)
		}
	}
	if err := CheckHome(dir); err != nil {
		t.Error(err)
	}
	if owner != 0 {
		return // only root can give a directory away and still write in it
	}
	if err := os.Chown(dir, 65534, -1); err != nil {
		t.Fatal(err)
	}
	e := wantErr(t, Disk{}.Write(filepath.Join(dir, "a", "f"), nil), ErrExposed)
	if e.Remedy != auth.RemedySudo || len(files(t, dir)) > 0 {
		t.Errorf("remedy %s, made %q", e.Remedy, files(t, dir))
	}
}
