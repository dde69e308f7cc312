package cmd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"time"
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

// start runs argv in the script's environment, without a controlling terminal.
func (s *script) start(o order, dir string) (*process, error) {
	p := &process{order: o, done: make(chan struct{})}
	path, err := lookIn(s.environ, o.argv[0])
	if err != nil {
		return nil, err
	}
	p.cmd = &exec.Cmd{
		Path: path, Args: o.argv, Dir: dir, Env: append([]string{}, s.environ...),
		Stdout: &p.stdout, Stderr: &p.stderr,
		SysProcAttr: apart(),
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

func (p *process) kill() { killAll(p.cmd) }

// lookIn finds a command as a process with this environment would.
func lookIn(environ []string, name string) (string, error) {
	for _, dir := range pathOf(environ) {
		if path := programIn(dir, name); fileExists(path) {
			return path, nil
		}
	}
	return "", fmt.Errorf("there is no %s", name)
}
