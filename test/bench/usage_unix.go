//go:build unix

package main

import (
	"os"
	"syscall"
	"time"
)

// usageOf is what the kernel counted of an ended process and of the children
// that it waited for.
func usageOf(state *os.ProcessState) usage {
	u, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return usage{}
	}
	return usage{
		cpu:      time.Duration(u.Utime.Nano() + u.Stime.Nano()),
		faults:   int64(u.Minflt),
		switches: int64(u.Nvcsw + u.Nivcsw),
	}
}
