package cmd

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
)

// execve runs the program to its end: Windows cannot replace a running
// program. The console sends its signals to both, and hauth outlives the
// program.
func execve(path string, argv, environ []string) error {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	c := &exec.Cmd{Path: path, Args: argv, Env: environ, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	err := c.Run()
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		return exitStatus(exited.ExitCode())
	}
	return err
}
