package hauth

import (
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/hauth/hauth/pkg/auth"
)

// replayBody is a request's body that can be sent a second time: from the
// request itself if that can give it again, else from what is kept of it and
// what its client has not yet sent. A nil replayBody is a request without body.
type replayBody struct {
	src   io.ReadCloser
	again func() (io.ReadCloser, error) // the request's GetBody; may be nil
	limit int64

	mu      sync.Mutex
	changed *sync.Cond
	log     []byte // what was read from src so far
	lost    bool   // more was read than is kept
	err     error  // how src ended; nil: not yet
	reading bool   // a Read of src is under way
	frozen  bool   // nothing is read: it is not yet known whether the body will be sent again
	final   bool   // it will not
	turn    *sending
}

var (
	errSuperseded = errors.New("the request is being sent again")
	errLost       = errors.New("the body was longer than what is kept of it")
	errClosed     = errors.New("the body is closed")
)

func newReplayBody(req *http.Request, limit int64) *replayBody {
	if req.Body == nil || req.Body == http.NoBody {
		return nil
	}
	b := &replayBody{src: req.Body, again: req.GetBody, limit: limit}
	b.changed = sync.NewCond(&b.mu)
	return b
}

// send starts to send the body from its beginning, and ends a sending in
// progress.
func (b *replayBody) send() (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.again != nil && b.turn != nil {
		body, err := b.again()
		if err != nil {
			return nil, err
		}
		b.final = true
		b.close()
		return body, nil
	}
	if b.lost {
		return nil, errLost
	}
	b.turn = &sending{body: b}
	b.frozen = false
	b.changed.Broadcast()
	return b.turn, nil
}

// getBody is the GetBody of a request that sends the body: a transport may
// start again with a request of which nothing has been sent.
func (b *replayBody) getBody() func() (io.ReadCloser, error) {
	if b.again != nil {
		return b.again
	}
	return b.send
}

// freeze pauses the sending until send or settle decides how to continue,
// and reports whether the body could be sent again.
func (b *replayBody) freeze() bool {
	if b == nil {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.again != nil {
		return true
	}
	b.frozen = !b.lost
	return !b.lost
}

// settle says that the body will not be sent again. It is closed when the
// sending in progress ends, or at once if there is none.
func (b *replayBody) settle() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.final, b.frozen = true, false
	b.changed.Broadcast()
	if b.turn == nil || b.turn.closed {
		b.close()
	}
}

// close closes the request's own body. b.mu is held.
func (b *replayBody) close() {
	if src := b.src; src != nil {
		b.src = nil
		// Closing may wait for a Read of the same body to end.
		go src.Close()
	}
}

// keep adds what was read to the log. Data that the sending which read it
// did not get is always kept. b.mu is held.
func (b *replayBody) keep(p []byte, undelivered bool) {
	if b.lost {
		return
	}
	if !undelivered && (b.again != nil || b.final || int64(len(b.log)+len(p)) > b.limit) {
		b.log, b.lost = nil, true
		return
	}
	b.log = append(b.log, p...)
}

// sending is one transfer of the body, from its beginning, to a transport.
type sending struct {
	body   *replayBody
	at     int // in the log
	wanted bool
	closed bool
}

// pause is freeze for a sending that net/http begins although there is a
// response. It may be called late, and does nothing where that is decided, or
// where the response is one after which the body is wanted.
func (s *sending) pause() {
	b := s.body
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.turn == s && !b.final && !s.wanted {
		b.frozen = !b.lost
	}
}

// want says that the API has asked for the body, or at least has not yet given
// its final response. A pause ends.
func (s *sending) want() {
	b := s.body
	b.mu.Lock()
	defer b.mu.Unlock()
	s.wanted = true
	if b.turn == s {
		b.frozen = false
		b.changed.Broadcast()
	}
}

// Read implements io.Reader.
func (s *sending) Read(p []byte) (int, error) {
	b := s.body
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		switch {
		case b.turn != s:
			return 0, errSuperseded
		case s.closed:
			return 0, errClosed
		case b.frozen:
			b.changed.Wait()
			continue
		case s.at < len(b.log):
			n := copy(p, b.log[s.at:])
			s.at += n
			if b.final && s.at == len(b.log) && !b.reading {
				b.log, b.lost = nil, true
			}
			return n, nil
		case b.err != nil:
			return 0, b.err
		case b.reading: // for the sending before this one
			b.changed.Wait()
			continue
		}
		return s.readOn(p)
	}
}

// readOn reads from the request's own body. b.mu is held, but not while src
// is read.
func (s *sending) readOn(p []byte) (int, error) {
	b, src := s.body, s.body.src
	if src == nil {
		return 0, errClosed
	}
	b.reading = true
	b.mu.Unlock()
	n, err := src.Read(p)
	if err != nil && err != io.EOF {
		err = errBody(err)
	}
	b.mu.Lock()
	b.reading = false
	b.err = err
	b.keep(p[:n], b.frozen || b.turn != s)
	b.changed.Broadcast()
	at := len(b.log)
	for b.frozen && b.turn == s && !s.closed {
		b.changed.Wait()
	}
	if b.turn != s {
		return 0, errSuperseded
	}
	s.at = at
	if b.lost {
		s.at = 0
	}
	return n, err
}

// errBody has a type so that the API does not seem to have failed.
func errBody(err error) error {
	if _, ok := auth.AsError(err); ok {
		return err
	}
	return &auth.Error{Kind: auth.Usage, Fact: "the request's body cannot be read", Err: err}
}

// Close implements io.Closer.
func (s *sending) Close() error {
	b := s.body
	b.mu.Lock()
	defer b.mu.Unlock()
	s.closed = true
	b.changed.Broadcast()
	if b.turn == s && b.final {
		b.close()
	}
	return nil
}
