package cmd

import (
	"os"
	"sync"
	"time"

	"github.com/hauth/hauth/internal/mask"
	"github.com/hauth/hauth/pkg/auth"
)

// drainTime is how long the output of a command that has ended is waited for.
// A process that the command has started may keep the output open for ever.
const drainTime = time.Second

// runMasked runs a command to its end with the secrets masked in its output,
// and ends with its status.
func (a *app) runMasked(path string, argv, environ []string, secrets []auth.Secret) error {
	var forms []string
	for _, s := range secrets {
		forms = append(append(forms, mask.Forms(s)...), mask.Wrapped(s)...)
	}
	set := mask.NewSet(forms...)
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return cannotStart(argv[0], err)
	}
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		return cannotStart(argv[0], err)
	}
	child := a.newSupervisor()
	defer child.end()
	err = child.start(program{path: path, argv: argv, environ: environ, stdout: outWrite, stderr: errWrite})
	outWrite.Close()
	errWrite.Close()
	if err != nil {
		return err
	}
	var writers sync.WaitGroup
	stdout, stderr := newPipeBuffer(), newPipeBuffer()
	var outErr, errErr error
	go stdout.fill(outRead)
	go stderr.fill(errRead)
	writers.Go(func() { outErr = stdout.empty(mask.NewWriter(a.env.Stdout, set)) })
	writers.Go(func() { errErr = stderr.empty(mask.NewWriter(a.env.Stderr, set)) })

	status, err := child.wait()
	if err != nil {
		return err
	}
	stdout.hurry()
	stderr.hurry()
	late := time.AfterFunc(drainTime, func() {
		stdout.cut()
		stderr.cut()
	})
	writers.Wait() // even a slow reader of hauth's own output gets all of it
	late.Stop()
	if stdout.wasCut() || stderr.wasCut() {
		a.notice("", "another process still has the command's output open; what it prints from now on is lost")
	}
	if status.Exited() && status.ExitStatus() == 0 && (outErr != nil || errErr != nil) {
		// The command did start, so this must not end with 125.
		return startError{auth.Internal.Exit(), &auth.Error{Kind: auth.Internal, Fact: errOutput.Error()}}
	}
	return endAs(status)
}
