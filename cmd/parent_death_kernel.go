//go:build linux || freebsd

package cmd

import "syscall"

// diesWithParent makes a child end when hauth is killed: without hauth the
// addresses that it got do not work.
func diesWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
