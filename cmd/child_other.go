//go:build !linux

package cmd

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// child is a program that has been started.
type child struct{ cmd *exec.Cmd }

func startChild(p program) (*child, error) {
	c := &child{&exec.Cmd{
		Path: p.path, Args: p.argv, Env: p.environ,
		Stdin: os.Stdin, Stdout: p.stdout, Stderr: p.stderr,
		SysProcAttr: p.attributes,
	}}
	return c, c.cmd.Start()
}

// signal does nothing once the program has ended.
func (c *child) signal(s os.Signal) { c.cmd.Process.Signal(s) }

func (c *child) wait() (status syscall.WaitStatus, err error) {
	err = c.cmd.Wait()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		return status, err
	}
	return c.cmd.ProcessState.Sys().(syscall.WaitStatus), nil
}
