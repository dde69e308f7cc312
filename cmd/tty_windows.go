package cmd

import (
	"context"
	"os"

	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

func openConsole() (in, out *os.File, err error) {
	in, err = os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	out, err = os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		in.Close()
		return nil, nil, err
	}
	return in, out, nil
}

// readHidden reads a line without echo.
func (t *tty) readHidden(ctx context.Context, _ string) (string, error) {
	return t.wait(ctx, func() (string, error) {
		b, err := term.ReadPassword(int(t.in.Fd()))
		return string(b), err
	})
}

// whenContinued does nothing: consoles do not stop jobs.
func whenContinued(func()) (stop func()) { return func() {} }

// discardRest drops what a paste holds after the line that was read, so that no
// shell runs it. Whether there was anything is not known: among a console's
// events, what was pasted cannot be told from the release of the key that ended
// the line.
func (t *tty) discardRest(context.Context) bool {
	windows.FlushConsoleInputBuffer(windows.Handle(t.in.Fd()))
	return false
}
