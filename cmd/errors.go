package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// exitStatus is an error that only carries a child's exit status: hauth
// itself has no message to print.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// startError is a failure of exec or curl with an exit code of its own.
type startError struct {
	exit int // 126 or 127; 1 for output lost after the start
	err  error
}

func (e startError) Error() string { return e.err.Error() }
func (e startError) Unwrap() error { return e.err }

const (
	exitBeforeStart   = 125
	exitCannotExecute = 126
	exitNoCommand     = 127
)

// failures are what went wrong with several accounts; the first one's exit
// code counts.
type failures []error

// without leaves out the failures of one kind.
func (f failures) without(kind auth.Kind) failures {
	return slices.DeleteFunc(f, func(err error) bool { return auth.Is(err, kind) })
}

// orNil is nil, and no interface that holds nothing, where nothing failed.
func (f failures) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

func (f failures) Error() string { return errors.Join(f...).Error() }

// finish prints err, if there is one, and returns the exit code.
func (a *app) finish(err error) int {
	if several, ok := err.(failures); ok {
		exit := 0
		for i, err := range several {
			if code := a.finish(err); i == 0 {
				exit = code
			}
		}
		return exit
	}
	if err == nil {
		return 0
	}
	var status exitStatus
	if errors.As(err, &status) {
		return int(status)
	}
	e, exit := a.classify(err)
	if a.json || !a.parsed && jsonAsked(a.env.Args) {
		a.writeJSONLine(a.env.Stderr, map[string]any{"error": errorJSON{
			Code: e.Kind.Code(), Exit: exit, Message: e.Message(), Hint: e.Hint, Account: e.Account,
			VendorCode: e.VendorCode, VendorMessage: e.VendorMessage, TraceID: e.TraceID,
			Retryable: e.Retryable, RetryAfterS: seconds(e.RetryAfter),
		}})
		return exit
	}
	fmt.Fprintf(a.env.Stderr, "hauth: %s\n", a.inLocale(e.Error()))
	if e.RetryAfter > 0 {
		fmt.Fprintf(a.env.Stderr, "hint: try again in %s\n", time.Duration(seconds(e.RetryAfter))*time.Second)
	}
	if e.Hint != "" {
		fmt.Fprintf(a.env.Stderr, "hint: %s\n", a.inLocale(e.Hint))
	}
	return exit
}

type errorJSON struct {
	Code          string `json:"code"`
	Exit          int    `json:"exit"`
	Message       string `json:"message"`
	Hint          string `json:"hint,omitempty"`
	Account       string `json:"account,omitempty"`
	VendorCode    string `json:"vendor_code,omitempty"`
	VendorMessage string `json:"vendor_message,omitempty"`
	TraceID       string `json:"trace_id,omitempty"`
	Retryable     bool   `json:"retryable,omitempty"`
	RetryAfterS   int64  `json:"retry_after_s,omitempty"`
}

// classify finds the *auth.Error in err and the exit code that goes with it.
func (a *app) classify(err error) (*auth.Error, int) {
	e, ok := auth.AsError(err)
	if !ok {
		e = a.foreign(err)
	}
	e = a.withWords(e)
	if e.RetryAfter > longWait && e.Hint == "" && a.onlyCached(e.Account) {
		c := *e
		c.Hint = "if that cannot be right, run: hauth logout " + e.Account + ", which clears it"
		e = &c
	}
	var interrupted errInterrupted
	if errors.As(context.Cause(a.ctx), &interrupted) {
		e = &auth.Error{Kind: auth.Interrupted, Fact: "interrupted", Account: e.Account}
	}
	exit := e.Kind.Exit()
	var start startError
	switch {
	case errors.As(err, &start):
		exit = start.exit
	case e.Kind == auth.Interrupted:
	case a.command == "exec", a.command == "curl":
		exit = exitBeforeStart
	}
	return e, exit
}

// onlyCached reports whether a logout from the account would forget no
// credentials: they are in the environment.
func (a *app) onlyCached(name string) bool {
	s, err := a.client.Open(name)
	return err == nil && s.Source == hauth.SourceEnvironment
}

// longWait is the shortest wait asked for by a vendor at which a hint says
// how to skip it.
const longWait = 15 * time.Minute

// foreign gives a kind to an error that does not come from hauth, which is
// mostly one of the command line parser's.
func (a *app) foreign(err error) *auth.Error {
	if errors.Is(err, errOutput) {
		return &auth.Error{Kind: auth.Internal, Fact: err.Error()}
	}
	hint := "run: hauth help"
	if a.command != "" {
		hint = "run: hauth " + a.command + " --help"
	}
	return &auth.Error{Kind: auth.Usage, Fact: auth.Printable(err.Error()), Hint: hint}
}

// jsonAsked finds --json in a command line that could not be parsed.
func jsonAsked(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "--":
			return false
		case "--json", "--json=true":
			return true
		}
	}
	return false
}

// seconds rounds up, so that a caller who waits that long does not come too
// early.
func seconds(d time.Duration) int64 { return int64(math.Ceil(d.Seconds())) }

var errOutput = errors.New("the result could not be written")

// print writes a result to stdout. A result that cannot be written is a
// failure, never a silent success.
func (a *app) print(text string) error {
	if _, err := io.WriteString(a.env.Stdout, text); err != nil {
		return fmt.Errorf("%w: %w", errOutput, err)
	}
	return nil
}

func (a *app) printJSON(v any) error {
	return a.print(string(encodeJSON(v)))
}

func (a *app) writeJSONLine(w io.Writer, v any) { w.Write(encodeJSON(v)) }

// encodeJSON encodes the program's own structs, which cannot fail, without
// the escapes that are meant for HTML.
func encodeJSON(v any) []byte {
	line, err := text.JSON(v)
	if err != nil {
		line = fmt.Appendf(nil, `{"error":{"code":"internal","exit":1,"message":%q}}`, err.Error())
	}
	return append(line, '\n')
}

// usage is an error about how hauth was called.
func usage(hint, format string, args ...any) error {
	return &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf(format, args...), Hint: hint}
}

// about adds the account's name to an error without one, and a command that
// helps if the error has no remedy of its own.
func about(account auth.Account, err error) error {
	if err == nil {
		return nil
	}
	e, ok := auth.AsError(err)
	if !ok {
		return &auth.Error{Kind: auth.Internal, Account: account.String(), Fact: "unexpected failure", Err: err}
	}
	c := *e
	if c.Account == "" {
		c.Account = account.String()
	}
	if c.Kind == auth.Denied && c.Hint == "" && c.Remedy == "" {
		c.Remedy = auth.RemedyLogin
	}
	return &c
}
