package cmd

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// app is one run of hauth: the world, the global flags and what is opened on
// demand.
type app struct {
	env    Env
	ctx    context.Context
	cancel context.CancelCauseFunc
	once   sync.Once // signals
	caught chan os.Signal

	json, quiet, debug, noInput, noColor bool
	timeout                              time.Duration

	command string // the command that runs, for exit codes and hints
	parsed  bool   // the command line could be read
	helpErr error  // help that could not be written
	dirs    store.Dirs
	dirsErr error
}

// maxTimeout is both the default and the greatest --timeout: waiters of other
// processes count on a holder that gives up by then.
const maxTimeout = 20 * time.Second

func newApp(ctx context.Context, env Env) *app {
	a := &app{env: env, timeout: maxTimeout}
	a.ctx, a.cancel = context.WithCancelCause(ctx)
	a.dirs, a.dirsErr = resolveDirs(a.getenv)
	return a
}

func (a *app) close() { a.cancel(nil) }

// getenv is the first value of an environment variable, as getenv(3) has it.
func (a *app) getenv(name string) string {
	for _, kv := range a.env.Environ {
		if len(kv) > len(name) && kv[len(name)] == '=' && kv[:len(name)] == name {
			return kv[len(name)+1:]
		}
	}
	return ""
}

// errInterrupted is why the context ended when a signal came.
type errInterrupted struct{ signal os.Signal }

func (e errInterrupted) Error() string { return e.signal.String() }

// catchSignals makes SIGINT, SIGTERM and SIGHUP end the context. It is called
// when something begins that should be given up in order; before that the
// signals' own effect is right, and costs nothing.
func (a *app) catchSignals() {
	a.once.Do(func() {
		c := make(chan os.Signal, 1)
		a.caught = c
		signal.Notify(c, os.Interrupt, syscall.SIGTERM)
		if !signal.Ignored(syscall.SIGHUP) { // nohup ignores it, and means it
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

// releaseSignals gives the signals their own effect back, and what was ignored
// when hauth began is ignored again: a child inherits both.
func (a *app) releaseSignals() {
	if a.caught != nil {
		signal.Stop(a.caught)
	}
}

// noticeFor gives a function that prints one line for the person, unless
// --quiet. Under --json the line is JSON, so that all of stderr is.
func (a *app) noticeFor(account auth.Account) func(string) {
	return func(text string) { a.notice(account.String(), text) }
}

func (a *app) notice(account, text string) {
	if a.quiet {
		return
	}
	if a.json {
		a.writeJSONLine(a.env.Stderr, map[string]any{"notice": noticeJSON{Account: account, Message: text}})
		return
	}
	fmt.Fprintf(a.env.Stderr, "hauth: %s%s\n", prefix(account), text)
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

// trace prints a line under --debug. Its text never holds a secret: whoever
// calls it has redacted it.
func (a *app) trace(text string) {
	if a.debug {
		fmt.Fprintf(a.env.Stderr, "hauth: debug: %s\n", text)
	}
}

// mayAsk reports whether nothing forbids asking questions. Whether there is
// anybody to answer shows when the terminal is opened.
func (a *app) mayAsk() bool {
	return !a.noInput && !truthy(a.getenv("HAUTH_NO_INPUT")) && !truthy(a.getenv("CI"))
}

// attended reports that a person can answer a prompt.
func (a *app) attended() bool {
	if !a.mayAsk() {
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

func (a *app) catalogue() providers.Catalogue {
	if a.dirs.Config == "" { // there is no home: a relative path must not come of it
		return providers.Catalogue{}
	}
	return providers.Catalogue{Dir: a.dirs.Providers()}
}

// storeOptions are what the stores of one account share.
func (a *app) storeOptions(account auth.Account) store.Options {
	return store.Options{
		Dirs:   a.dirs,
		Notice: a.noticeFor(account),
		Backend: func(name string) (store.Backend, error) {
			return a.backend(account, name)
		},
	}
}

func (a *app) backend(account auth.Account, name string) (store.Backend, error) {
	if a.env.Backend != nil {
		return a.env.Backend(name)
	}
	switch name {
	case store.Keyring:
		return store.NewKeyring(a.keyringOptions(a.noticeFor(account)))
	case store.File:
		return store.NewFile(a.dirs, a.getenv)
	}
	return nil, &auth.Error{Kind: auth.Store, Fact: fmt.Sprintf("unknown store %q", name)}
}

func (a *app) keyringOptions(notice func(string)) store.KeyringOptions {
	return store.KeyringOptions{
		Attended: a.attended(),
		Notice:   notice,
		Getenv:   a.getenv,
		BlobDir:  a.dirs.Blobs(),
	}
}
