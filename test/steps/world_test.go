//go:build linux && amd64

package steps

import (
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// provider replaces its refresh token with each answer.
const provider = "fitbit"

// world is one home with one account at a mock of its own.
type world struct {
	t           *testing.T
	hauth       string
	dir         string
	store       string
	mock        *exec.Cmd
	endpoint    string
	credentials map[string]string
	tally       map[string]int // how often what was seen
}

// prepare is called before anything is in the directories.
func newWorld(t *testing.T, store string, prepare func(w *world)) *world {
	t.Helper()
	w := &world{t: t, hauth: filepath.Join(t.TempDir(), "hauth"), dir: t.TempDir(), store: store, tally: map[string]int{}}
	build := exec.Command("go", "build", "-trimpath", "-o", w.hauth, "../..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"home", "run", "tmp"} {
		if err := os.Mkdir(w.path(name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if prepare != nil {
		prepare(w)
	}
	t.Cleanup(w.stop)
	t.Cleanup(func() { t.Log(w.tally) })
	w.start()
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

// start logs in to a new mock.
func (w *world) start() {
	w.t.Helper()
	w.startMock()
	w.must(0, w.login()...)
}

// startMock starts a new mock, which knows no refresh token but its first one.
func (w *world) startMock() {
	w.t.Helper()
	w.stop()
	w.mock = w.command("mock", "--provider", provider)
	out, err := w.mock.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.mock.Start(); err != nil {
		w.t.Fatal(err)
	}
	var first struct {
		Endpoint    string            `json:"endpoint"`
		Credentials map[string]string `json:"credentials"`
	}
	if err := json.NewDecoder(out).Decode(&first); err != nil {
		w.t.Fatal(err)
	}
	w.endpoint, w.credentials = first.Endpoint, first.Credentials
}

func (w *world) stop() {
	if w.mock != nil {
		w.mock.Process.Kill()
		w.mock.Wait()
	}
}

func (w *world) login() []string {
	args := []string{"login", provider, "--store", w.store, "--endpoint", w.endpoint}
	for _, name := range slices.Sorted(maps.Keys(w.credentials)) {
		if name == "client_id" {
			args = append(args, "--id", w.credentials[name])
			continue
		}
		if err := os.WriteFile(w.path(name), []byte(w.credentials[name]), 0o600); err != nil {
			w.t.Fatal(err)
		}
		args = append(args, "--secret-file", name+"="+w.path(name))
	}
	return args
}

func (w *world) command(args ...string) *exec.Cmd {
	c := exec.Command(w.hauth, args...)
	c.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "HAUTH_HOME=" + w.path("home"), "TMPDIR=" + w.path("tmp"),
		"XDG_RUNTIME_DIR=" + w.path("run"), "DBUS_SESSION_BUS_ADDRESS=" + os.Getenv("DBUS_SESSION_BUS_ADDRESS"),
		"GODEBUG=asyncpreemptoff=1", // its signals would stop the tracer for nothing
	}
	return c
}

// run runs a command undisturbed.
func (w *world) run(args ...string) (code int, stdout, stderr string) {
	w.t.Helper()
	var out, errs strings.Builder
	c := w.command(args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil && c.ProcessState == nil {
		w.t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}

func (w *world) must(want int, args ...string) (stdout, stderr string) {
	w.t.Helper()
	code, stdout, stderr := w.run(args...)
	if code != want {
		w.t.Fatalf("hauth %s ended with %d, not %d: %s", args[0], code, want, stderr)
	}
	return stdout, stderr
}

// asked is how many requests for a token the vendor has had.
func (w *world) asked() int {
	w.t.Helper()
	base := strings.TrimSuffix(w.endpoint, "/"+provider)
	resp, err := http.Get(base + "/_mock/")
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	var counts map[string]int
	if err == nil {
		err = json.Unmarshal(data, &counts)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return counts[provider]
}

// after looks at the account when a refresh was disturbed: it works, or one
// message says what to do, and doing that makes it work. It reports whether
// the refresh token was lost. The old token is printed all the same.
func (w *world) after(at string) (lost bool) {
	w.t.Helper()
	if token, _ := w.must(0, "token", provider); !strings.HasPrefix(token, "mock-only-") {
		w.t.Fatalf("%s: that is no token: %q", at, token)
	}
	code, _, stderr := w.run("refresh", provider)
	w.files(at)
	switch {
	case code == 0:
		return false
	case code != 4 || strings.Count(stderr, "\n") != 2 || !strings.HasSuffix(stderr, "\nhint: run: hauth login "+provider+"\n"):
		w.t.Fatalf("%s: the next refresh ended with %d: %s", at, code, stderr)
	}
	w.start()
	w.must(0, "refresh", provider)
	return true
}

// files wants no secret in any file, and removes what a kill has left.
func (w *world) files(at string) {
	w.t.Helper()
	err := filepath.WalkDir(w.path("home"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), "mock-only-"+provider) {
			w.t.Errorf("%s: a secret is in %s", at, path)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func killed(e ended) bool { return e.status.Signaled() && e.status.Signal() == syscall.SIGKILL }
