//go:build fleet

package fleet

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/fleet"
)

// server is a process that the test has started and will stop.
type server struct {
	t     *testing.T
	args  []string
	dir   string
	ready func() error
	cmd   *exec.Cmd
	log   *bytes.Buffer
	done  chan struct{}
	quit  bool // SIGQUIT is its word for "at once", and it takes its children along
}

// startServer runs a program in a directory of its own and waits until ready
// returns nil.
func startServer(t *testing.T, ready func() error, dir string, args ...string) *server {
	t.Helper()
	if _, err := exec.LookPath(args[0]); err != nil {
		t.Fatalf("%v: test/setup-fleet installs what these tests need", err)
	}
	s := &server{t: t, args: args, dir: dir, ready: ready}
	t.Cleanup(s.kill)
	s.start()
	return s
}

func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.args[0], s.args[1:]...)
	s.cmd.Dir = s.dir
	s.log = &bytes.Buffer{}
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		cmd.Wait()
		close(done)
	}(s.cmd, s.done)
	eventually(s.t, 20*time.Second, s.args[0]+" is ready", func() error {
		select {
		case <-s.done:
			s.t.Fatalf("%s ended: %s", s.args[0], s.log)
		default:
		}
		return s.ready()
	})
}

// kill ends the server and all that it has started.
func (s *server) kill() {
	if s.cmd.Process == nil {
		return
	}
	if s.quit {
		s.signal(syscall.SIGQUIT)
		select {
		case <-s.done:
		case <-time.After(10 * time.Second):
		}
	}
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.done
}

func (s *server) signal(n syscall.Signal) { s.cmd.Process.Signal(n) }

// stop suspends the server; cont lets it go on.
func (s *server) stop() {
	s.t.Helper()
	suspend(s.t, s.cmd.Process)
}

func (s *server) cont() { s.signal(syscall.SIGCONT) }

// suspend stops a process and waits until each of its threads stands still:
// the signal alone does not do that.
func suspend(t *testing.T, p *os.Process) {
	t.Helper()
	p.Signal(syscall.SIGSTOP)
	eventually(t, 10*time.Second, "the process stands still", func() error {
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.Pid))
		if len(threads) == 0 {
			return fmt.Errorf("process %d has no threads", p.Pid)
		}
		for _, path := range threads {
			stat, err := os.ReadFile(path)
			if _, state, _ := strings.Cut(string(stat), ") "); err == nil && !strings.HasPrefix(state, "T") {
				return fmt.Errorf("%s is in state %.1s", path, state)
			}
		}
		return nil
	})
}

// eventually polls for a condition.
func eventually(t *testing.T, limit time.Duration, what string, check func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatalf("not within %s: %s: %v", limit, what, err)
}

// freePort is a port that nobody listens on just now, and nobody ten thousand
// above it either: a Redis cluster wants both.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		l.Close()
		if port > 50000 {
			continue
		}
		bus, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+10000))
		if err == nil {
			bus.Close()
			return fmt.Sprint(port)
		}
	}
	t.Fatal("no free port")
	return ""
}

// accepts reports whether somebody listens at address.
func accepts(address string) func() error {
	return func() error {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			c.Close()
		}
		return err
	}
}

func run(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func parse(t *testing.T, url string) fleet.Target {
	t.Helper()
	target, err := fleet.Parse(url, false)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func open(t *testing.T, url string) fleet.Engine {
	t.Helper()
	engine, err := fleet.Open(parse(t, url))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	return engine
}
