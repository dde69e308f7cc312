package cmd

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// progressDelay is how long an operation may take before progress is shown.
const progressDelay = 100 * time.Millisecond

// screen keeps lines and progress apart on stderr: printing a line erases
// the progress first and draws it again below.
type screen struct {
	mu      sync.Mutex
	w       io.Writer
	drawing bool
}

// line prints a whole line.
func (s *screen) line(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drawing {
		text = "\r\x1b[K" + text
		s.drawing = false
	}
	io.WriteString(s.w, text+"\n")
}

func (s *screen) draw(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	io.WriteString(s.w, "\r"+text)
	s.drawing = true
}

func (s *screen) erase() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drawing {
		io.WriteString(s.w, "\r\x1b[K")
		s.drawing = false
	}
}

// showProgress shows on a terminal what text gives, until the function it
// returns is called, if that takes longer than a moment. Only one is shown at
// a time.
func (a *app) showProgress(text func() string) (stop func()) {
	if a.quiet || a.json || !isTerminal(a.env.Stderr) || !a.inProgress.CompareAndSwap(false, true) {
		return func() {}
	}
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		select {
		case <-done:
			return
		case <-time.After(progressDelay):
		}
		if a.getenv("TERM") == "dumb" { // a line cannot be erased there
			a.screen.line(a.inLocale(text()))
			return
		}
		a.spin(text, done)
	}()
	return func() {
		close(done)
		<-stopped
		a.inProgress.Store(false)
	}
}

// spin shows a spinner before the text until done, then erases both.
func (a *app) spin(text func() string, done <-chan struct{}) {
	wheel := []rune(`|/-\`)
	if a.utf8Locale() {
		wheel = []rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
	}
	turn := time.NewTicker(progressDelay)
	defer turn.Stop()
	for i := 0; ; i++ {
		a.screen.draw(fmt.Sprintf("%c %s", wheel[i%len(wheel)], a.inLocale(text())))
		select {
		case <-done:
			a.screen.erase()
			return
		case <-turn.C:
		}
	}
}

// countProgress is the text of a progress that counts: a bar, the number done
// and the total.
func countProgress(what string, done *atomic.Int64, all int) func() string {
	const cells = 20
	return func() string {
		n := int(done.Load())
		full := n * cells / max(all, 1)
		return fmt.Sprintf("%s %s%s %d/%d", what, strings.Repeat("▰", full), strings.Repeat("▱", cells-full), n, all)
	}
}
