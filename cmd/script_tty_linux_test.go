package cmd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

func TestScriptsLinux(t *testing.T) {
	t.Parallel()
	runScripts(t, filepath.Join("testdata", "script_linux"))
}

// terminal is a pseudo terminal: the program's side and the user's.
type terminal struct {
	person, program *os.File

	mu     sync.Mutex
	screen bytes.Buffer // all that was shown
	read   int          // how much of it the conversation has dealt with
	closed chan struct{}
}

func openPTY() (*terminal, error) {
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		return nil, err
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		return nil, err
	}
	program, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	t := &terminal{person: person, program: program, closed: make(chan struct{})}
	go t.watch()
	return t, nil
}

// watch reads the screen until the program's side is closed everywhere.
func (t *terminal) watch() {
	defer close(t.closed)
	b := make([]byte, 4096)
	for {
		n, err := t.person.Read(b)
		t.mu.Lock()
		t.screen.Write(b[:n])
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (t *terminal) echoes() bool {
	state, err := unix.IoctlGetTermios(int(t.program.Fd()), unix.TCGETS)
	return err == nil && state.Lflag&unix.ECHO != 0
}

// expect waits until the pattern appears in the unread output.
func (t *terminal) expect(pattern string, ended <-chan struct{}) error {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	end := time.Now().Add(15 * time.Second)
	for ; ; time.Sleep(2 * time.Millisecond) {
		select {
		case <-ended:
			// What was shown last may still be on its way.
			ended, end = nil, time.Now().Add(time.Second)
		default:
		}
		t.mu.Lock()
		unread := t.screen.Bytes()[t.read:]
		at := re.FindIndex(unread)
		if at != nil {
			t.read += at[1]
		}
		shown := string(unread)
		t.mu.Unlock()
		switch {
		case at != nil:
			return nil
		case time.Now().After(end):
			return fmt.Errorf("%q does not show, but %q", pattern, shown)
		}
	}
}

// verbTTY holds a conversation with a command that has a terminal for its
// stdin, stdout, stderr and controlling terminal. FILE is the conversation,
// one step a line:
//
//	< REGEXP    wait until this shows
//	> TEXT      type it, and Return; $NAME is expanded
//	paste FILE  paste what is in it, but for its last line break
//	^C, ^D      press it
//	fg          bring the job back, as a shell does after ^Z
//	noecho, echo    what is typed must not show, or must, from here on
//
// At the end the terminal must echo again, and stdout is everything that was
// shown.
func verbTTY(ts *testscript.TestScript, neg bool, args []string) {
	s := scriptOf(ts)
	o := readOrder(ts, neg, args[1:])
	t, err := openPTY()
	ts.Check(err)
	path, err := lookIn(s.environ, o.argv[0])
	ts.Check(err)
	p := &process{order: o, done: make(chan struct{}), begun: time.Now()}
	p.cmd = &exec.Cmd{
		Path: path, Args: o.argv, Dir: ts.MkAbs("."), Env: append([]string{}, s.environ...),
		Stdin: t.program, Stdout: t.program, Stderr: t.program,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0},
	}
	ts.Check(p.cmd.Start())
	go p.wait()
	talk := t.converse(ts, p, ts.ReadFile(args[0]))
	if talk != nil {
		p.kill()
	}
	<-p.done
	echoes := t.echoes()
	t.program.Close()
	<-t.closed
	t.person.Close()
	p.stdout.Write(t.screen.Bytes())
	ts.Check(talk) // before judge, which would only see the kill
	s.judge(ts, p)
	if !echoes {
		ts.Fatalf("the terminal is left without echo")
	}
}

func (t *terminal) converse(ts *testscript.TestScript, p *process, steps string) error {
	for step := range strings.Lines(steps) {
		step = strings.TrimSuffix(step, "\n")
		verb, rest, _ := strings.Cut(step, " ")
		switch {
		case step == "" || verb == "#":
		case verb == "<":
			if err := t.expect(rest, p.done); err != nil {
				return err
			}
		case verb == ">":
			if _, err := t.person.WriteString(os.Expand(rest, ts.Getenv) + "\n"); err != nil {
				return err
			}
		case verb == "paste":
			if _, err := t.person.WriteString(strings.TrimSuffix(ts.ReadFile(rest), "\n")); err != nil {
				return err
			}
		case step == "^C":
			if _, err := t.person.WriteString("\x03"); err != nil {
				return err
			}
		case step == "^D":
			if _, err := t.person.WriteString("\x04"); err != nil {
				return err
			}
		case step == "fg":
			if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
				return err
			}
		case step == "echo", step == "noecho":
			if err := t.awaitEcho(step == "echo"); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%q is not a step of a conversation", step)
		}
	}
	return nil
}

// awaitEcho waits for the program to turn the echo on or off: it asks first,
// and turns it off a moment later.
func (t *terminal) awaitEcho(want bool) error {
	for end := time.Now().Add(15 * time.Second); t.echoes() != want; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("the terminal's echo is %v", !want)
		}
	}
	return nil
}
