package cmd

import (
	"io"
	"sync"

	"github.com/hauth/hauth/internal/mask"
)

// drainLimit is how much output, in bytes, is kept for a slow reader once the
// command has ended. It is more than a pipe usually holds.
const drainLimit = 1 << 20

// pipeBuffer connects the pipe that a command writes to and the destination
// of what came through it. While the command runs, it holds one piece of
// text, so that a slow reader slows the command down. When the command has
// ended, the pipe is emptied without waiting for the reader.
type pipeBuffer struct {
	mu      sync.Mutex
	changed sync.Cond
	text    []byte
	hurried bool // the command has ended
	ended   bool // so has the stream: nothing more is accepted
	broken  bool // … before its own end
}

func newPipeBuffer() *pipeBuffer {
	b := &pipeBuffer{}
	b.changed.L = &b.mu
	return b
}

// fill reads a pipe to its end, or until no more is accepted, and closes it.
func (b *pipeBuffer) fill(from io.ReadCloser) {
	defer from.Close() // a process that still writes to it gets SIGPIPE, as it would without hauth in between
	chunk := make([]byte, 32<<10)
	for {
		n, err := from.Read(chunk)
		if !b.put(chunk[:n]) {
			return
		}
		if err != nil {
			b.set(&b.ended)
			return
		}
	}
}

// put adds text and reports whether more may follow.
func (b *pipeBuffer) put(text []byte) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.text) > 0 && !b.hurried && !b.ended {
		b.changed.Wait()
	}
	if len(b.text) > drainLimit {
		b.ended, b.broken = true, true
	}
	if b.ended {
		b.changed.Broadcast()
		return false
	}
	b.text = append(b.text, text...)
	b.changed.Broadcast()
	return true
}

// empty writes everything that was added. The error is that of a destination
// that accepts no more.
func (b *pipeBuffer) empty(to *mask.Writer) error {
	for {
		text, more := b.take()
		if !more {
			break
		}
		if _, err := to.Write(text); err != nil {
			b.set(&b.ended)
			return err
		}
	}
	if b.wasCut() {
		return to.Abandon()
	}
	return to.Close()
}

func (b *pipeBuffer) take() (text []byte, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.text) == 0 && !b.ended {
		b.changed.Wait()
	}
	text, b.text = b.text, nil
	b.changed.Broadcast()
	return text, len(text) > 0
}

// hurry notes that the command has ended.
func (b *pipeBuffer) hurry() { b.set(&b.hurried) }

// cut ends a stream that has not ended by itself.
func (b *pipeBuffer) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended {
		b.ended, b.broken = true, true
		b.changed.Broadcast()
	}
}

func (b *pipeBuffer) wasCut() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.broken
}

func (b *pipeBuffer) set(flag *bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*flag = true
	b.changed.Broadcast()
}
