//go:build linux && amd64

package steps

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const insideVariable = "STEPS_TEST_INSIDE" // the process has mounts of its own

// TestFullDisk fills a real disk up to its last pages: the vendor is asked only
// if there is room for what it gives. A disk that can only be read is no other.
func TestFullDisk(t *testing.T) {
	if os.Getenv(insideVariable) == "" {
		again(t)
		return
	}
	var home string
	w := newWorld(t, "file", func(w *world) {
		home = w.path("home")
		if err := mount(home, 0); err != nil {
			t.Skip("cannot mount a small disk here: ", err)
		}
		t.Cleanup(func() { syscall.Unmount(home, syscall.MNT_DETACH) })
	})
	refresh := func(at string) {
		asked := w.asked()
		code, stdout, stderr := w.run("token", provider, "--refresh")
		restore(t, home)
		w.see(at, w.asked()-asked, false, code, stdout, stderr)
	}
	for free := range 24 {
		fill(t, filepath.Join(home, filler), free)
		refresh("full disk")
	}
	if err := mount(home, syscall.MS_REMOUNT|syscall.MS_RDONLY); err != nil {
		t.Fatal(err)
	}
	refresh("read-only disk")
	if full, room := w.tally["asked 0, exit 5, lost false"], w.tally["asked 1, exit 0, lost false"]; full < 2 || room == 0 || full+room != 25 {
		t.Error("the disk was not filled, or an account was lost")
	}

	// A login needs room for the account file, which may be on another disk than
	// the records, as with a keyring.
	accounts := filepath.Join(home, "accounts")
	if err := mount(accounts, 0); err != nil {
		t.Fatal(err)
	}
	defer syscall.Unmount(accounts, syscall.MNT_DETACH)
	fill(t, filepath.Join(accounts, filler), 0)
	w.startMock()
	w.must(5, w.login()...)
	if asked := w.asked(); asked > 0 {
		t.Errorf("a login that cannot be stored asks the vendor %d times", asked)
	}
	restore(t, accounts)
	w.must(0, w.login()...)
}

const filler = "filler"

// fill leaves so many pages free.
func fill(t *testing.T, path string, free int) {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &st); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, make([]byte, (int64(st.Bavail)-int64(free))*st.Bsize), 0o600); err != nil {
		t.Fatal(err)
	}
}

// mount makes dir a disk of 64 pages, or changes how it is mounted.
func mount(dir string, flags uintptr) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", flags, "size=256k,mode=700")
}

func restore(t *testing.T, dir string) {
	t.Helper()
	if err := mount(dir, syscall.MS_REMOUNT); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, filler)); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

// again runs the test in a process that may mount: in name spaces of its own,
// which need no rights.
func again(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v")
	c.Env = append(os.Environ(), insideVariable+"=yes")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err = c.Run()
	switch text := out.String(); {
	case c.ProcessState == nil:
		t.Skip("no name spaces here: ", err)
	case err != nil:
		t.Fatalf("%v\n%s", err, text)
	case strings.Contains(text, "--- SKIP"):
		t.Skip(text)
	default:
		t.Log(text)
	}
}
