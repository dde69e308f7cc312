//go:build wine

package windows

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/mockvendor"
)

// Both programs are built once, for all tests.
var hauthExe, probeExe string

func TestMain(m *testing.M) {
	code, err := withPrograms(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "test/windows:", err)
		code = 1
	}
	os.Exit(code)
}

func withPrograms(m *testing.M) (int, error) {
	if os.Getenv("HAUTH_WINE_PREFIX") == "" {
		return 0, errors.New("HAUTH_WINE_PREFIX is not set: run make windows")
	}
	dir, err := os.MkdirTemp("", "hauth-wine-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	hauthExe, probeExe = filepath.Join(dir, "hauth.exe"), filepath.Join(dir, "probe.exe")
	for out, pkg := range map[string]string{hauthExe: "../..", probeExe: "./probe"} {
		c := exec.Command("go", "build", "-tags", "wine", "-o", out, pkg)
		c.Env = append(os.Environ(), "GOOS=windows", "CGO_ENABLED=0")
		if text, err := c.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%w: %s", err, text)
		}
	}
	return m.Run(), nil
}

// world is a home of hauth's and the vendors, for one test.
type world struct {
	*testing.T
	dir     string // seen from Linux
	environ []string
	mock    *mockvendor.Server
	vendors map[string]mockvendor.Vendor
}

func newWorld(t *testing.T) *world {
	t.Parallel()
	w := &world{T: t, dir: t.TempDir(), mock: mockvendor.New(mockvendor.Options{}), vendors: map[string]mockvendor.Vendor{}}
	server := httptest.NewServer(w.mock)
	t.Cleanup(server.Close)
	for _, v := range w.mock.Vendors(server.URL) {
		w.vendors[v.Provider] = v
	}
	if err := os.Chmod(w.dir, 0o700); err != nil { // Wine shows modes as access lists
		t.Fatal(err)
	}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "HAUTH_") && !strings.HasPrefix(entry, "CI=") {
			w.environ = append(w.environ, entry)
		}
	}
	w.set("HAUTH_WINE_PREFIX="+os.Getenv("HAUTH_WINE_PREFIX"), "HAUTH_NO_INPUT=1", "HAUTH_HOME="+windowsPath(filepath.Join(w.dir, "hauth")))
	return w
}

// windowsPath is how Windows programs see a path of this system.
func windowsPath(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

func (w *world) set(entries ...string) {
	for _, entry := range entries {
		name, _, _ := strings.Cut(entry, "=")
		w.unset(name)
		w.environ = append(w.environ, entry)
	}
}

func (w *world) unset(name string) {
	w.environ = slices.DeleteFunc(w.environ, func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
}

// file makes a file that only this user can read, and returns its name on
// Windows.
func (w *world) file(name, text string) string {
	w.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	return windowsPath(path)
}

type result struct {
	stdout, stderr string // with "\n" alone
	exit           int    // modulo 256
}

// stillborn is what hauth says of a program whose process ended before it had
// come to life. Windows has no such error at a start; Wine makes it up when the
// machine is busy.
const stillborn = ".exe: Internal error."

// run runs a program under Wine, and once more where Wine let a process that it
// started die.
func (w *world) run(stdin string, argv ...string) result {
	w.Helper()
	r := w.runOnce(stdin, argv...)
	if strings.Contains(r.stderr, stillborn) {
		w.Logf("%q: %s", argv, r.stderr)
		r = w.runOnce(stdin, argv...)
	}
	return r
}

// runOnce runs a program under Wine. What hangs is ended after two minutes. It reads
// and writes files, no pipes: Wine's console may hold one open for longer than
// the program runs.
func (w *world) runOnce(stdin string, argv ...string) result {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "./wine", argv...)
	in, stdout, stderr := w.temp(stdin), w.temp(""), w.temp("")
	c.Stdin, c.Stdout, c.Stderr, c.Env = in, stdout, stderr, w.environ
	err := c.Run()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) || ctx.Err() != nil {
		w.Fatalf("%q: %v", argv, err)
	}
	in.Close()
	return result{w.written(stdout), w.written(stderr), c.ProcessState.ExitCode()}
}

func (w *world) temp(text string) *os.File {
	w.Helper()
	f, err := os.CreateTemp(w.dir, "stream")
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		w.Fatal(err)
	}
	return f
}

func (w *world) written(f *os.File) string {
	w.Helper()
	defer f.Close()
	text, err := os.ReadFile(f.Name())
	if err != nil {
		w.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// hauth runs hauth.exe, which must end with the given code.
func (w *world) hauth(exit int, args ...string) result {
	w.Helper()
	return w.hauthReading("", exit, args...)
}

func (w *world) hauthReading(stdin string, exit int, args ...string) result {
	w.Helper()
	r := w.run(stdin, append([]string{hauthExe}, args...)...)
	if r.exit != exit {
		w.Fatalf("hauth %q ended with %d, not %d:\n%s%s", args, r.exit, exit, r.stdout, r.stderr)
	}
	return r
}

// login stores an account of 123pan.
func (w *world) login(store string, account string) {
	w.Helper()
	v := w.vendors["123pan"]
	w.hauthReading(v.Credentials["client_secret"]+"\r\n", 0,
		"login", account, "--id", v.Credentials["client_id"], "--secret-stdin", "--endpoint", v.Endpoint, "--store", store)
}

// setCredentials puts those of 123pan into the environment, under names in the
// letters that the function gives them.
func (w *world) setCredentials(letters func(string) string) {
	v := w.vendors["123pan"]
	w.set(letters("HAUTH_123PAN_CLIENT_ID")+"="+v.Credentials["client_id"],
		letters("HAUTH_123PAN_CLIENT_SECRET")+"="+v.Credentials["client_secret"],
		letters("HAUTH_123PAN_ENDPOINT")+"="+v.Endpoint)
}
