package hauth_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// api is 123pan's token endpoint and an API that accepts its latest token.
type api struct {
	*httptest.Server

	mu        sync.Mutex
	now       func() time.Time
	tokens    int  // issued
	requests  int  // for a token, refused ones included
	dead      bool // the latest token is dead, too
	refuse    string
	inBody    bool          // says 401 inside HTTP 200
	readFirst bool          // reads a body before it says 401
	gate      chan struct{} // token requests wait for it to be closed; nil: they do not
	calls     []string      // the token of each call
}

func newAPI(t *testing.T) *api {
	a := &api{now: time.Now}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *api) kill()                 { a.set(func() { a.dead = true }) }
func (a *api) set(change func())     { a.mu.Lock(); defer a.mu.Unlock(); change() }
func (a *api) count() (requests int) { a.set(func() { requests = a.requests }); return requests }
func (a *api) carried() (calls []string) {
	a.set(func() { calls = append(calls, a.calls...) })
	return calls
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/api/v1/access_token" {
		a.issue(w)
		return
	}
	token := r.Header.Get("Authorization")
	a.mu.Lock()
	a.calls = append(a.calls, token)
	good := !a.dead && token == fmt.Sprintf("Bearer token-%03d", a.tokens) && !strings.HasPrefix(r.URL.Path, "/api/forbidden")
	inBody, readFirst := a.inBody, a.readFirst
	a.mu.Unlock()
	if !good {
		if readFirst {
			io.Copy(io.Discard, r.Body)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if !inBody {
			w.WriteHeader(http.StatusUnauthorized)
		}
		io.WriteString(w, `{"code":401,"message":"access_token is invalid"}`)
		return
	}
	sum := sha256.New()
	n, err := io.Copy(sum, r.Body)
	fmt.Fprintf(w, "%s %s %d %s %v", r.Method, r.URL.RequestURI(), n, hex.EncodeToString(sum.Sum(nil)), err)
}

func (a *api) issue(w http.ResponseWriter) {
	a.mu.Lock()
	a.requests++
	gate, refuse := a.gate, a.refuse
	a.mu.Unlock()
	if gate != nil {
		<-gate
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Date", a.now().UTC().Format(http.TimeFormat))
	if refuse != "" {
		io.WriteString(w, refuse)
		return
	}
	a.tokens++
	a.dead = false
	fmt.Fprintf(w, `{"code":0,"message":"ok","data":{"accessToken":"token-%03d","expiredAt":"%s"}}`, a.tokens, a.now().Add(time.Hour).UTC().Format(time.RFC3339))
}

// stream is a body of n bytes that cannot be given again.
func stream(n int64) io.Reader { return struct{ io.Reader }{io.LimitReader(&repeating{}, n)} }

// sumOf is the digest of a stream of n bytes.
func sumOf(n int64) string {
	h := sha256.New()
	io.Copy(h, io.LimitReader(&repeating{}, n))
	return hex.EncodeToString(h.Sum(nil))
}

// piece is a text in which no two parts are equal, however it is cut.
var piece = sync.OnceValue(func() []byte {
	text := make([]byte, 256<<10+1) // no multiple of a buffer
	for i := range text {
		text[i] = byte(i * i >> 7)
	}
	return text
})

// repeating is piece without end.
type repeating struct{ at int }

func (r *repeating) Read(p []byte) (int, error) {
	n := copy(p, piece()[r.at:])
	r.at = (r.at + n) % len(piece())
	return n, nil
}
