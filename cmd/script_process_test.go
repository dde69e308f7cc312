//go:build unix

package cmd

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// process is a command that a script has started.
type process struct {
	order  order
	cmd    *exec.Cmd
	stdout bytes.Buffer
	stderr bytes.Buffer
	begun  time.Time
	took   time.Duration
	status string        // exit code, or the name of the signal that ended it
	done   chan struct{} // closed at the end
}

// patience is how long anything may take; anything slower is considered
// hung.
const patience = 60 * time.Second

// start runs argv in the script's environment, in a session of its own: it
// has no controlling terminal, wherever the tests run.
func (s *script) start(o order, dir string) (*process, error) {
	p := &process{order: o, done: make(chan struct{})}
	path, err := lookIn(s.environ, o.argv[0])
	if err != nil {
		return nil, err
	}
	p.cmd = &exec.Cmd{
		Path: path, Args: o.argv, Dir: dir, Env: append([]string{}, s.environ...),
		Stdout: &p.stdout, Stderr: &p.stderr,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
		WaitDelay:   5 * time.Second,
	}
	if o.stdin != "" {
		f, err := os.Open(o.stdin)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		p.cmd.Stdin = f
	}
	p.begun = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go p.wait()
	return p, nil
}

func (p *process) wait() {
	late := time.AfterFunc(patience, p.kill)
	p.cmd.Wait()
	late.Stop()
	p.took = time.Since(p.begun)
	p.status = statusOf(p.cmd.ProcessState)
	close(p.done)
}

// kill ends the process and everything in its session's group.
func (p *process) kill() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// statusOf is the exit code, or the name of the signal.
func statusOf(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return unix.SignalName(status.Signal())
	}
	return strconv.Itoa(state.ExitCode())
}

// lookIn finds a command as a process with this environment would.
func lookIn(environ []string, name string) (string, error) {
	c := exec.Command("/usr/bin/env", "sh", "-c", `command -v -- "$0"`, name)
	c.Env = environ
	if name == "hauth" || name == "sh" {
		for _, dir := range pathOf(environ) {
			if path := dir + "/" + name; fileExists(path) {
				return path, nil
			}
		}
	}
	out, err := c.Output()
	return string(bytes.TrimSpace(out)), err
}
