//go:build unix && !linux

package cmd

import (
	"fmt"
	"syscall"
)

// dieBy kills this process by a signal, and returns only where that fails.
// The Go runtime handles every signal, and os/signal cannot undo that: on
// SIGSEGV, SIGABRT and similar ones it would print a traceback and exit with
// 2. execve gives signals their default action, so this process becomes a
// shell that kills itself.
func dieBy(s syscall.Signal) {
	syscall.Exec("/bin/sh", []string{"sh", "-c", fmt.Sprintf("kill -%d $$", int(s))}, nil)
}
