package cmd

import (
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// dieBy kills this process by a signal, and returns only where that fails. The
// Go runtime handles every signal, and os/signal cannot undo that: on SIGSEGV,
// SIGABRT and similar ones it would print a traceback and exit with 2. So the
// kernel is told directly to restore the signal's default action.
func dieBy(s syscall.Signal) {
	// All fields of the kernel's struct sigaction are zero (SIG_DFL, no flags,
	// an empty mask), so that its layout, which differs between architectures,
	// does not matter. A signal set has 8 bytes, on MIPS 16; the kernel refuses
	// the wrong size.
	var action [64]byte
	for _, size := range []uintptr{8, 16} {
		syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(s), uintptr(unsafe.Pointer(&action)), 0, size, 0, 0)
	}
	// A signal to the calling thread arrives before the call returns.
	runtime.LockOSThread()
	unix.Tgkill(os.Getpid(), unix.Gettid(), s)
}
