package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// readers is how many processes a herd has: a pipeline's parallel jobs.
const readers = 200

// herds reads the keyring as fast as processes start, and looks whether the
// daemon survives: gnome-keyring can be killed by the order of a client's
// first calls.
func (b *bench) herds(n int) error {
	pid, err := strconv.Atoi(os.Getenv("KEYRING_PID"))
	if err != nil {
		return errors.New("KEYRING_PID is not set: run it in test/with-keyring")
	}
	begin := time.Now()
	for i := range n {
		if _, err := b.burst(readers, b.path("hauth"), "token", "123pan"); err != nil {
			return fmt.Errorf("herd %d: %w", i, err)
		}
		if p, err := os.FindProcess(pid); err != nil || p.Signal(syscall.Signal(0)) != nil {
			return fmt.Errorf("herd %d: the keyring daemon has died", i)
		}
	}
	fmt.Printf("%d herds of %d readers in %s: no failure, no dead daemon\n", n, readers, time.Since(begin).Round(time.Second))
	return nil
}

// bursts compares herds with those of secret-tool.
func (b *bench) bursts() error {
	const repeats = 5
	var ratios []float64
	for range repeats {
		ours, err := b.burst(readers, b.path("hauth"), "token", "123pan")
		if err != nil {
			return err
		}
		theirs, err := b.burst(readers, "secret-tool", "lookup", "service", "hauth", "username", "123pan/default#token")
		if err != nil {
			return err
		}
		ratios = append(ratios, float64(ours)/float64(theirs))
	}
	fmt.Printf("\n%d keyring reads at once: %.2f × secret-tool (at most 0.50)\n", readers, quantile(ratios, .5))
	return nil
}

func (b *bench) burst(n int, name string, args ...string) (time.Duration, error) {
	begin := time.Now()
	var commands []*exec.Cmd
	var failed error
	for range n {
		c := exec.Command(name, args...)
		c.Env = b.env
		if err := c.Start(); err != nil {
			return 0, err
		}
		commands = append(commands, c)
	}
	for _, c := range commands {
		failed = errors.Join(failed, c.Wait())
	}
	return time.Since(begin), failed
}
