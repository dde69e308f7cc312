package proxy

import (
	"io"
	"net/http"
	"sync/atomic"
)

// upload is a request's body that knows whether the client has sent all of it.
type upload struct {
	io.ReadCloser
	left  int64 // negative: not known
	whole atomic.Bool
}

// watchUpload makes a request's body an upload; nil if it has none.
func watchUpload(r *http.Request) *upload {
	if r.ContentLength == 0 {
		return nil
	}
	u := &upload{ReadCloser: r.Body, left: r.ContentLength}
	r.Body = u
	return u
}

// Read is called by one goroutine at a time.
func (u *upload) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if u.left > 0 {
		u.left -= int64(n)
	}
	if err == io.EOF || u.left == 0 {
		u.whole.Store(true)
	}
	return n, err
}

// pending reports whether the client has more to send.
func (u *upload) pending() bool { return u != nil && !u.whole.Load() }
