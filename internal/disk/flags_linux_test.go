package disk

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A child of a process that holds a lock, such as the one of exec, must not
// inherit it.
func TestLockIsClosedOnExec(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	release, err := Disk{}.TryLock(path)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	found := false
	for _, name := range files(t, "/proc/self/fd") {
		fd, _ := strconv.Atoi(name)
		if to, err := os.Readlink("/proc/self/fd/" + name); err != nil || to != path {
			continue
		}
		found = true
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("flags %#x, %v", flags, err)
		}
	}
	if !found {
		t.Error("the lock file is not open")
	}
}

// The same for a file that is being read, which may hold a secret.
func TestReadIsClosedOnExec(t *testing.T) {
	for _, f := range []File{{}, {Links: true}} {
		if openFlags(f)&syscall.O_CLOEXEC == 0 || openFlags(f)&syscall.O_NONBLOCK == 0 {
			t.Errorf("%+v: flags %#x", f, openFlags(f))
		}
	}
}

const syncVariable = "HAUTH_TEST_SYNC_IN"

// TestWriteIsSynced: a kernel in which every fsync fails shows that a file is
// synced before it replaces another one, and the directory after it.
func TestWriteIsSynced(t *testing.T) {
	if dir := os.Getenv(syncVariable); dir != "" {
		failFsync()
		fmt.Printf("<<write: %v>>\n", Disk{}.Write(filepath.Join(dir, "f"), []byte("new")))
		fmt.Printf("<<directory: %v>>\n", Disk{}.syncDir(dir))
		os.Exit(0)
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), "old")
	c := exec.Command("/proc/self/exe", "-test.run=^TestWriteIsSynced$")
	c.Env = append(os.Environ(), syncVariable+"="+dir)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if !strings.Contains(string(out), "<<write: cannot write "+filepath.Join(dir, "f")+": input/output error>>") ||
		!strings.Contains(string(out), "<<directory: sync "+dir+": input/output error>>") {
		t.Errorf("%s", out)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "f")); err != nil || string(data) != "old" {
		t.Errorf("replaced by what was not synced: %q, %v", data, err)
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("left %q", left)
	}
}

// failFsync makes the kernel answer every fsync of this process with EIO.
func failFsync() {
	const data, allow, errno = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, 0x7fff0000, 0x00050000
	filter := []unix.SockFilter{
		{Code: data, K: 0}, // the number of the system call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_FSYNC, Jt: 0, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: errno | uint32(unix.EIO)},
		{Code: unix.BPF_RET | unix.BPF_K, K: allow},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	const setModeFilter, allThreads = 1, 1
	_, _, err := unix.Syscall(unix.SYS_SECCOMP, setModeFilter, allThreads, uintptr(unsafe.Pointer(&program)))
	runtime.KeepAlive(filter)
	if err != 0 {
		panic(err)
	}
}
