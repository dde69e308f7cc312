package proxy

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

// accessLog writes a line for each request. It contains neither tokens nor
// queries, which may contain secrets.
type accessLog struct {
	to     io.Writer
	notice func(account, text string)

	mu     sync.Mutex
	failed bool
	open   int           // requests whose line is not yet written
	empty  chan struct{} // closed when there are none, if somebody waits for that
}

type logLine struct {
	Time     time.Time `json:"time"`
	Account  string    `json:"account,omitempty"`
	Method   string    `json:"method"`
	Path     string    `json:"path,omitempty"`
	Status   int       `json:"status"`
	MS       int64     `json:"ms"`
	Bytes    int64     `json:"bytes"`
	Repeated bool      `json:"repeated"`
	Error    string    `json:"error,omitempty"`
}

// begin notes that a request's line is to come.
func (l *accessLog) begin() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open++
}

// settle waits until no line is to come, or ctx ends.
func (l *accessLog) settle(ctx context.Context) {
	l.mu.Lock()
	if l.open == 0 {
		l.mu.Unlock()
		return
	}
	if l.empty == nil {
		l.empty = make(chan struct{})
	}
	empty := l.empty
	l.mu.Unlock()
	select {
	case <-empty:
	case <-ctx.Done():
	}
}

// end writes the line of a request.
func (l *accessLog) end(x *exchange, r *http.Request) {
	if l == nil {
		return
	}
	line, err := json.Marshal(logLine{
		Time: x.begun.UTC().Truncate(time.Millisecond), Account: x.account, Method: r.Method, Path: x.path, Status: x.status,
		MS: time.Since(x.begun).Milliseconds(), Bytes: x.bytes, Repeated: x.repeated, Error: x.refused,
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		_, err = l.to.Write(append(line, '\n'))
	}
	if err != nil && !l.failed && l.notice != nil {
		l.failed = true
		l.notice("", "requests are no longer logged: the log cannot be written")
	}
	if l.open--; l.open == 0 && l.empty != nil {
		close(l.empty)
		l.empty = nil
	}
}
