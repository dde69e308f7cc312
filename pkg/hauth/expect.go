package hauth

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"sync/atomic"
)

// A body that is longer than what is kept for a repeat, or of unknown length,
// is announced with "Expect: 100-continue", so that an API that responds with
// 401 at once has read nothing of it. Hosts that ignore the announcement are
// remembered, since each one costs a second.

// expectations remembers which hosts ignore "Expect: 100-continue".
type expectations struct {
	ignored sync.Map // host and port
}

const continueExpectation = "100-continue"

// announce makes a request announce its body, if that helps. The caller owns
// the request and may change it.
func (e *expectations) announce(req *http.Request, base http.RoundTripper, body *sending) *http.Request {
	if _, ignored := e.ignored.Load(req.URL.Host); ignored {
		req.Header.Del("Expect")
		return req
	}
	if !waits(base) || req.Header.Get("Expect") == "" && !unknownLength(req) && req.ContentLength <= body.body.limit {
		return req
	}
	req.Header.Set("Expect", continueExpectation)
	host := req.URL.Host
	var announced, responded atomic.Bool
	trace := &httptrace.ClientTrace{
		WroteHeaders:         func() { announced.Store(true) },
		GotFirstResponseByte: func() { responded.Store(true) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			body.want()
			return nil
		},
	}
	req.Body = &firstRead{ReadCloser: req.Body, first: func() {
		switch {
		case !announced.Load():
		case responded.Load():
			// If the host has refused without the body, but keeps the
			// connection, net/http sends the body after all. It must not be
			// used up before it is known whether the request is repeated.
			body.pause()
		default: // the wait has timed out
			e.ignored.Store(host, true)
		}
	}}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
}

// unknownLength reports whether the length of a body is not known. With a body,
// a ContentLength of 0 means that as well; only for other methods than these
// net/http first looks whether there is anything to send.
func unknownLength(req *http.Request) bool {
	if req.ContentLength != 0 {
		return req.ContentLength < 0
	}
	return req.Method == http.MethodPost || req.Method == http.MethodPut || req.Method == http.MethodPatch
}

// waits reports whether base waits for the API's response before it sends a
// body that was announced.
func waits(base http.RoundTripper) bool {
	t, ok := base.(*http.Transport)
	return ok && t.ExpectContinueTimeout > 0
}

// firstRead notes when a body is read for the first time.
type firstRead struct {
	io.ReadCloser
	once  sync.Once
	first func()
}

func (f *firstRead) Read(p []byte) (int, error) {
	f.once.Do(f.first)
	return f.ReadCloser.Read(p)
}
