package cmd

import (
	"os"
	"os/signal"
)

// execve runs the program to its end: Windows cannot replace a running
// program. The console sends its signals to both, and hauth outlives the
// program.
func execve(path string, argv, environ []string) error {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	c, err := startChild(program{path: path, argv: argv, environ: environ, stdout: os.Stdout, stderr: os.Stderr})
	if err != nil {
		return err
	}
	status, err := c.wait()
	if err != nil {
		return err
	}
	return endAs(status)
}
