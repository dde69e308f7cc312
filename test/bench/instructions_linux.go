package main

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// instructionCounter counts what the programs execute that this thread starts,
// in user space, from their execve on. Their children are counted with them.
type instructionCounter struct {
	fd   int
	last uint64
}

// countInstructions fails where the machine has no such counter, as most virtual
// machines have none, or where this user may not read it.
func countInstructions() (*instructionCounter, error) {
	attr := unix.PerfEventAttr{
		Type:   unix.PERF_TYPE_HARDWARE,
		Config: unix.PERF_COUNT_HW_INSTRUCTIONS,
		Size:   uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		// This process never calls execve, so its own instructions stay out.
		Bits: unix.PerfBitDisabled | unix.PerfBitInherit | unix.PerfBitEnableOnExec | unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
	}
	// The counter belongs to a thread: programs have to be started by this one.
	runtime.LockOSThread()
	fd, err := unix.PerfEventOpen(&attr, 0, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("perf_event_open: %w", err)
	}
	return &instructionCounter{fd: fd}, nil
}

// next is the count of the programs that have ended since it was last called.
func (c *instructionCounter) next() (int64, error) {
	var buf [8]byte
	if n, err := unix.Read(c.fd, buf[:]); err != nil || n != len(buf) {
		return 0, fmt.Errorf("reading the instruction counter: %d bytes, %w", n, err)
	}
	total := binary.NativeEndian.Uint64(buf[:])
	count := total - c.last
	c.last = total
	return int64(count), nil
}

func (c *instructionCounter) close() {
	unix.Close(c.fd)
	runtime.UnlockOSThread()
}
