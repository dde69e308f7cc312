package mockvendor

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// streamOf returns the protected call that streams at path, with its HTTP
// status; nil if there is none. It starts after the token was found to be
// valid, and does not end with the token.
func streamOf(v *vendor, r *http.Request, path string) (status int, serve http.HandlerFunc) {
	for _, root := range v.roots {
		switch name, _ := strings.CutPrefix(path, root); {
		case name == "mock/events":
			return http.StatusOK, serveEvents
		case name == "mock/bytes":
			return http.StatusOK, serveBytes
		case name == "mock/socket" && wantsSocket(r):
			return http.StatusSwitchingProtocols, serveSocket
		}
	}
	return 0, nil
}

// serveEvents sends server-sent events, one each "every" (default 1 s), until
// there were "count" or the client leaves.
func serveEvents(w http.ResponseWriter, r *http.Request) {
	count, every := countOf(r), time.Second
	if d, err := time.ParseDuration(r.URL.Query().Get("every")); err == nil && d >= 0 {
		every = d
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	for i := int64(1); count == 0 || i <= count; i++ {
		if i > 1 && !pause(r, every) {
			return
		}
		if _, err := fmt.Fprintf(w, "id: %d\ndata: {\"event\":%d}\n\n", i, i); err != nil || out.Flush() != nil {
			return
		}
	}
}

// serveBytes sends "count" bytes.
func serveBytes(w http.ResponseWriter, r *http.Request) {
	n := countOf(r)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	io.CopyN(w, filler{}, n) // the client has left
}

// filler is an endless reader.
type filler struct{}

func (filler) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'm'
	}
	return len(p), nil
}

// countOf is the number in the query; 0 if there is none.
func countOf(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.URL.Query().Get("count"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
