package cmd

import (
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// child is a program that has been started. Package os would do the same, but
// before its first process it finds out with another one what the kernel can
// do, and that takes about as long as a start itself.
type child struct {
	pid   int
	mu    sync.Mutex
	ended bool
}

func startChild(p program) (*child, error) {
	pid, err := syscall.ForkExec(p.path, p.argv, &syscall.ProcAttr{
		Env:   p.environ,
		Files: []uintptr{os.Stdin.Fd(), p.stdout.Fd(), p.stderr.Fd()},
		Sys:   p.attributes,
	})
	if err != nil {
		return nil, err
	}
	return &child{pid: pid}, nil
}

// signal does nothing once the program has ended.
func (c *child) signal(s os.Signal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if number, ok := s.(syscall.Signal); ok && !c.ended {
		syscall.Kill(c.pid, number)
	}
}

// wait leaves the process a zombie until no signal is on its way to it: up to
// then no other process can get its number.
func (c *child) wait() (status syscall.WaitStatus, err error) {
	err = retried(func() error { return unix.Waitid(unix.P_PID, c.pid, nil, unix.WEXITED|unix.WNOWAIT, nil) })
	if err != nil {
		return 0, os.NewSyscallError("waitid", err)
	}
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	err = retried(func() error { _, err := syscall.Wait4(c.pid, &status, 0, nil); return err })
	return status, os.NewSyscallError("wait4", err)
}

// retried calls a function until no signal has interrupted it.
func retried(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}
