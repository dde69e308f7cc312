package hauth_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// TestNotSentTwice: a request that changes something is sent once when its
// connection breaks, even if it has a key by which Go's transport would send it
// again: not every API knows that key. The key reaches the API.
func TestNotSentTwice(t *testing.T) {
	a := newAPI(t)
	seen := make(chan http.Header, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/breaks" {
			a.ServeHTTP(w, r)
			return
		}
		io.Copy(io.Discard, r.Body)
		seen <- r.Header
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		conn.Close()
	}))
	defer server.Close()
	c := &hauth.Client{Environ: environ(t.TempDir(), server.URL)}
	tr := c.TransportWith("123pan", hauth.TransportOptions{})
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		for _, body := range []string{"", "x"} {
			call(t, tr, "GET", server.URL+"/api/x", nil, 0) // its connection is used again
			req, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/api/breaks", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set(name, "key")
			if _, err := tr.RoundTrip(req); !auth.Is(err, auth.Network) {
				t.Errorf("%v", err)
			}
			if n := len(seen); n != 1 {
				t.Errorf("%s, %q: sent %d times", name, body, n)
			}
			for range len(seen) {
				if h := <-seen; h.Get(name) != "key" {
					t.Errorf("the API saw %v", h)
				}
			}
			if req.Header.Get(name) != "key" {
				t.Errorf("the caller's request has changed: %v", req.Header)
			}
		}
	}
}
