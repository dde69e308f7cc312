package cmd

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// program is a command to start. Its stdin is hauth's own.
type program struct {
	path           string
	argv, environ  []string
	stdout, stderr *os.File
	attributes     *syscall.SysProcAttr
}

// supervisor outlives a command, in order to end as it ended.
type supervisor struct {
	app     *app
	child   *child
	caught  chan struct{} // closed when the signals are caught
	started chan struct{} // closed when the command has started
	end     func()        // gives the signals their own effect back
}

// newSupervisor begins to catch the signals that a command would otherwise
// miss. It does so beside whatever comes before the command: the runtime takes
// about as long for it as a token takes to be read. A signal that was ignored
// when hauth began, as under nohup, stays ignored for both.
//
// The caller calls end, whether the command has started or not.
func (a *app) newSupervisor() *supervisor {
	ended := make(chan struct{})
	s := &supervisor{
		app: a, caught: make(chan struct{}), started: make(chan struct{}),
		end: sync.OnceFunc(func() { close(ended) }),
	}
	go s.relay(ended)
	return s
}

// relay hands signals on to the command. Before there is one they end the
// context; one that comes just too late for that does both.
func (s *supervisor) relay(ended <-chan struct{}) {
	signals := make(chan os.Signal, 8)
	for _, sig := range relayed {
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	if !lateSignals {
		defer signal.Stop(signals)
	}
	close(s.caught)
	var early os.Signal
	started := s.started
	for {
		select {
		case sig := <-signals:
			if started == nil {
				relaySignal(sig, s.child)
			} else {
				early = sig
				s.app.cancel(errInterrupted{sig})
			}
		case <-started:
			started = nil
			if early != nil {
				relaySignal(early, s.child)
			}
		case <-ended:
			return
		}
	}
}

// start starts a command.
func (s *supervisor) start(p program) error {
	<-s.caught
	s.app.releaseSignals()
	if s.app.ctx.Err() != nil {
		return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted"}
	}
	child, err := startChild(p)
	if err != nil {
		return cannotStart(p.argv[0], err)
	}
	s.child = child
	close(s.started)
	return nil
}

// cannotStart tells what this process lacks from a program that cannot be
// executed.
func cannotStart(name string, err error) error {
	for _, lack := range []error{syscall.EMFILE, syscall.ENFILE, syscall.EAGAIN, syscall.ENOMEM} {
		if errors.Is(err, lack) {
			return &auth.Error{Kind: auth.Internal, Fact: "cannot start " + auth.Printable(name), Err: text.WithoutPath(err)}
		}
	}
	return cannotExecute(name, err)
}

// wait returns when the command itself has ended; processes that it started
// may go on. From then on signals have their own effect on hauth again, so
// that whatever is left to do can be interrupted.
func (s *supervisor) wait() (syscall.WaitStatus, error) {
	status, err := s.child.wait()
	s.end()
	return status, err
}
