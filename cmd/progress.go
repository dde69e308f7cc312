package cmd

import (
	"fmt"
	"io"
	"time"
)

// progressDelay is how long nothing needs to be seen.
const progressDelay = 100 * time.Millisecond

// spin turns a wheel before text until done, then erases both.
func spin(w io.Writer, wheel []rune, text string, done <-chan struct{}) {
	turn := time.NewTicker(progressDelay)
	defer turn.Stop()
	for i := 0; ; i++ {
		fmt.Fprintf(w, "\r%c %s", wheel[i%len(wheel)], text)
		select {
		case <-done:
			io.WriteString(w, "\r\x1b[K")
			return
		case <-turn.C:
		}
	}
}

// showProgress shows text on a terminal until the function it returns is
// called, if that takes longer than a moment.
func (a *app) showProgress(text string) (stop func()) {
	if a.quiet || a.json || !isTerminal(a.env.Stderr) {
		return func() {}
	}
	dumb := a.getenv("TERM") == "dumb" // it cannot erase
	text = a.inLocale(text)
	wheel := []rune(`|/-\`)
	if a.utf8Locale() {
		wheel = []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
	}
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-done:
			return
		case <-time.After(progressDelay):
		}
		if dumb {
			io.WriteString(a.env.Stderr, text+"\n")
			return
		}
		spin(a.env.Stderr, wheel, text, done)
	}()
	return func() {
		close(done)
		<-stopped
	}
}
