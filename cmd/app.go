package cmd

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// app is one run of hauth: its environment, the global flags and what is
// opened on demand.
type app struct {
	env    Env
	ctx    context.Context
	cancel context.CancelCauseFunc
	once   sync.Once // signals
	caught chan os.Signal

	json, quiet, debug, noInput, noColor bool
	timeout                              time.Duration

	command string                    // the command that runs, for exit codes and hints
	parsed  bool                      // the command line could be read
	helpErr error                     // help that could not be written
	again   func(store string) string // the login that runs, as a command with another store; "": with its own
	client  *hauth.Client

	serving    atomic.Bool // the requests are other programs': no questions, no progress
	inProgress atomic.Bool // something is shown as being in progress
	screen     screen
}

func newApp(ctx context.Context, env Env) *app {
	a := &app{env: env, timeout: hauth.MaxTimeout, screen: screen{w: env.Stderr}}
	a.ctx, a.cancel = context.WithCancelCause(ctx)
	a.client = &hauth.Client{
		Environ: env.Environ, HTTP: env.HTTP, Now: env.Now, UserAgent: "hauth/" + version(),
		Notice: a.notice, Attended: a.attended, Waiting: a.waiting, Backend: env.Backend,
	}
	return a
}

// setUpClient gives the client what the global flags say.
func (a *app) setUpClient() {
	a.client.Timeout = a.timeout
	if a.debug {
		a.client.Trace = func(account, text string) { a.trace(account + ": " + text) }
	}
}

func (a *app) close() { a.cancel(nil) }

func (a *app) getenv(name string) string { return a.client.Getenv(name) }

// errInterrupted is the cause of the context's end after a signal.
type errInterrupted struct{ signal os.Signal }

func (e errInterrupted) Error() string { return e.signal.String() }

// catchSignals makes SIGINT, SIGTERM and SIGHUP end the context. It is called
// when something starts that needs an orderly end; before that the signals'
// default effect is right, and costs nothing.
func (a *app) catchSignals() {
	a.once.Do(func() {
		c := make(chan os.Signal, 1)
		a.caught = c
		signal.Notify(c, os.Interrupt, syscall.SIGTERM)
		if !signal.Ignored(syscall.SIGHUP) { // under nohup it stays ignored
			signal.Notify(c, syscall.SIGHUP)
		}
		go func() {
			select {
			case s := <-c:
				signal.Stop(c) // the next one is not caught
				a.cancel(errInterrupted{s})
			case <-a.ctx.Done():
				signal.Stop(c)
			}
		}()
	})
}

// releaseSignals restores the default effect of the signals, except that those
// that were ignored when hauth started are ignored again: a child inherits
// both.
func (a *app) releaseSignals() {
	if a.caught != nil {
		signal.Stop(a.caught)
	}
}

// notice prints one line for the user, unless --quiet. Under --json the line
// is JSON, so that all of stderr is.
func (a *app) notice(account, text string) {
	if a.quiet {
		return
	}
	if a.json {
		a.screen.line(strings.TrimSuffix(string(encodeJSON(map[string]any{"notice": noticeJSON{Account: account, Message: text}})), "\n"))
		return
	}
	a.screen.line("hauth: " + prefix(account) + a.inLocale(text))
}

// confirm says on a terminal what a command has done.
func (a *app) confirm(account, text string) {
	if isTerminal(a.env.Stderr) && !a.json {
		a.notice(account, text)
	}
}

type noticeJSON struct {
	Account string `json:"account,omitempty"`
	Message string `json:"message"`
}

func prefix(account string) string {
	if account == "" {
		return ""
	}
	return account + ": "
}

// trace prints a line under --debug. Its text never holds a secret: callers
// redact it first.
func (a *app) trace(text string) {
	if a.debug {
		a.screen.line("hauth: debug: " + text)
	}
}

// mayAsk reports whether asking questions is allowed. Whether there is a
// terminal to ask on shows only when it is opened.
func (a *app) mayAsk() bool {
	return !a.noInput && !truthy(a.getenv("HAUTH_NO_INPUT")) && !truthy(a.getenv("CI"))
}

// notAsked says why a question is not put: what forbids it, or that nobody could
// answer.
func (a *app) notAsked() string {
	switch {
	case a.noInput:
		return "with --no-input hauth does not ask"
	case truthy(a.getenv("HAUTH_NO_INPUT")):
		return "with HAUTH_NO_INPUT set hauth does not ask"
	case truthy(a.getenv("CI")):
		return "with CI set hauth does not ask"
	}
	return "there is no terminal to ask on"
}

// attended reports whether somebody can answer a prompt.
func (a *app) attended() bool {
	if !a.mayAsk() || a.serving.Load() {
		return false
	}
	t, err := a.env.Terminal()
	if err != nil {
		return false
	}
	t.Close()
	return true
}

func truthy(s string) bool {
	switch strings.ToLower(s) {
	case "", "0", "false":
		return false
	}
	return true
}

func (a *app) catalogue() providers.Catalogue { return a.client.Catalogue() }

// waiting shows what an account waits for. From then on signals are caught:
// nothing before needs cleaning up.
func (a *app) waiting(on hauth.Wait) (ended func()) {
	if a.serving.Load() {
		return func() {}
	}
	a.catchSignals()
	if on.Vendor {
		return a.showProgress(func() string { return "asking " + on.Account + " for a token …" })
	}
	also := ""
	if on.Fleet != "" {
		also = ", or for " + on.Fleet
	}
	return a.showProgress(func() string { return "waiting for another hauth process" + also + " …" })
}
