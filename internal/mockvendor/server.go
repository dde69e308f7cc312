package mockvendor

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxBody is the maximum length, in bytes, of the body of a request for a
// token.
const maxBody = 64 << 10

// Server is the vendors as one http.Handler, safe for concurrent use.
type Server struct {
	host string // Options.Host

	mu    sync.Mutex
	now   func() time.Time
	skew  time.Duration
	sites []*site
	log   []Request
}

// New makes the vendors. The server has no goroutine and need not be closed.
func New(o Options) *Server {
	s := &Server{host: strings.ToLower(o.Host), now: o.Now}
	if s.now == nil {
		s.now = time.Now
	}
	for _, v := range o.vendors() {
		s.sites = append(s.sites, &site{
			vendor: v,
			knobs:  knobs{fail: o.Fail, ttl: o.TTL, latency: o.Latency},
			tokens: map[string]*grant{},
		})
	}
	return s
}

// Vendors describes the vendors, served at base: "http://127.0.0.1:8080".
func (s *Server) Vendors(base string) []Vendor {
	var list []Vendor
	for _, st := range s.sites {
		list = append(list, st.describe(base))
	}
	return list
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The path as it was sent: an escaped slash is not a slash.
	path := r.URL.EscapedPath()
	name, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if name == "_mock" {
		s.control(w, r)
		return
	}
	q := Request{Method: r.Method, Path: path}
	st := s.site(name)
	if st == nil {
		q.Status, q.Outcome = http.StatusNotFound, OutcomeNoPath
		s.record(q)
		s.writeJSON(w, q.Status, map[string]string{"error": "no vendor has this path"})
		return
	}
	q.Provider = name
	s.serveVendor(w, r, st, "/"+rest, q)
}

// site returns the vendor called name, or nil.
func (s *Server) site(name string) *site {
	i := slices.IndexFunc(s.sites, func(st *site) bool { return st.name == name })
	if i < 0 {
		return nil
	}
	return s.sites[i]
}

// serveVendor answers a request to path below the vendor's prefix.
func (s *Server) serveVendor(w http.ResponseWriter, r *http.Request, st *site, path string, q Request) {
	s.mu.Lock()
	k := st.knobs
	if path != st.tokenPath {
		s.mu.Unlock()
		s.serveCall(w, r, st, k, path, q)
		return
	}
	st.requests++ // on arrival: a request that gets no answer counts as well
	s.mu.Unlock()

	// The whole body is read first: net/http notices that a client has left
	// only when nothing of the request is left to read.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooBig *http.MaxBytesError
	if err != nil && !errors.As(err, &tooBig) || !pause(r, k.latency) {
		s.gone(w, q)
		return
	}
	s.send(w, r, q, s.answerToken(st, k, r, body, tooBig != nil))
}

// send records the request and answers it, or hangs until the client leaves.
func (s *Server) send(w http.ResponseWriter, r *http.Request, q Request, a answer) {
	q.Status, q.Outcome = a.status, a.outcome
	s.record(q)
	if a.outcome == OutcomeHang {
		<-r.Context().Done()
		abort(w)
		return
	}
	a.write(w)
}

// gone records that the client left, or the server ended, before an answer.
func (s *Server) gone(w http.ResponseWriter, q Request) {
	q.Outcome = OutcomeGone
	s.record(q)
	abort(w)
}

// pause waits, unless the client leaves first.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// abort ends the exchange without an answer. A plain return would send an
// empty HTTP 200 to a client that is still there when the server ends.
func abort(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

// writer makes the vendor's answers, with the present time.
func (s *Server) writer(st *site, k knobs) writer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return writer{vendor: st.vendor, variant: k.variant, now: s.clock()}
}

// clock is the vendors' time. s.mu is held.
func (s *Server) clock() time.Time { return s.now().Add(s.skew) }

// Tokens returns how many requests for a token the provider has received,
// whatever their outcome.
func (s *Server) Tokens(provider string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.site(provider); st != nil {
		return st.requests
	}
	return 0
}

// errProvider is the error for a provider that the mock does not have.
func errProvider(name string) error { return fmt.Errorf("no provider %q", name) }
