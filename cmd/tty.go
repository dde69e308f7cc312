package cmd

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Terminal asks the user. Questions go to the controlling terminal, never to
// stdin and stdout, which are for data.
type Terminal interface {
	Print(text string)
	Ask(ctx context.Context, question string) (string, error)
	AskSecret(ctx context.Context, question string) (string, error) // without echo
	Close() error
}

// errSeveralLines says that more than a line was pasted as an answer. None of
// it is used: a part of a secret would be sent to the vendor, and what is left
// over would be the answer to the next question, or the shell's next command.
var errSeveralLines = errors.New("more than one line was pasted")

type tty struct {
	in, out *os.File
	lines   *bufio.Reader
}

func openTerminal() (Terminal, error) {
	in, out, err := openConsole()
	if err != nil {
		return nil, err
	}
	if !term.IsTerminal(int(in.Fd())) {
		in.Close()
		return nil, errors.New("no terminal")
	}
	return &tty{in: in, out: out, lines: bufio.NewReader(in)}, nil
}

func (t *tty) Print(text string) { io.WriteString(t.out, text) }

func (t *tty) Close() error {
	if t.out != t.in {
		t.out.Close()
	}
	return t.in.Close()
}

func (t *tty) Ask(ctx context.Context, question string) (string, error) {
	defer whenContinued(func() { t.Print(question) })()
	t.Print(question)
	return t.wait(ctx, func() (string, error) { return t.lines.ReadString('\n') })
}

func (t *tty) AskSecret(ctx context.Context, question string) (string, error) {
	t.Print(question)
	state, err := term.GetState(int(t.in.Fd()))
	if err != nil {
		return "", err
	}
	// The echo must be restored if the user interrupts.
	defer term.Restore(int(t.in.Fd()), state)
	answer, err := t.readHidden(ctx, question)
	if err != nil {
		return "", err
	}
	// The user must see that a paste has arrived, but not how long it was.
	if answer != "" {
		t.Print("********")
	}
	t.Print("\n")
	return answer, nil
}

// wait runs read, but no longer than ctx: a read from a terminal cannot be
// cancelled, only abandoned.
func (t *tty) wait(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	c := make(chan answer, 1)
	go func() {
		text, err := read()
		c <- answer{text, err}
	}()
	select {
	case a := <-c:
		if a.err == nil && t.discardRest(ctx) {
			a.text, a.err = "", errSeveralLines
		}
		if a.err == io.EOF && a.text != "" {
			a.err = nil
		}
		if a.err != nil {
			t.Print("\n") // what follows is not an answer
		}
		return strings.TrimRight(a.text, "\r\n"), a.err
	case <-ctx.Done():
		t.Print("\n") // what follows is not an answer
		return "", context.Cause(ctx)
	}
}

// isTerminal reports whether w is a terminal.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
