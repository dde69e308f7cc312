//go:build linux && amd64

package steps

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A step is a system call that changes what others see, and of reads those
// from a socket: in its order among them all, before it takes effect.
type step struct {
	name string // "rename credentials"
	path string
}

// act is what happens to a process at a step: nothing, a kill, or an error in
// place of the call.
type act struct {
	kill bool
	fail syscall.Errno
}

// traced runs c with do deciding at each step, and returns the steps. The
// counting is over all threads, so that the n-th step of two runs is the same
// one: hauth does one thing after the other.
func traced(t *testing.T, c *exec.Cmd, home string, do func(n int, s step) act) ([]step, ended) {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	c.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	runtime.LockOSThread() // the thread that starts a process is the one that may trace it
	defer runtime.UnlockOSThread()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	tr := tracer{pid: c.Process.Pid, home: home, buses: map[string]bool{}, failing: map[int]syscall.Errno{}, do: do}
	deadline := time.AfterFunc(time.Minute, func() { syscall.Kill(tr.pid, syscall.SIGKILL) })
	err := tr.run()
	if !deadline.Stop() && err == nil {
		err = errors.New("it hangs")
	}
	if err != nil {
		syscall.Kill(tr.pid, syscall.SIGKILL)
		t.Fatal(err)
	}
	// The tracer has taken the status that Wait would wait for; what is left is
	// to end the copying of the streams.
	c.Wait()
	return tr.steps, ended{tr.status, out.String(), errs.String()}
}

// ended is how a process ended, and what it wrote.
type ended struct {
	status         syscall.WaitStatus
	stdout, stderr string
}

type tracer struct {
	pid     int
	home    string                // where files count
	buses   map[string]bool       // sockets to the keyring
	failing map[int]syscall.Errno // what the call of a thread is to return
	do      func(int, step) act
	steps   []step
	status  syscall.WaitStatus
}

const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_EXITKILL

// run follows the process to its end. Only children of this thread are waited
// for, and so none of another tracer.
func (tr *tracer) run() error {
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(tr.pid, &ws, 0, nil); err != nil {
		return err
	}
	if err := syscall.PtraceSetOptions(tr.pid, options); err != nil {
		return fmt.Errorf("ptrace: %w", err)
	}
	resume(tr.pid, 0)
	for {
		tid, err := syscall.Wait4(-1, &ws, unix.WALL|unix.WNOTHREAD, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("wait: %w", err)
		case ws.Exited() || ws.Signaled():
			if tid == tr.pid {
				tr.status = ws
				return nil
			}
			continue
		case !ws.Stopped():
			continue
		}
		signal := ws.StopSignal()
		switch {
		case signal == syscall.SIGTRAP|0x80:
			if err := tr.call(tid); err != nil {
				return err
			}
			signal = 0
		case signal == syscall.SIGTRAP, signal == syscall.SIGSTOP && tid != tr.pid: // a new thread
			signal = 0
		}
		resume(tid, signal)
	}
}

// resume lets a thread run to its next call. One that is gone is no error: a
// kill may have come first.
func resume(tid int, signal syscall.Signal) { syscall.PtraceSyscall(tid, int(signal)) }

// callInfo is the kernel's struct ptrace_syscall_info, at the entry of a call.
type callInfo struct {
	op   uint8
	_    [3]uint8
	arch uint32
	ip   uint64
	sp   uint64
	nr   uint64
	args [6]uint64
	_    [3]uint64
}

const getCallInfo, atEntry = 0x420e, 1

func (tr *tracer) call(tid int) error {
	var info callInfo
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, getCallInfo, uintptr(tid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if errno != 0 {
		return nil // it was killed
	}
	if info.op != atEntry {
		if e, ok := tr.failing[tid]; ok {
			delete(tr.failing, tid)
			return changeRegisters(tid, func(r *syscall.PtraceRegs) { r.Rax = -uint64(e) })
		}
		return nil
	}
	if info.nr == unix.SYS_PRCTL && info.args[0] == unix.PR_SET_DUMPABLE {
		tr.failing[tid] = 0 // a process that is not dumpable shows no names
		return skipCall(tid)
	}
	s, ok := tr.read(info)
	if !ok {
		return nil
	}
	tr.steps = append(tr.steps, s)
	a := tr.do(len(tr.steps), s)
	if a.kill {
		return syscall.Kill(tr.pid, syscall.SIGKILL)
	}
	if a.fail != 0 {
		tr.failing[tid] = a.fail
		return skipCall(tid)
	}
	return nil
}

// read names the call, if it is a step.
func (tr *tracer) read(c callInfo) (step, bool) {
	var s step
	verb := ""
	switch c.nr {
	case unix.SYS_OPENAT:
		if c.args[2]&(unix.O_CREAT|unix.O_WRONLY|unix.O_RDWR) == 0 {
			return s, false
		}
		verb, s.path = "create", tr.text(c.args[1])
	case unix.SYS_MKDIRAT:
		verb, s.path = "mkdir", tr.text(c.args[1])
	case unix.SYS_UNLINKAT:
		verb, s.path = "remove", tr.text(c.args[1])
	case unix.SYS_RENAME:
		verb, s.path = "rename", tr.text(c.args[1])
	case unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2:
		verb, s.path = "rename", tr.text(c.args[3])
	case unix.SYS_LINKAT:
		verb, s.path = "link", tr.text(c.args[3])
	case unix.SYS_FLOCK:
		verb, s.path = "lock", tr.file(c.args[0])
		if c.args[1] == unix.LOCK_UN {
			verb = "unlock"
		}
	case unix.SYS_FSYNC, unix.SYS_FDATASYNC:
		verb, s.path = "sync", tr.file(c.args[0])
	case unix.SYS_FTRUNCATE:
		verb, s.path = "truncate", tr.file(c.args[0])
	case unix.SYS_CONNECT:
		verb, s.path = "connect", tr.file(c.args[0])
		if tr.text(c.args[1]) == "\x01" { // AF_UNIX
			tr.buses[s.path] = true
		}
	case unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_WRITEV, unix.SYS_SENDTO, unix.SYS_SENDMSG:
		verb, s.path = "write", tr.file(c.args[0])
	case unix.SYS_READ, unix.SYS_RECVFROM, unix.SYS_RECVMSG:
		if s.path = tr.file(c.args[0]); !strings.HasPrefix(s.path, "socket:") {
			return s, false
		}
		verb = "read"
	default:
		return s, false
	}
	if !strings.HasPrefix(s.path, "socket:") && !strings.HasPrefix(s.path, tr.home) {
		return s, false
	}
	s.name = verb + " " + what(s.path)
	if tr.buses[s.path] {
		s.name = verb + " bus"
	}
	return s, true
}

func skipCall(tid int) error {
	return changeRegisters(tid, func(r *syscall.PtraceRegs) { r.Orig_rax = ^uint64(0) })
}

func changeRegisters(tid int, change func(*syscall.PtraceRegs)) error {
	var r syscall.PtraceRegs
	if err := syscall.PtraceGetRegs(tid, &r); err != nil {
		return err
	}
	change(&r)
	return syscall.PtraceSetRegs(tid, &r)
}

// what is the role of a file of hauth's.
func what(path string) string {
	base := strings.TrimSuffix(filepath.Base(path), ".tmp")
	switch dir := filepath.Base(filepath.Dir(path)); {
	case strings.HasPrefix(path, "socket:"):
		return "vendor"
	case strings.HasPrefix(base, "hauth-probe@"):
		return "probe"
	case strings.Contains(base, ".lock"):
		return "lock"
	case strings.Contains(base, ".attempts"):
		return "attempts"
	case strings.Contains(base, ".token.age"):
		return "token"
	case strings.Contains(base, ".age"):
		return "credentials"
	case dir == "accounts":
		return "account"
	}
	return base
}

func (tr *tracer) file(fd uint64) string {
	path, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", tr.pid, int32(fd)))
	return path
}

// text reads a path from the process's memory.
func (tr *tracer) text(address uint64) string {
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", tr.pid))
	if err != nil {
		return ""
	}
	defer mem.Close()
	data := make([]byte, unix.PathMax)
	n, _ := mem.ReadAt(data, int64(address)) // it may end before the page does
	text, _, _ := bytes.Cut(data[:n], []byte{0})
	return string(text)
}
