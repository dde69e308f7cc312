//go:build keyring && linux

package cmd

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/mockvendor"
)

// realKeyring is the built program on the session bus that test/with-keyring
// made, with an account in its keyring.
type realKeyring struct {
	t    *testing.T
	bin  string
	env  []string
	mock *mockvendor.Server
	base string
}

func newRealKeyring(t *testing.T) *realKeyring {
	t.Helper()
	if os.Getenv("KEYRING_PID") == "" {
		t.Fatal("these tests run in test/with-keyring: make keyring")
	}
	k := &realKeyring{t: t, bin: filepath.Join(t.TempDir(), "hauth"), mock: mockvendor.New(mockvendor.Options{})}
	build := exec.Command("go", "build", "-o", k.bin, "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := httptest.NewServer(k.mock)
	t.Cleanup(server.Close)
	k.base = server.URL
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "HAUTH_") && !strings.HasPrefix(kv, "CI=") {
			k.env = append(k.env, kv)
		}
	}
	k.env = append(k.env, "HAUTH_HOME="+t.TempDir(), "HAUTH_NO_INPUT=1")
	k.login()
	t.Cleanup(func() { k.hauth(0, "logout", "123pan") })
	return k
}

func (k *realKeyring) login(more ...string) {
	k.t.Helper()
	for _, v := range k.mock.Vendors(k.base) {
		if v.Provider == "123pan" {
			c := k.command(append([]string{"login", "123pan", "--store", "keyring", "--endpoint", v.Endpoint, "--id", v.Credentials["client_id"], "--secret-stdin"}, more...)...)
			c.Stdin = strings.NewReader(v.Credentials["client_secret"])
			if out, err := c.CombinedOutput(); err != nil {
				k.t.Fatalf("login: %v\n%s", err, out)
			}
		}
	}
}

func (k *realKeyring) command(args ...string) *exec.Cmd {
	c := exec.Command(k.bin, args...)
	c.Env = k.env
	return c
}

// hauth runs a command that must end with exit, and returns its stdout.
func (k *realKeyring) hauth(exit int, args ...string) (stdout, stderr string) {
	k.t.Helper()
	var out, errs bytes.Buffer
	c := k.command(args...)
	c.Stdout, c.Stderr = &out, &errs
	c.Run()
	if got := c.ProcessState.ExitCode(); got != exit {
		k.t.Fatalf("hauth %s ended with %d, want %d\n%s", strings.Join(args, " "), got, exit, errs.String())
	}
	return out.String(), errs.String()
}

// herd runs many processes at once, and returns what they print, which must
// be the same.
func (k *realKeyring) herd(n int, args ...string) string {
	k.t.Helper()
	var group sync.WaitGroup
	values := make(chan string, n)
	for range n {
		group.Go(func() {
			out, err := k.command(args...).Output()
			if err != nil {
				k.t.Errorf("hauth %s: %v", strings.Join(args, " "), err)
			}
			values <- string(out)
		})
	}
	group.Wait()
	close(values)
	first := <-values
	for v := range values {
		if v != first {
			k.t.Fatal("two processes print different tokens")
		}
	}
	return first
}

func secretTool(t *testing.T, args ...string) string {
	t.Helper()
	out, _ := exec.Command("secret-tool", args...).Output()
	return string(out)
}

// TestRealKeyringDoctor wants doctor to name the keyring, and to open it for a
// fleet's record only where it may connect.
func TestRealKeyringDoctor(t *testing.T) {
	k := newRealKeyring(t)
	k.login("--no-verify", "--fleet", "redis://127.0.0.1:1/0")
	line := func(begins string, flags ...string) {
		t.Helper()
		out, _ := k.command(append([]string{"doctor"}, flags...)...).Output()
		if !regexp.MustCompile("(?m)^" + begins).Match(out) {
			t.Errorf("no line begins with %s:\n%s", begins, out)
		}
	}
	line(`ok +keyring: service .*, process gnome-keyring-d[a-z]*, collection .*, bus .*, pid [0-9]+$`)
	line(`ok +keyring probe: wrote in [0-9.]+ ms, read in [0-9.]+ ms, deleted in [0-9.]+ ms$`)
	line(`ok +fleet of 123pan: redis://127.0.0.1:1/0; --network opens the keyring and names the record$`)
	line(`failed +fleet of 123pan: redis://127.0.0.1:1/0; record [0-9a-f]{8}; cannot reach the fleet engine `, "--network")
}

func TestRealKeyringRestsTheAccount(t *testing.T) {
	k := newRealKeyring(t)
	token, _ := k.hauth(0, "token", "123pan")
	if n := k.mock.Tokens("123pan"); n != 1 {
		t.Errorf("%d requests, want login's one", n)
	}
	if item := secretTool(t, "lookup", "service", "hauth", "username", "123pan/default#token"); !strings.Contains(item, strings.TrimSpace(token)) {
		t.Error("secret-tool does not show the token's item")
	}
	if item := secretTool(t, "lookup", "service", "hauth", "username", "123pan/default"); !strings.Contains(item, "client_secret") {
		t.Error("secret-tool does not show the credentials' item")
	}
	k.hauth(0, "logout", "123pan")
	for _, name := range []string{"123pan/default", "123pan/default#token"} {
		if secretTool(t, "lookup", "service", "hauth", "username", name) != "" {
			t.Errorf("logout left %s", name)
		}
	}
	k.login()
}

func TestRealKeyringHerds(t *testing.T) {
	k := newRealKeyring(t)
	k.herd(200, "token", "123pan")
	if n := k.mock.Tokens("123pan"); n != 1 {
		t.Errorf("%d requests after 200 reads, want login's one", n)
	}
	secretTool(t, "clear", "service", "hauth", "username", "123pan/default#token")
	k.mock.SetTTL("123pan", time.Minute)
	k.herd(200, "token", "123pan")
	if n := k.mock.Tokens("123pan"); n != 2 {
		t.Errorf("%d requests after 200 processes on a cold cache, want 2", n)
	}
	time.Sleep(5 * time.Second) // until less is left than is wanted
	k.mock.SetTTL("123pan", time.Hour)
	k.herd(60, "token", "123pan", "--min-ttl", "56s")
	if n := k.mock.Tokens("123pan"); n != 3 {
		t.Errorf("%d requests after 60 processes with --min-ttl, want 3", n)
	}
}

// TestRealKeyringStopped: a keyring that does not answer is an error within
// seconds, never "not logged in".
func TestRealKeyringStopped(t *testing.T) {
	k := newRealKeyring(t)
	pid, err := strconv.Atoi(os.Getenv("KEYRING_PID"))
	if err != nil {
		t.Fatal(err)
	}
	syscall.Kill(pid, syscall.SIGSTOP)
	defer syscall.Kill(pid, syscall.SIGCONT)
	begin := time.Now()
	_, stderr := k.hauth(5, "token", "123pan")
	if took := time.Since(begin); took > 6*time.Second {
		t.Errorf("it took %s", took)
	}
	if !strings.Contains(stderr, "hint: ") {
		t.Errorf("no hint: %s", stderr)
	}
	out, _ := k.hauth(0, "status", "123pan", "--json")
	if !strings.Contains(out, `"state":"valid"`) {
		t.Errorf("status asks the keyring: %s", out)
	}
}

func TestRealKeyringWithoutABus(t *testing.T) {
	k := newRealKeyring(t)
	with := k.env
	mark := "XDG_RUNTIME_DIR=" + t.TempDir()
	k.env = append(slices.Clone(with), mark)
	for i, kv := range k.env {
		if strings.HasPrefix(kv, "DBUS_SESSION_BUS_ADDRESS=") {
			k.env[i] = "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus"
		}
	}
	_, stderr := k.hauth(5, "token", "123pan")
	if strings.Contains(stderr, "not logged in") {
		t.Errorf("broken is not absent: %s", stderr)
	}
	c := k.command("login", "wahool", "--id", "x", "--secret-stdin")
	c.Stdin = strings.NewReader("a-secret-of-some-length")
	out, _ := c.CombinedOutput()
	if code := c.ProcessState.ExitCode(); code != 5 || !strings.Contains(string(out), "hauth login wahool --id x --secret-stdin --store file") {
		t.Errorf("login without a keyring: %d\n%s", code, out)
	}
	other := exec.Command("sleep", "60")
	other.Env, k.env = k.env, with
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if names := running(t, mark); len(names) != 1 {
		t.Errorf("with one process that stays: %v", names)
	}
	other.Process.Kill()
	other.Wait()
	if names := running(t, mark); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
}

// running names the processes that have the variable in their environment.
func running(t *testing.T, variable string) []string {
	t.Helper()
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil || len(environs) == 0 {
		t.Fatalf("no processes: %v", err)
	}
	var names []string
	for _, path := range environs {
		environ, _ := os.ReadFile(path) // most belong to others, some have ended
		if slices.Contains(strings.Split(string(environ), "\x00"), variable) {
			name, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "comm"))
			names = append(names, strings.TrimSpace(string(name)))
		}
	}
	return names
}
