//go:build !linux && !freebsd

package cmd

import "syscall"

// diesWithParent is nothing: these systems have no such bond.
func diesWithParent() *syscall.SysProcAttr { return nil }
