package cmd

import (
	"context"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets this test binary be hauth: a process that is started under
// that name runs Main, so that scripts go through the door that users use.
func TestMain(m *testing.M) {
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "hauth" {
		os.Exit(Main(context.Background(), testEnv(os.Environ())))
	}
	// What was ignored when the tests began, as under nohup or in a shell's
	// background, would be ignored by all that they start. A signal that is caught
	// has its own effect in a new program.
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hauth-test-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := installAs(filepath.Join(dir, "hauth")); err != nil {
		log.Fatal(err)
	}
	if err := os.Setenv(binVariable, dir); err != nil {
		log.Fatal(err)
	}
	return m.Run()
}

const (
	binVariable   = "HAUTH_TEST_BIN" // for this process: the directory that holds hauth
	clockVariable = "HAUTH_TEST_NOW" // for hauth: how far its clock is ahead, as a Go duration

	noFilesVariable = "HAUTH_TEST_NO_FILES" // for hauth: it may open no file
)

// testEnv is the real environment, except for a clock that scripts can set. It
// sets the limit of open files: the shell's would keep the test binary from
// being loaded.
func testEnv(environ []string) Env {
	env := Env{Environ: []string{}}
	for _, kv := range environ {
		if ahead, ok := strings.CutPrefix(kv, clockVariable+"="); ok {
			d, err := time.ParseDuration(ahead)
			if err != nil {
				log.Fatal(err)
			}
			env.Now = func() time.Time { return time.Now().Add(d) }
			continue
		}
		if strings.HasPrefix(kv, noFilesVariable+"=") {
			if err := openNoFiles(); err != nil {
				log.Fatal(err)
			}
			continue
		}
		env.Environ = append(env.Environ, kv)
	}
	return env
}

func TestScripts(t *testing.T) {
	t.Parallel()
	runScripts(t, filepath.Join("testdata", "script"))
}

func runScripts(t *testing.T, dir string) {
	testscript.Run(t, testscript.Params{
		Dir:                dir,
		RequireUniqueNames: true,
		Setup:              setUpScript,
		Cmds:               scriptVerbs(),
	})
}

// setUpScript gives a script its own environment. It inherits nothing from
// the environment of the tests: no CI, no HAUTH_*, no session bus, no proxy.
func setUpScript(env *testscript.Env) error {
	s := newScript(env)
	if err := s.forbidBuiltins(); err != nil {
		return err
	}
	for _, dir := range []string{"home", "run", "tmp", secretsDir} {
		if err := os.MkdirAll(filepath.Join(env.WorkDir, dir), 0o700); err != nil {
			return err
		}
	}
	for _, kv := range append(systemEnviron(env.WorkDir), [][2]string{
		{"PATH", os.Getenv(binVariable) + string(os.PathListSeparator) + os.Getenv("PATH")},
		{"WORK", env.WorkDir},
		{"HOME", filepath.Join(env.WorkDir, "home")},
		{"CURL_HOME", filepath.Join(env.WorkDir, "home")},
		{"TMPDIR", filepath.Join(env.WorkDir, "tmp")},
		{"XDG_RUNTIME_DIR", filepath.Join(env.WorkDir, "run")},
		{"HAUTH_HOME", filepath.Join(env.WorkDir, "hauth")},
		{"HAUTH_NO_INPUT", "1"},
		{"DBUS_SESSION_BUS_ADDRESS", "unix:path=" + filepath.Join(env.WorkDir, "no-bus")},
		{"TERM", "xterm"},
		{"LC_ALL", "C.UTF-8"},
		{"GORACE", "atexit_sleep_ms=0"},
	}...) {
		s.environ = setEnv(s.environ, kv[0], kv[1])
		env.Setenv(kv[0], kv[1])
	}
	env.Setenv("WRONG", s.canary.secrets["wrong"]) // for the script only
	env.Values[scriptKey{}] = s
	env.Defer(s.finish)
	return s.writeSecrets()
}
