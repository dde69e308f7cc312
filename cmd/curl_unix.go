//go:build unix

package cmd

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// minPipe is how many bytes a pipe holds without a reader on every Unix
// system.
const minPipe = 4096

// runRealCurl becomes curl, which reads its config from a pipe. hauth keeps
// running next to curl if the pipe may be too small for the config, or a file
// must be removed afterwards.
func (a *app) runRealCurl(run curlRun) error {
	stays := false
	if run.authorities != nil {
		file, remove, err := inheritedFile(run.authorities)
		if err != nil {
			return cannotStart("curl", err)
		}
		if remove != nil {
			defer remove()
			stays = true
		}
		run.config = "cacert = " + curlQuote(file) + "\n" + run.config
	}
	read, write, err := os.Pipe()
	if err != nil {
		return cannotStart("curl", err)
	}
	defer read.Close()
	if _, err := unix.FcntlInt(read.Fd(), unix.F_SETFD, 0); err != nil {
		return cannotStart("curl", err)
	}
	// curl obeys -q as its first argument only. It keeps .curlrc from
	// leading elsewhere.
	argv := append([]string{"curl", "-q", "-K", fmt.Sprintf("/dev/fd/%d", read.Fd())}, run.args...)
	if stays || len(run.config) > minPipe {
		return a.feedCurl(run, argv, write)
	}
	_, err = write.WriteString(run.config) // nothing reads the pipe yet, but the config fits into it
	if err := errors.Join(err, write.Close()); err != nil {
		return cannotStart("curl", err)
	}
	return a.become(run.path, argv, run.environ)
}

func (a *app) feedCurl(run curlRun, argv []string, config *os.File) error {
	child := a.newSupervisor()
	defer child.end()
	if err := child.start(program{path: run.path, argv: argv, environ: run.environ, stdout: os.Stdout, stderr: os.Stderr}); err != nil {
		return err
	}
	go func() {
		config.WriteString(run.config)
		config.Close()
	}()
	status, err := child.wait()
	if err != nil {
		return err
	}
	return endAs(status)
}
