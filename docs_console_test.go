//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/mockvendor"
)

// A console block is a session: lines that begin with "$ " are commands,
// continued after a backslash or on lines that begin with "> ", and what
// follows is what they print, stdout and stderr as they come. "…" stands for
// any text within a line; alone on a line, for any lines.
//
// The blocks of a file run in order, against mock vendors at $MOCK, each in a
// bash of its own, in one home directory. A comment <!-- test: … --> directly
// before a block prepares it:
//
//	login PROVIDER...          log in at the mock, with the file store
//	mock-fail PROVIDER MODE    as hauth mock --fail; none ends it
//	env NAME=VALUE...          for the rest of the file; $MOCK is known
//	file NAME                  write the block to that file
//	run COMMAND                what the reader has done but need not see
//	mock PROVIDER              hauth mock --provider PROVIDER; what it prints is in
//	                           $PROVIDER_ENDPOINT and $PROVIDER_NAME, in upper case

// TestDocsConsole runs every console block.
func TestDocsConsole(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "hauth"), ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, file := range documents(t) {
		blocks := readBlocks(t, file)
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			s := newSandbox(t, bin)
			for _, b := range blocks {
				if b.lang != "console" && len(b.setup) == 0 {
					continue
				}
				t.Run(fmt.Sprintf("line %d", b.line), func(t *testing.T) { s.run(t, b) })
			}
		})
	}
}

// run prepares a block and, if it is a session, plays it. A block that needs a
// program which is not here is skipped; the blocks after it are not.
func (s *sandbox) run(t *testing.T, b block) {
	for _, directive := range b.setup {
		skipWithout(t, directive)
		if err := s.prepare(directive, b); err != nil {
			t.Fatalf("%s:%d: test: %s: %v", b.file, b.line, directive, err)
		}
	}
	if b.lang == "console" {
		skipWithout(t, b.text)
		s.play(t, b)
	}
}

// skipWithout skips a test whose commands need a program that is not here.
func skipWithout(t *testing.T, commands string) {
	t.Helper()
	for _, program := range []string{"curl", "direnv", "http", "make", "python3", "wget"} {
		if !regexp.MustCompile(`(?m)(^|[ ;|('"])` + program + ` `).MatchString(commands) {
			continue
		}
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed; test/setup installs it", program)
		}
		if program == "python3" && exec.Command("python3", "-c", "import requests").Run() != nil {
			t.Skip("python3 has no module requests; test/setup installs it")
		}
	}
}

// sandbox is a reader's machine: a home of its own, no terminal, no keyring,
// and vendors that are mocks.
type sandbox struct {
	hauth   string // the program
	home    string
	base    string // URL of the mock
	environ []string
	mock    *mockvendor.Server
	ctx     context.Context // until the test ends
	ended   []func()        // and then these
}

func newSandbox(t *testing.T, bin string) *sandbox {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	s := &sandbox{hauth: filepath.Join(bin, "hauth"), home: filepath.Join(dir, "home"), mock: mockvendor.New(mockvendor.Options{}), ctx: ctx}
	t.Cleanup(func() {
		cancel()
		for _, wait := range s.ended {
			wait()
		}
	})
	runtime := filepath.Join(dir, "run")
	for _, d := range []string{s.home, runtime} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(s.mock)
	t.Cleanup(server.Close)
	s.base = server.URL
	s.environ = []string{
		"HOME=" + s.home, "XDG_RUNTIME_DIR=" + runtime, "TMPDIR=" + dir, "LANG=C.UTF-8", "MOCK=" + s.base,
		"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		// The tests must not touch the keyring of the user who runs them.
		"DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(runtime, "no-bus"),
	}
	return s
}

// prepare carries out one directive.
func (s *sandbox) prepare(directive string, b block) error {
	word, rest, _ := strings.Cut(directive, " ")
	args := strings.Fields(rest)
	switch {
	case word == "login" && len(args) > 0:
		for _, provider := range args {
			if err := s.login(provider); err != nil {
				return err
			}
		}
		return nil
	case word == "mock-fail" && len(args) == 2:
		return s.mock.SetFail(args[0], strings.TrimPrefix(args[1], "none"))
	case word == "env" && len(args) > 0:
		for _, kv := range args {
			s.environ = append(s.environ, strings.ReplaceAll(kv, "$MOCK", s.base))
		}
		return nil
	case word == "file" && len(args) == 1:
		return os.WriteFile(filepath.Join(s.home, args[0]), []byte(b.text), 0o600)
	case word == "mock" && len(args) == 1:
		return s.serve(args[0])
	case word == "run" && len(args) > 0:
		if out, err := s.bash(rest); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	return fmt.Errorf("no such directive")
}

// serve starts a mock of a provider that the reader has installed, until the
// test ends.
func (s *sandbox) serve(provider string) error {
	c := exec.CommandContext(s.ctx, s.hauth, "mock", "--provider", provider)
	c.Env, c.WaitDelay = s.environ, time.Second
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	s.ended = append(s.ended, func() { c.Wait() })
	var mock struct {
		Endpoint    string
		Credentials map[string]string
	}
	if err := json.NewDecoder(out).Decode(&mock); err != nil {
		return fmt.Errorf("what the mock printed: %w", err)
	}
	prefix := strings.ToUpper(strings.ReplaceAll(provider, "-", "_"))
	s.environ = append(s.environ, prefix+"_ENDPOINT="+mock.Endpoint)
	for name, value := range mock.Credentials {
		s.environ = append(s.environ, prefix+"_"+strings.ToUpper(name)+"="+value)
	}
	return nil
}

func (s *sandbox) login(provider string) error {
	for _, v := range s.mock.Vendors(s.base) {
		if v.Provider != provider {
			continue
		}
		id, secret := "client_id", "client_secret"
		if v.Credentials[id] == "" {
			id, secret = "access_key", "secret_key"
		}
		out, err := s.bash(fmt.Sprintf("printf %%s '%s' | hauth login %s --id '%s' --secret-stdin --store file --endpoint %s",
			v.Credentials[secret], provider, v.Credentials[id], v.Endpoint))
		if err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	return fmt.Errorf("the mock has no %s", provider)
}

// bash runs a script without a controlling terminal, so that it cannot
// prompt the user who runs the tests.
func (s *sandbox) bash(script string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "bash", "--norc", "--noprofile", "-c", script)
	c.Env, c.Dir = s.environ, s.home
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	out, err := c.CombinedOutput()
	return string(out), err
}

// play runs a block and compares what each of its commands prints.
func (s *sandbox) play(t *testing.T, b block) {
	t.Helper()
	const mark = "\x1e" // between the commands' output; no text has it
	steps := readSteps(b.text)
	if len(steps) == 0 {
		t.Errorf("%s:%d: a console block without a command", b.file, b.line)
		return
	}
	var script strings.Builder
	for _, step := range steps {
		fmt.Fprintf(&script, "%s\n__status=$?; printf '%s'; (exit $__status)\n", step.command, mark)
	}
	out, _ := s.bash(script.String()) // commands may fail: their output says so
	outputs := strings.Split(out, mark)
	for i, step := range steps {
		have := "(the session ended before this command)"
		if i < len(outputs)-1 {
			have = outputs[i]
		}
		if !matches(step.output, have) {
			t.Errorf("%s:%d: $ %s\nprinted:\n%s\nnot:\n%s", b.file, b.line, step.command, have, strings.Join(step.output, "\n"))
		}
	}
}

// step is a command and the lines that it prints.
type step struct {
	command string
	output  []string
}

func readSteps(text string) []step {
	var steps []step
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ ")
		var last *step
		if len(steps) > 0 {
			last = &steps[len(steps)-1]
		}
		switch {
		case isCommand:
			steps = append(steps, step{command: command})
		case last == nil:
			steps = append(steps, step{command: "false", output: []string{line}}) // output before any command
		case len(last.output) == 0 && strings.HasPrefix(line, "> "):
			last.command += "\n" + strings.TrimPrefix(line, "> ")
		case len(last.output) == 0 && strings.HasSuffix(last.command, `\`):
			last.command += "\n" + line
		default:
			last.output = append(last.output, line)
		}
	}
	return steps
}

// matches reports whether a command's output is the document's. Invisible
// space at the end of a line is ignored.
func matches(want []string, have string) bool {
	var pattern strings.Builder
	pattern.WriteString(`\A`)
	for _, line := range want {
		if line = strings.TrimRight(line, " "); line == "…" {
			pattern.WriteString(`(?:[^\n]*\n)*`)
			continue
		}
		pattern.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", `[^\n]*`) + `\n`)
	}
	pattern.WriteString(`\z`)
	if have != "" && !strings.HasSuffix(have, "\n") {
		have += "\n"
	}
	have = regexp.MustCompile(` +\n`).ReplaceAllString(have, "\n")
	return regexp.MustCompile(pattern.String()).MatchString(have)
}

func TestConsoleMatches(t *testing.T) {
	for _, c := range []struct {
		want, have string
		match      bool
	}{
		{"", "", true},
		{"", "unexpected\n", false},
		{"a\n", "", false},
		{"a\n", "a\n", true},
		{"a\n", "a  ", true},
		{"a\n", "ab\n", false},
		{"a\n", "a\nb\n", false},
		{"a…z\n", "a…\n", false},
		{"a…z\n", "abcz\n", true},
		{"a…z\n", "ab\ncz\n", false},
		{"a.z\n", "abz\n", false},
		{"…\nz\n", "a\nb\nz\n", true},
		{"…\nz\n", "z\n", true},
		{"…\nz\n", "z\na\n", false},
	} {
		steps := readSteps("$ x\n" + c.want)
		if have := matches(steps[0].output, c.have); have != c.match {
			t.Errorf("%q against %q: %v", c.want, c.have, have)
		}
	}
}

func TestConsoleSteps(t *testing.T) {
	have := fmt.Sprintf("%q", readSteps("$ a \\\n  b\nout\n> quoted\n$ c <<E\n> d\n> E\n"))
	want := fmt.Sprintf("%q", []step{{"a \\\n  b", []string{"out", "> quoted"}}, {"c <<E\nd\nE", nil}})
	if have != want {
		t.Errorf("have %s\nwant %s", have, want)
	}
}
