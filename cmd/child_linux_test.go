package cmd

import (
	"os"
	"sync"
	"syscall"
	"testing"
)

// TestChild: a child's status is its own, and signals are sent to nobody once
// it has ended, while it is a zombie and later.
func TestChild(t *testing.T) {
	start := func(script string) *child {
		c, err := startChild(program{path: "/bin/sh", argv: []string{"sh", "-c", script}, environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if status, err := start("exit 7").wait(); err != nil || status.ExitStatus() != 7 {
		t.Errorf("%v, %v", status, err)
	}
	if status, err := start("kill -SEGV $$").wait(); err != nil || status.Signal() != syscall.SIGSEGV {
		t.Errorf("%v, %v", status, err)
	}
	for range 50 {
		c := start("trap 'exit 3' TERM; while :; do :; done")
		var senders sync.WaitGroup
		done := make(chan struct{})
		for range 2 {
			senders.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
						c.signal(syscall.SIGTERM)
					}
				}
			})
		}
		status, err := c.wait()
		if err != nil || status.Exited() && status.ExitStatus() != 3 || status.Signaled() && status.Signal() != syscall.SIGTERM {
			t.Errorf("%v, %v", status, err)
		}
		close(done)
		senders.Wait()
	}
	if _, err := startChild(program{path: "/", argv: []string{"/"}, stdout: os.Stdout, stderr: os.Stderr}); err != syscall.EACCES {
		t.Errorf("a directory: %v", err)
	}
}
