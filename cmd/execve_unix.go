//go:build unix

package cmd

import "syscall"

// execve becomes another program; it returns only on failure.
func execve(path string, argv, environ []string) error {
	return syscall.Exec(path, argv, environ)
}
