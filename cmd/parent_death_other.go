//go:build !linux && !freebsd

package cmd

import "syscall"

// diesWithParent does nothing: these systems have no such function.
func diesWithParent() *syscall.SysProcAttr { return nil }
