package hauth

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func bodyOf(t *testing.T, src io.Reader, limit int64) *replayBody {
	t.Helper()
	body, ok := src.(io.ReadCloser)
	if !ok {
		body = io.NopCloser(src) // a reader that net/http does not know
	}
	req, err := http.NewRequest("POST", "http://x/", body)
	if err != nil {
		t.Fatal(err)
	}
	return newReplayBody(req, limit)
}

// TestReplay: whatever was sent before, the second sending is the whole body.
func TestReplay(t *testing.T) {
	text := strings.Repeat("abcdefghij", 1000)
	for _, c := range []struct {
		name       string
		limit      int64
		read       int64
		repeatable bool
	}{
		{"nothing read", 0, 0, true}, {"some", 100, 100, true}, {"at the limit", 5000, 5000, true},
		{"all", 10000, 10000, true}, {"one too many", 99, 100, false}, {"nothing kept", 0, 1, false},
	} {
		b := bodyOf(t, strings.NewReader(text), c.limit)
		first, err := b.send()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, first, c.read); err != nil {
			t.Fatal(err)
		}
		if got := b.freeze(); got != c.repeatable {
			t.Errorf("%s: repeatable %v", c.name, got)
		}
		second, err := b.send()
		if !c.repeatable {
			if !errors.Is(err, errLost) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if _, err := first.Read(make([]byte, 1)); !errors.Is(err, errSuperseded) {
			t.Errorf("%s: the first sending reads on: %v", c.name, err)
		}
		b.settle()
		if all, err := io.ReadAll(second); string(all) != text || err != nil {
			t.Errorf("%s: %d bytes, %v", c.name, len(all), err)
		}
	}
}

// TestReplayUnderWay: a piece that the client was sending when the first
// sending ended belongs to the second.
func TestReplayUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		b := bodyOf(t, r, 4)
		first, _ := b.send()
		var got bytes.Buffer
		ended := make(chan error)
		go func() {
			_, err := io.Copy(&got, first)
			ended <- err
		}()
		io.WriteString(w, "abcd")
		synctest.Wait() // first waits for more
		if !b.freeze() {
			t.Fatal("not repeatable")
		}
		io.WriteString(w, "efghijkl") // into the hands of the first
		go func() {
			io.WriteString(w, "mnop")
			w.Close()
		}()
		synctest.Wait()
		second, err := b.send()
		if err != nil {
			t.Fatal(err)
		}
		b.settle()
		all := make(chan string)
		go func() {
			text, _ := io.ReadAll(second)
			all <- string(text)
		}()
		if text := <-all; text != "abcdefghijklmnop" {
			t.Errorf("the second sending has %q", text)
		}
		if err := <-ended; !errors.Is(err, errSuperseded) || got.String() != "abcd" {
			t.Errorf("the first has %q, %v", got.String(), err)
		}
	})
}

// TestReplayLate is TestReplayUnderWay for a piece that comes after the second
// sending has begun.
func TestReplayLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		b := bodyOf(t, r, 4)
		first, _ := b.send()
		go io.Copy(io.Discard, first)
		io.WriteString(w, "abcd")
		synctest.Wait()
		b.freeze()
		second, err := b.send()
		if err != nil {
			t.Fatal(err)
		}
		b.settle()
		all := make(chan string)
		go func() {
			text, _ := io.ReadAll(second)
			all <- string(text)
		}()
		synctest.Wait()
		io.WriteString(w, "efghijkl") // into the hands of the first
		io.WriteString(w, "mnop")
		w.Close()
		if text := <-all; text != "abcdefghijklmnop" {
			t.Errorf("the second sending has %q", text)
		}
	})
}

// TestReplayGoesOn: if the request is not repeated, the sending continues
// undisturbed, and closes the body at its end.
func TestReplayGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		b := bodyOf(t, r, 4)
		first, _ := b.send()
		all := make(chan string)
		go func() {
			text, _ := io.ReadAll(first)
			first.Close()
			all <- string(text)
		}()
		io.WriteString(w, "ab")
		synctest.Wait()
		b.freeze()
		io.WriteString(w, "cdefg")
		synctest.Wait()
		b.settle()
		io.WriteString(w, "hi")
		w.Close()
		if text := <-all; text != "abcdefghi" {
			t.Errorf("%q", text)
		}
		synctest.Wait()
		if _, err := r.Read(make([]byte, 1)); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the body is open: %v", err)
		}
	})
}

// TestReplayCloses: a body is closed when no sending needs it any more, and
// not before.
func TestReplayCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		b := bodyOf(t, r, 4)
		first, _ := b.send()
		first.Close()
		synctest.Wait()
		go io.WriteString(w, "still open")
		second, err := b.send()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(second, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		second.Close()
		b.settle()
		synctest.Wait()
		if _, err := w.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the body is open: %v", err)
		}
	})
	var none *replayBody
	if !none.freeze() {
		t.Error("a request without body cannot be repeated")
	}
	none.settle()
}

// TestReplayPaused: a sending that is paused goes on when the API wants the
// body, and one that is paused late keeps nothing from being sent.
func TestReplayPaused(t *testing.T) {
	for name, order := range map[string]func(b *replayBody, first *sending) io.Reader{
		"paused, then wanted":  func(b *replayBody, first *sending) io.Reader { first.pause(); first.want(); return first },
		"wanted, then paused":  func(b *replayBody, first *sending) io.Reader { first.want(); first.pause(); return first },
		"paused, then settled": func(b *replayBody, first *sending) io.Reader { first.pause(); b.settle(); return first },
		"settled, then paused": func(b *replayBody, first *sending) io.Reader { b.settle(); first.pause(); return first },
		"sent again, then paused": func(b *replayBody, first *sending) io.Reader {
			second, _ := b.send()
			first.pause()
			return second
		},
		"frozen and sent again, then wanted": func(b *replayBody, first *sending) io.Reader {
			b.freeze()
			second, _ := b.send()
			first.want()
			return second
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := bodyOf(t, strings.NewReader("abcdef"), 4)
			first, err := b.send()
			if err != nil {
				t.Fatal(err)
			}
			body := order(b, first.(*sending))
			var all []byte
			go func() { all, _ = io.ReadAll(body) }()
			synctest.Wait()
			if string(all) != "abcdef" {
				t.Errorf("%s: the sending stands still at %q", name, all)
			}
			b.settle() // otherwise the test waits for it
		})
	}
}

// TestReplayStaysPaused: until it is decided, a paused sending uses nothing up.
func TestReplayStaysPaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bodyOf(t, strings.NewReader("abcdef"), 4)
		first, err := b.send()
		if err != nil {
			t.Fatal(err)
		}
		first.(*sending).pause()
		read := false
		go func() { first.Read(make([]byte, 6)); read = true }()
		synctest.Wait()
		if read || !b.freeze() {
			t.Error("the body is read while it is paused")
		}
		b.settle()
	})
}
