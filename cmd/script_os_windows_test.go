package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

// openNoFiles fails: there is no such limit.
func openNoFiles() error { return errors.New("the number of open files has no limit here") }

// installAs makes this test binary a program of that name. Windows makes symbolic
// links for administrators only.
func installAs(path string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	from, err := os.Open(self)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.Create(path + ".exe")
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	return to.Close()
}

// systemEnviron is what a process cannot do without, besides what scripts have.
func systemEnviron(work string) [][2]string {
	return [][2]string{
		{"SystemRoot", os.Getenv("SystemRoot")},
		{"PATHEXT", os.Getenv("PATHEXT")},
		{"TEMP", filepath.Join(work, "tmp")},
		{"TMP", filepath.Join(work, "tmp")},
		{"USERPROFILE", filepath.Join(work, "home")},
		{"AppData", filepath.Join(work, "home", "roaming")},
		{"LocalAppData", filepath.Join(work, "home", "local")},
	}
}

func apart() *syscall.SysProcAttr { return nil }

func killAll(c *exec.Cmd) { c.Process.Kill() }

// killed is the status of a process that sendSignal has ended; no program of the
// scripts ends with it by itself.
const killed = 0xC0DE

// sendSignal knows the one signal that Windows can do without a console.
func sendSignal(p *os.Process, name string) error {
	if name != "KILL" {
		return fmt.Errorf("Windows has no signal %s", name)
	}
	handle, err := windows.OpenProcess(windows.PROCESS_TERMINATE, false, uint32(p.Pid))
	if err != nil {
		return err
	}
	defer windows.CloseHandle(handle)
	return windows.TerminateProcess(handle, killed)
}

func statusOf(state *os.ProcessState) string {
	if state.ExitCode() == killed {
		return "SIGKILL"
	}
	return strconv.Itoa(state.ExitCode())
}

// programIn is the file of a command in a directory.
func programIn(dir, name string) string { return filepath.Join(dir, name+".exe") }
