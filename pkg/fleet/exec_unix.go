//go:build unix

package fleet

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// checkProgram refuses to run what another user could have put there.
func checkProgram(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		if e, ok := err.(*os.PathError); ok {
			err = e.Err
		}
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Mode().Perm()&0o111 == 0:
		return errors.New("not executable")
	case ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid():
		return errors.New("it belongs to another user")
	case info.Mode().Perm()&0o022 != 0:
		return errors.New("other users can write to it")
	}
	return nil
}

// inOwnGroup makes the end of the call the end of all that the program has
// started.
func inOwnGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
