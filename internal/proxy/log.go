package proxy

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

// accessLog writes a line for each request. It contains neither tokens nor
// queries, which may contain secrets.
type accessLog struct {
	mu     sync.Mutex
	to     io.Writer
	notice func(account, text string)
	failed bool
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

func (l *accessLog) write(x *exchange, r *http.Request) {
	if l == nil {
		return
	}
	line, err := json.Marshal(logLine{
		Time: x.begun.UTC().Truncate(time.Millisecond), Account: x.account, Method: r.Method, Path: x.path, Status: x.status,
		MS: time.Since(x.begun).Milliseconds(), Bytes: x.bytes, Repeated: x.repeated, Error: x.refused,
	})
	if err != nil {
		return // of text and numbers
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.to.Write(append(line, '\n')); err != nil && !l.failed && l.notice != nil {
		l.failed = true
		l.notice("", "requests are no longer logged: the log cannot be written")
	}
}
