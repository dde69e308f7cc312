package cmd

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/mask"
)

// endless returns the same text for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	return copy(p, "some text of a process that never stops "), nil
}

func (endless) Close() error { return nil }

// TestPipeBufferHoldsOnePiece: while the command runs, it is blocked by a
// reader that does not read.
func TestPipeBufferHoldsOnePiece(t *testing.T) {
	b := newPipeBuffer()
	if !b.put([]byte("one")) {
		t.Fatal("the first piece is not taken")
	}
	taken := make(chan bool)
	go func() { taken <- b.put([]byte("two")) }()
	if text, more := b.take(); string(text) != "one" || !more {
		t.Errorf("%q, %t", text, more)
	}
	if !<-taken {
		t.Error("the second piece is not taken")
	}
	if text, _ := b.take(); string(text) != "two" {
		t.Errorf("%q", text)
	}
}

// TestPipeBufferDrains: once the command has ended, its pipe is emptied
// whether anybody reads or not, up to a limit.
func TestPipeBufferDrains(t *testing.T) {
	b := newPipeBuffer()
	b.hurry()
	text := strings.Repeat("x", drainLimit)
	b.fill(io.NopCloser(strings.NewReader(text))) // returns: nothing is waited for
	var out bytes.Buffer
	if err := b.empty(mask.NewWriter(&out, mask.NewSet())); err != nil || out.String() != text || b.wasCut() {
		t.Errorf("%d of %d bytes, cut %t, %v", out.Len(), len(text), b.wasCut(), err)
	}

	b = newPipeBuffer()
	b.hurry()
	b.fill(endless{}) // returns at the limit
	out.Reset()
	if err := b.empty(mask.NewWriter(&out, mask.NewSet())); err != nil || !b.wasCut() || out.Len() < drainLimit {
		t.Errorf("%d bytes, cut %t, %v", out.Len(), b.wasCut(), err)
	}
}

// TestPipeBufferEndsWithItsReader: reading ends when the destination fails.
func TestPipeBufferEndsWithItsReader(t *testing.T) {
	b := newPipeBuffer()
	done := make(chan struct{})
	go func() {
		b.fill(endless{})
		close(done)
	}()
	if err := b.empty(mask.NewWriter(brokenWriter{}, mask.NewSet())); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	<-done
	b.cut() // too late: it has ended
	if b.wasCut() {
		t.Error("an unread stream is mistaken for one that is held open")
	}
}
