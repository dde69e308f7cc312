package cmd

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"

	"github.com/hauth/hauth/pkg/auth"
)

// supervise runs a command to its end with the secrets masked in its output,
// and ends as it ended.
func (a *app) supervise(path string, argv, environ []string, secrets []auth.Secret) error {
	stdout := newMaskWriter(a.env.Stdout, secrets)
	stderr := newMaskWriter(a.env.Stderr, secrets)
	c := &exec.Cmd{Path: path, Args: argv, Env: environ, Stdin: a.env.Stdin}
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return cannotExecute(argv[0], err)
	}
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		return cannotExecute(argv[0], err)
	}
	c.Stdout, c.Stderr = outWrite, errWrite
	stop, err := a.startRelayed(c)
	outWrite.Close()
	errWrite.Close()
	if err != nil {
		return err
	}
	defer stop()

	// Reading goes on until the pipes end, not until the child does: what a
	// child's own children still print is masked too.
	var copies sync.WaitGroup
	var failed error
	var once sync.Once
	for _, stream := range []struct {
		from *os.File
		to   *maskWriter
	}{{outRead, stdout}, {errRead, stderr}} {
		copies.Go(func() {
			_, err := io.Copy(stream.to, stream.from)
			if err = errors.Join(err, stream.to.Close()); err != nil {
				once.Do(func() { failed = err })
				stream.from.Close() // the child gets SIGPIPE, as it would without hauth between
			}
		})
	}
	copies.Wait()
	err = c.Wait()
	var exited *exec.ExitError
	switch {
	case errors.As(err, &exited):
		return endAs(exited.ProcessState)
	case err != nil:
		return err
	case failed != nil:
		// The command did start, so this is none of hauth's 125s.
		return startError{auth.Internal.Exit(), &auth.Error{Kind: auth.Internal, Fact: errOutput.Error()}}
	}
	return nil
}

// startRelayed starts a command that hauth outlives, and hands on the signals
// that it would miss until stop is called. A signal that was ignored when
// hauth began, as under nohup, stays so for both.
func (a *app) startRelayed(c *exec.Cmd) (stop func(), err error) {
	if a.ctx.Err() != nil {
		return nil, &auth.Error{Kind: auth.Interrupted, Fact: "interrupted"}
	}
	a.releaseSignals()
	signals := make(chan os.Signal, 8)
	for _, s := range relayed {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	if err := c.Start(); err != nil {
		signal.Stop(signals)
		return nil, cannotExecute(c.Args[0], err)
	}
	ended := make(chan struct{})
	go relay(signals, c.Process, ended)
	return func() {
		signal.Stop(signals)
		close(ended)
	}, nil
}
