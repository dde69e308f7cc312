//go:build unix

package providers

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

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
			case !ok && (!auth.Is(err, auth.Usage) || err.Error() != path+": others can change the directory; run: chmod go-w '"+dir+"'"):
				t.Errorf("%v: %v", mode, err)
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
	if _, err := c.Find("example"); err == nil || !strings.HasSuffix(err.Error(), "run: chmod go-w "+realPath(t, open)) {
		t.Error(err)
	}
}

func realPath(t *testing.T, path string) string {
	t.Helper()
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return real
}

// TestFileOfAnotherUser: whose file it is was not looked at, and an owner can
// always change it.
func TestFileOfAnotherUser(t *testing.T) {
	const me, other = 1000, 1001
	for _, test := range []struct {
		mode  fs.FileMode
		owner int
		want  string
	}{
		{0o644, me, ""}, {0o644, 0, ""}, {0o755 | fs.ModeDir, 0, ""}, {0o777 | fs.ModeDir | fs.ModeSticky, 0, ""},
		{0o400, other, "the thing belongs to user 1001, who can change it; run: chown 1000 /x"},
		{0o777 | fs.ModeDir | fs.ModeSticky, other, "the thing belongs to user 1001, who can change it; run: chown 1000 /x"},
		{0o664, me, "others can change the thing; run: chmod go-w /x"},
		{0o646 | fs.ModeSticky, me, "others can change the thing; run: chmod go-w /x"}, // sticky means something for directories only
	} {
		if have := changeableBy("thing", "/x", test.mode, test.owner, me); have != test.want {
			t.Errorf("%v of %d: %q, want %q", test.mode, test.owner, have, test.want)
		}
	}
	if os.Geteuid() != 0 {
		return // only root can give files away
	}
	dir := t.TempDir()
	path := write(t, dir, "example.yaml", goodSpec)
	if err := os.Chown(path, other, -1); err != nil {
		t.Fatal(err)
	}
	if _, err := (Catalogue{Dir: dir}).Check(path); !auth.Is(err, auth.Usage) || !strings.Contains(err.Error(), "belongs to user 1001") {
		t.Error(err)
	}
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
	if file, err := openSpecFile(path); err != nil {
		t.Error(err)
	} else {
		file.Close()
	}
	if _, reason := readSpecFile(path, true); reason != "not a regular file" {
		t.Error(reason)
	}
}

// TestHintsAreOneShellWord: a path with a space or a quote made a hint that
// did something else when typed.
func TestHintsAreOneShellWord(t *testing.T) {
	for _, path := range []string{"/plain/path-1_2.yaml", "/with space/it's", `/"$(touch x)"/` + "`y`", "/ü", "*", "~"} {
		out, err := exec.Command("sh", "-c", "for word in "+quote(path)+"; do printf '%s|' \"$word\"; done").Output()
		if want := path + "|"; err != nil || string(out) != want {
			t.Errorf("%q became %q, %v", path, out, err)
		}
	}
	dir := filepath.Join(t.TempDir(), "it's mine")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := write(t, dir, "broken.yaml", "x: 1\n")
	want := filepath.Dir(dir) + `/it'\''s mine/broken.yaml'`
	_, err := Catalogue{Dir: dir}.Find("broken")
	if e, ok := auth.AsError(err); !ok || e.Remedy != auth.RemedyCheckFile || e.Subject != filepath.Join(dir, "broken.yaml") {
		t.Error(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := (Catalogue{Dir: dir}).Find("broken"); err == nil || !strings.HasSuffix(err.Error(), "run: chmod go-w '"+want) {
		t.Error(err)
	}
}
