//go:build unix

package cmd

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// pipeLeast is what every Unix system's pipe holds without a reader, in
// bytes.
const pipeLeast = 4096

// runRealCurl becomes curl, which reads config from a pipe. A config that a
// pipe may not hold needs a writer beside curl, so hauth stays then.
func (a *app) runRealCurl(path, config string, args []string) error {
	read, write, err := os.Pipe()
	if err != nil {
		return cannotExecute("curl", err)
	}
	defer read.Close()
	if len(config) > pipeLeast {
		return a.feedCurl(path, config, args, read, write)
	}
	_, err = write.WriteString(config) // read by nobody yet, but it fits
	if err := errors.Join(err, write.Close()); err != nil {
		return cannotExecute("curl", err)
	}
	fd := int(read.Fd())
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
		return cannotExecute("curl", err)
	}
	return a.become(path, curlArgv(fd, args), foreignEnviron(a.env.Environ))
}

func (a *app) feedCurl(path, config string, args []string, read, write *os.File) error {
	c := &exec.Cmd{
		Path: path, Args: curlArgv(3, args), Env: foreignEnviron(a.env.Environ), ExtraFiles: []*os.File{read},
		Stdin: a.env.Stdin, Stdout: a.env.Stdout, Stderr: a.env.Stderr,
	}
	child, err := a.startSupervised(c)
	if err != nil {
		return err
	}
	read.Close()
	go func() {
		write.WriteString(config)
		write.Close()
	}()
	state, err := child.wait()
	if err != nil {
		return err
	}
	return endAs(state)
}

func curlArgv(fd int, args []string) []string {
	return append([]string{"curl", "-K", fmt.Sprintf("/dev/fd/%d", fd)}, args...)
}
