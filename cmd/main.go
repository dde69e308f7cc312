// Package cmd is the command line: it reads arguments and asks questions, leaves
// every decision about tokens to package hauth, and turns results and errors into
// output and exit codes.
//
// Main is the whole program as a function. One file holds one command.
package cmd

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/hauth/hauth/pkg/store"
)

// Env is the environment that hauth runs in. The zero Env is the real one:
// every nil field stands for the process's own.
type Env struct {
	Args     []string // without the program's name
	Environ  []string // NAME=VALUE
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Terminal func() (Terminal, error) // the controlling terminal; an error if there is none
	Now      func() time.Time
	HTTP     *http.Client
	Backend  func(name string) (store.Backend, error)        // keyring or file
	Exec     func(path string, argv, environ []string) error // becomes another program; returns only on failure
}

func (e Env) withDefaults() Env {
	if e.Args == nil {
		e.Args = os.Args[1:]
	}
	if e.Environ == nil {
		e.Environ = os.Environ()
	}
	if e.Stdin == nil {
		e.Stdin = os.Stdin
	}
	if e.Stdout == nil {
		e.Stdout = os.Stdout
	}
	if e.Stderr == nil {
		e.Stderr = os.Stderr
	}
	if e.Terminal == nil {
		e.Terminal = openTerminal
	}
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.Exec == nil {
		e.Exec = execve
	}
	return e
}

// Main runs one command and returns its exit code.
func Main(ctx context.Context, env Env) (exit int) {
	protectProcess()
	log.SetOutput(io.Discard) // net/http writes there what a server sends unasked, which could contain a token
	a := newApp(ctx, env.withDefaults())
	defer a.close()
	defer a.recoverPanic(&exit)
	root := newRoot(a)
	root.SetArgs(a.env.Args)
	root.SetIn(a.env.Stdin)
	root.SetOut(a.env.Stdout)
	root.SetErr(a.env.Stderr)
	err := root.ExecuteContext(a.ctx)
	if err == nil {
		err = a.helpErr
	}
	return a.finish(err)
}
