//go:build !linux && !freebsd

package cmd

import "syscall"

// diesWithParent does nothing: these systems offer no such thing.
func diesWithParent() *syscall.SysProcAttr { return nil }
