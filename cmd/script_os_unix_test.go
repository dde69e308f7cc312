//go:build unix

package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// installAs makes this test binary a program of that name.
func installAs(path string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return os.Symlink(self, path)
}

// systemEnviron is what a process cannot do without, besides what scripts have.
func systemEnviron(string) [][2]string { return nil }

// openNoFiles keeps this process from opening a further file.
func openNoFiles() error {
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 0, Max: 0})
}

// apart puts a command into a session of its own: it has no controlling terminal,
// wherever the tests run.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// killAll ends the process and everything in its session's group.
func killAll(c *exec.Cmd) { syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }

func sendSignal(p *os.Process, name string) error {
	number := unix.SignalNum("SIG" + name)
	if number == 0 {
		return fmt.Errorf("no signal %s", name)
	}
	return p.Signal(number)
}

// statusOf is the exit code, or the name of the signal.
func statusOf(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return unix.SignalName(status.Signal())
	}
	return strconv.Itoa(state.ExitCode())
}

// programIn is the file of a command in a directory.
func programIn(dir, name string) string { return filepath.Join(dir, name) }
