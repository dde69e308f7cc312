package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// plan is how a process is disturbed: after a while it is killed, or stopped,
// and after a while more continued or killed.
type plan struct {
	after, pause time.Duration
	stop, kill   bool
}

// end is how a process ended.
type end struct {
	killed bool
	status int
	took   time.Duration
	stderr string
	err    error
}

func (w *world) plan(name string) plan {
	typical := max(w.took[name], 10*time.Millisecond)
	after := time.Duration(w.random.Int64N(int64(typical) * 5 / 4))
	if w.random.IntN(2) == 0 { // the second half is when things are written
		after = typical/2 + after/2
	}
	return plan{
		after: after,
		pause: time.Duration(w.random.Int64N(int64(20 * time.Millisecond))),
		stop:  w.random.IntN(5) == 0,
		kill:  w.random.IntN(10) != 0,
	}
}

func (w *world) command(args []string, host int) *exec.Cmd {
	c := exec.Command(w.o.hauth, args...)
	c.Env = []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + w.dir,
		"HAUTH_HOME=" + filepath.Join(w.dir, "home"),
		"TMPDIR=" + filepath.Join(w.dir, "tmp"),
		"XDG_RUNTIME_DIR=" + filepath.Join(w.dir, fmt.Sprintf("run%d", host)),
		"DBUS_SESSION_BUS_ADDRESS=" + os.Getenv("DBUS_SESSION_BUS_ADDRESS"),
		"HAUTH_NO_INPUT=1",
	}
	return c
}

// disturb runs one command to its end, be it its own or ours. A refusal
// because there is no account is no error here; a defect is.
func (w *world) disturb(name string, host int, p plan) end {
	c := w.command(w.args(name), host)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	begun := time.Now()
	if err := c.Start(); err != nil {
		return end{err: err}
	}
	done := make(chan struct{})
	go func() {
		c.Wait()
		close(done)
	}()
	pause := func(d time.Duration) {
		select {
		case <-done:
		case <-time.After(d):
		}
	}
	pause(p.after)
	if p.stop {
		stop(c.Process)
		pause(p.pause)
	}
	if p.kill {
		c.Process.Kill()
	}
	resume(c.Process)
	var late error
	select {
	case <-done:
	case <-time.After(time.Minute):
		c.Process.Kill()
		<-done
		late = errors.New("it hangs")
	}
	e := end{killed: wasKilled(c.ProcessState), status: c.ProcessState.ExitCode(), took: time.Since(begun), stderr: stderr.String(), err: late}
	refused := w.o.rotate && e.status == 4 // what the other process was killed for
	if !e.killed && e.status != 0 && e.status != 3 && !refused && e.err == nil {
		e.err = fmt.Errorf("%s ended with %d: %s", name, e.status, e.stderr)
	}
	return e
}
