//go:build linux

package budget

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// world is built programs, vendors to log in at, and an environment that has
// nothing of the tester's: its size alone decides about a page more or less.
type world struct {
	t            *testing.T
	hauth, hello string
	env          []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, hauth: released(t, dir, "hauth", "."), hello: released(t, dir, "hello", "./test/bench/hello")}
	for _, name := range []string{"home", "run", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(dir, "home"), "HAUTH_HOME=" + filepath.Join(dir, "hauth-home"),
		"XDG_RUNTIME_DIR=" + filepath.Join(dir, "run"), "TMPDIR=" + filepath.Join(dir, "tmp"), "HAUTH_NO_INPUT=1", "LC_ALL=C.UTF-8",
	}
	return w
}

// vendor is a line of hauth mock.
type vendor struct {
	Provider, Endpoint string
	Credentials        map[string]string
	Env                []string
}

// mock serves the vendors until the test ends.
func (w *world) mock() map[string]vendor {
	w.t.Helper()
	c := exec.Command(w.hauth, "mock", "--ttl", "24h")
	c.Env, c.Stderr = w.env, os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	lines := json.NewDecoder(out)
	vendors := map[string]vendor{}
	for range 4 {
		var v vendor
		if err := lines.Decode(&v); err != nil {
			w.t.Fatalf("hauth mock: %v", err)
		}
		vendors[v.Provider] = v
	}
	return vendors
}

func (w *world) login(account, store, endpoint, id, secret string) {
	w.t.Helper()
	w.run(nil, secret, "login", account, "--store", store, "--endpoint", endpoint, "--id", id, "--secret-stdin")
}

// loginFile logs in to wahool, with the file store.
func (w *world) loginFile() {
	w.t.Helper()
	v := w.mock()["wahool"]
	w.login("wahool", "file", v.Endpoint, v.Credentials["access_key"], v.Credentials["secret_key"])
}

// sealToken fetches a token for hitem3d, whose credentials are in the environment
// that is returned.
func (w *world) sealToken() (env []string) {
	w.t.Helper()
	env = w.mock()["hitem3d"].Env
	w.run(env, "", "token", "hitem3d")
	return env
}

func (w *world) run(env []string, stdin string, args ...string) {
	w.t.Helper()
	c := exec.Command(w.hauth, args...)
	c.Env, c.Stdin = append(slices.Clone(w.env), env...), strings.NewReader(stdin)
	if out, err := c.CombinedOutput(); err != nil {
		w.t.Fatalf("hauth %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// goVersion is the toolchain's, without the last number: it builds the programs,
// and may be another one than that of the test.
func (w *world) goVersion() string {
	w.t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	version := strings.TrimSpace(string(out))
	if parts := strings.SplitN(version, ".", 3); len(parts) > 1 {
		version = parts[0] + "." + parts[1]
	}
	return version
}

func shell(script string) *exec.Cmd { return exec.Command("/bin/sh", "-c", script) }
