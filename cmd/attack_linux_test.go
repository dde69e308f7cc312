package cmd

import (
	"bytes"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/mockvendor"
)

// stranger is a user who owns none of the files here.
const stranger = 65534

// attacked is a vendor that can keep hauth waiting, with credentials for it
// in an environment.
func attacked(t *testing.T) (mock *mockvendor.Server, environ []string, secret string) {
	t.Helper()
	mock = mockvendor.New(mockvendor.Options{})
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	v := mock.Vendors(server.URL)[0]
	home := t.TempDir()
	// Another user must be able to enter, which t.TempDir's parent allows.
	if err := os.Chmod(home, 0o777); err != nil {
		t.Fatal(err)
	}
	environ = []string{"PATH=" + os.Getenv("PATH"), "HAUTH_HOME=" + filepath.Join(home, "h"), "HAUTH_NO_INPUT=1", "XDG_RUNTIME_DIR=" + home}
	for name, value := range v.Env {
		environ = append(environ, "HAUTH_123PAN_"+name+"="+value)
	}
	return mock, append(environ, "HAUTH_123PAN_ENDPOINT="+v.Endpoint), secretOf(v)
}

// unprivileged starts this test binary as hauth. If the tests run as root,
// from whom nothing can be hidden, it starts it as another user.
func unprivileged(t *testing.T, environ []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer self.Close()
	path := filepath.Join(t.TempDir(), "hauth")
	copied, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(copied, self); err != nil {
		t.Fatal(err)
	}
	copied.Close()
	for dir := filepath.Dir(path); dir != os.TempDir() && len(dir) > 1; dir = filepath.Dir(dir) {
		os.Chmod(dir, 0o755)
	}
	c := &exec.Cmd{Path: path, Args: append([]string{"hauth"}, args...), Env: environ}
	if os.Geteuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	}
	return c
}

// ownerOf is the user whom the kernel allows to inspect a process: root, if
// it is not dumpable.
func ownerOf(t *testing.T, pid int) uint32 {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Stat(fmt.Sprintf("/proc/%d/environ", pid), &st); err != nil {
		t.Fatal(err)
	}
	return st.Uid
}

// Nobody but root can read the memory or the environment of a hauth that
// waits for a vendor, not even another program of the same user.
func TestAttackMemory(t *testing.T) {
	mock, environ, _ := attacked(t)
	if err := mock.SetFail("123pan", "hang"); err != nil {
		t.Fatal(err)
	}
	c := unprivileged(t, environ, "token", "123pan")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	defer c.Process.Kill()
	for end := time.Now().Add(patience); mock.Tokens("123pan") == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the vendor was not asked")
		}
	}
	if uid := ownerOf(t, c.Process.Pid); uid != 0 {
		t.Errorf("user %d may look into hauth", uid)
	}
	for _, file := range []string{"mem", "environ", "maps"} {
		peek := exec.Command("head", "-c", "1", fmt.Sprintf("/proc/%d/%s", c.Process.Pid, file))
		peek.SysProcAttr = c.SysProcAttr
		if out, err := peek.CombinedOutput(); err == nil || !strings.Contains(string(out), "ermission denied") {
			t.Errorf("%s: %q, %v", file, out, err)
		}
	}
}

// The program that hauth becomes is an ordinary process again, which its
// user can debug.
func TestAttackChildIsDumpable(t *testing.T) {
	_, environ, _ := attacked(t)
	c := unprivileged(t, environ, "exec", "123pan", "--", "sh", "-c", "echo; read wait")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	defer in.Close()
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	want := uint32(os.Geteuid())
	if want == 0 {
		want = stranger
	}
	if uid := ownerOf(t, c.Process.Pid); uid != want {
		t.Errorf("the child's memory belongs to user %d, not %d", uid, want)
	}
}

// A name that occurs twice, as no shell can make it but any program can,
// reaches a child once: as getenv reads it.
func TestAttackDuplicateVariables(t *testing.T) {
	_, environ, secret := attacked(t)
	environ = append(environ, "TWICE=first", "TWICE=second", "HAUTH_123PAN_CLIENT_SECRET=another", "=x", "noequals", "a b=c", "HAUTH_TOKEN=old", "HAUTH_TOKEN=older")
	bin := filepath.Join(os.Getenv(binVariable), "hauth")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// os/exec would remove duplicates from the environment.
	p, err := os.StartProcess(bin, []string{"hauth", "exec", "123pan", "--", "env"}, &os.ProcAttr{Env: environ, Files: []*os.File{nil, write, os.Stderr}})
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	out, _ := io.ReadAll(read)
	if state, err := p.Wait(); err != nil || !state.Success() {
		t.Fatalf("%v, %v: %s", state, err, out)
	}
	for name, want := range map[string]string{"TWICE": "first", "a b": "c"} {
		if n := bytes.Count(out, []byte(name+"=")); n != 1 || !bytes.Contains(out, []byte(name+"="+want+"\n")) {
			t.Errorf("%s occurs %d times, or is not %q", name, n, want)
		}
	}
	if n := bytes.Count(out, []byte("HAUTH_TOKEN=")); n != 1 || bytes.Contains(out, []byte("HAUTH_TOKEN=old")) {
		t.Errorf("HAUTH_TOKEN occurs %d times, or is not hauth's", n)
	}
	if leaked(out, secret) != "" || bytes.Contains(out, []byte("CLIENT_SECRET")) {
		t.Error("the child got the secret")
	}
}
