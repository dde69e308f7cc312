//go:build unix

package cmd

import (
	"bytes"
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
	defer whenContinued(func() {
		echoOff(fd)
		t.Print(question)
	})()
	if err := echoOff(fd); err != nil {
		return "", err
	}
	return t.wait(ctx, func() (string, error) { return t.lines.ReadString('\n') })
}

// whenContinued calls again, until stop is called, each time that the job is
// brought back after it was stopped.
func whenContinued(again func()) (stop func()) {
	continued, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(continued, syscall.SIGCONT)
	go func() {
		for {
			select {
			case <-continued:
				again()
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(continued)
		close(done)
	}
}

// discardRest takes what a paste holds after the line that was read, until
// nothing has come for a tenth of a second, and reports whether there was
// anything but blanks. A last line without its end can only be read when the
// terminal does not collect lines.
func (t *tty) discardRest(ctx context.Context) bool {
	fd := int(t.in.Fd())
	state, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return false
	}
	raw := *state
	raw.Lflag &^= unix.ICANON
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 0, 1
	if err := unix.IoctlSetTermios(fd, setTermios, &raw); err != nil {
		return false
	}
	defer unix.IoctlSetTermios(fd, setTermios, state)
	rest := make([]byte, 4096)
	several := false
	for ctx.Err() == nil {
		n, _ := t.lines.Read(rest)
		if n == 0 {
			break
		}
		several = several || len(bytes.TrimSpace(rest[:n])) > 0
		clear(rest[:n])
	}
	return several
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
