package cmd

import (
	"crypto/rand"
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// runRealCurl runs curl to its end. curl reads its config from a named pipe,
// which only this user can open, once, and whose name cannot be guessed.
func (a *app) runRealCurl(run curlRun) error {
	if run.authorities != nil {
		file, remove, err := inheritedFile(run.authorities)
		if err != nil {
			return cannotExecute("curl", err)
		}
		defer remove() // it is a file of certificates, which are no secret
		run.config = "cacert = " + curlQuote(file) + "\n" + run.config
	}
	name := `\\.\pipe\hauth-` + rand.Text()
	pipe, err := privatePipe(name)
	if err != nil {
		return cannotExecute("curl", err)
	}
	// curl obeys -q as its first argument only. It keeps .curlrc from
	// leading elsewhere.
	argv := append([]string{"curl", "-q", "-K", name}, run.args...)
	child := a.newSupervisor()
	defer child.end()
	if err := child.start(program{path: run.path, argv: argv, environ: run.environ, stdout: os.Stdout, stderr: os.Stderr}); err != nil {
		return err
	}
	// If curl never opens the pipe, this goroutine waits until hauth ends.
	go feedPipe(pipe, run.config)
	status, err := child.wait()
	if err != nil {
		return err
	}
	return endAs(status)
}

// privatePipe makes a pipe for one reader on this machine.
func privatePipe(name string) (windows.Handle, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return 0, err
	}
	sd, err := windows.SecurityDescriptorFromString("D:P(A;;GA;;;" + user.User.Sid.String() + ")")
	if err != nil {
		return 0, err
	}
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	const size = 1 << 16 // bytes that are written without waiting for curl
	return windows.CreateNamedPipe(path, windows.PIPE_ACCESS_OUTBOUND|windows.FILE_FLAG_FIRST_PIPE_INSTANCE,
		windows.PIPE_TYPE_BYTE|windows.PIPE_WAIT|windows.PIPE_REJECT_REMOTE_CLIENTS, 1, size, size, 0,
		&windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: sd})
}

// feedPipe writes to the process that opens the pipe first, which then reads
// to the end.
func feedPipe(pipe windows.Handle, config string) {
	defer windows.CloseHandle(pipe)
	// The error says that curl had connected before this call.
	if err := windows.ConnectNamedPipe(pipe, nil); err != nil && !errors.Is(err, windows.ERROR_PIPE_CONNECTED) {
		return
	}
	for rest := []byte(config); len(rest) > 0; {
		var n uint32
		if err := windows.WriteFile(pipe, rest, &n, nil); err != nil {
			return
		}
		rest = rest[n:]
	}
	windows.FlushFileBuffers(pipe)
}
