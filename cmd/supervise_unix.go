//go:build unix

package cmd

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// relayed are the signals that a supervised child must not miss. Those that
// the terminal sends reach the child anyway, since both are in the foreground
// process group; hauth catches them only to outlive the child.
var relayed = []os.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGINT, syscall.SIGQUIT}

// lateSignals: the kernel delivers a signal to all processes at once.
const lateSignals = false

// relaySignal hands a signal on, unless the terminal has sent it to the child
// as well.
func relaySignal(s os.Signal, c *child) {
	if (s == syscall.SIGINT || s == syscall.SIGQUIT) && inForeground() {
		return
	}
	c.signal(s)
}

// inForeground reports whether the controlling terminal sends its signals to
// this process group.
func inForeground() bool {
	tty, err := os.OpenFile("/dev/tty", os.O_RDONLY|syscall.O_NOCTTY, 0)
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// endAs ends this process as the child ended: by the same signal, or with
// the same status.
func endAs(status syscall.WaitStatus) error {
	if !status.Signaled() {
		return exitStatus(status.ExitStatus())
	}
	unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) // this process's memory holds tokens
	dieBy(status.Signal())
	// If the signal does not kill this process, its exit code still says
	// what happened.
	return exitStatus(128 + int(status.Signal()))
}
