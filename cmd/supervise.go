package cmd

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"

	"github.com/hauth/hauth/pkg/auth"
)

// supervised is a command that hauth waits for, in order to end with its
// status.
type supervised struct {
	cmd     *exec.Cmd
	signals chan os.Signal
	ended   chan struct{}
}

// startSupervised starts a command and forwards the signals that it would
// otherwise miss. A signal that was ignored when hauth started, as under
// nohup, stays ignored for both.
func (a *app) startSupervised(c *exec.Cmd) (*supervised, error) {
	if a.ctx.Err() != nil {
		return nil, &auth.Error{Kind: auth.Interrupted, Fact: "interrupted"}
	}
	a.releaseSignals()
	s := &supervised{cmd: c, signals: make(chan os.Signal, 8), ended: make(chan struct{})}
	for _, sig := range relayed {
		if !signal.Ignored(sig) {
			signal.Notify(s.signals, sig)
		}
	}
	if err := c.Start(); err != nil {
		signal.Stop(s.signals)
		return nil, cannotExecute(c.Args[0], err)
	}
	go relay(s.signals, c.Process, s.ended)
	return s, nil
}

// wait returns when the command itself has ended; processes that it started
// may go on. From then on signals have their default effect on hauth again,
// so that what remains to be done can be interrupted.
func (s *supervised) wait() (*os.ProcessState, error) {
	err := s.cmd.Wait()
	signal.Stop(s.signals)
	close(s.ended)
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		return nil, err
	}
	return s.cmd.ProcessState, nil
}
