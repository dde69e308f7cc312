//go:build unix

package cmd

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

func openConsole() (in, out *os.File, err error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	return f, f, err
}

// readHidden reads a line without echo. A shell that resumes a stopped job
// turns the echo on again, so it is turned off once more and the question is
// repeated.
func (t *tty) readHidden(ctx context.Context, question string) (string, error) {
	fd := int(t.in.Fd())
	if err := echoOff(fd); err != nil {
		return "", err
	}
	continued, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	defer close(done)
	go func() {
		for {
			select {
			case <-continued:
				echoOff(fd)
				t.Print(question)
			case <-done:
				return
			}
		}
	}()
	return t.wait(ctx, func() (string, error) { return t.lines.ReadString('\n') })
}

func echoOff(fd int) error {
	state, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return err
	}
	state.Lflag &^= unix.ECHO
	state.Lflag |= unix.ICANON | unix.ISIG
	state.Iflag |= unix.ICRNL
	return unix.IoctlSetTermios(fd, setTermios, state)
}
