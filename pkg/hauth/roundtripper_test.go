package hauth_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// baseFunc is a RoundTripper of a test's own.
type baseFunc func(*http.Request) (*http.Response, error)

func (f baseFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestBareResponses: a base that returns less than net/http does, as in tests
// of programs, and a request without URL cause no panic.
func TestBareResponses(t *testing.T) {
	a := newAPI(t)
	req, err := http.NewRequest("GET", a.URL+"/api/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, bare := range map[string]*http.Response{
		"dead": {StatusCode: 401}, "good": {StatusCode: 200}, "JSON": {StatusCode: 200, ContentLength: -1, Header: http.Header{"Content-Type": {"application/json"}}},
	} {
		tr := transport(t, a, hauth.TransportOptions{Base: baseFunc(func(*http.Request) (*http.Response, error) { resp := *bare; return &resp, nil })})
		resp, err := tr.RoundTrip(req)
		if err != nil || resp.StatusCode != bare.StatusCode {
			t.Errorf("%s: %v, %v", name, resp, err)
			continue
		}
		if text, err := io.ReadAll(resp.Body); len(text) > 0 || err != nil {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	none := transport(t, a, hauth.TransportOptions{Base: baseFunc(func(*http.Request) (*http.Response, error) { return nil, nil })})
	if resp, err := none.RoundTrip(req); resp != nil || !auth.Is(err, auth.Internal) {
		t.Errorf("neither: %v, %v", resp, err)
	}
	if resp, err := none.RoundTrip(&http.Request{Header: http.Header{}}); resp != nil || !auth.Is(err, auth.Usage) {
		t.Errorf("no URL: %v, %v", resp, err)
	}
}

// TestAnnounced: a body of unknown length is announced, also where net/http
// says that with a ContentLength of 0.
func TestAnnounced(t *testing.T) {
	a := newAPI(t)
	for length, want := range map[int64]string{-1: "100-continue", 0: "100-continue", 100: ""} {
		var announced []string
		base := http.DefaultTransport.(*http.Transport).Clone()
		base.Proxy = func(r *http.Request) (*url.URL, error) { // sees each request
			announced = append(announced, r.Header.Get("Expect"))
			return nil, nil
		}
		tr := transport(t, a, hauth.TransportOptions{Base: base})
		call(t, tr, "PUT", a.URL+"/api/x", stream(100), length)
		if strings.Join(announced, " ") != want {
			t.Errorf("a length of %d: %q", length, announced)
		}
		if length == 0 {
			if call(t, tr, "GET", a.URL+"/api/x", stream(0), 0); announced[1] != "" {
				t.Errorf("an empty body of a GET is announced: %q", announced)
			}
		}
	}
}

// TestStaysInAPI: no spelling of a path leads out of the API's base.
func TestStaysInAPI(t *testing.T) {
	a := newAPI(t)
	c := &hauth.Client{Environ: append(environ(t.TempDir(), a.URL), "HAUTH_123PAN_API="+a.URL+"/api")}
	tr := c.Transport("123pan", nil)
	for _, path := range []string{"/api/../x", "/api/%2e%2e/x", "/api/..%2fx", "/x"} {
		if resp, _, err := tryCall(t.Context(), tr, "GET", a.URL+path, nil, 0); !auth.Is(err, auth.Usage) {
			t.Errorf("%s: %v, %v", path, resp, err)
		}
	}
	if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 200 || len(a.carried()) != 1 {
		t.Errorf("HTTP %d, %d calls", resp.StatusCode, len(a.carried()))
	}
}

// TestCloseIdle: http.Client reaches the connections of either base.
func TestCloseIdle(t *testing.T) {
	a := newAPI(t)
	for name, base := range map[string]http.RoundTripper{"hauth's own": nil, "another": http.DefaultTransport.(*http.Transport).Clone()} {
		client := &http.Client{Transport: transport(t, a, hauth.TransportOptions{Base: base})}
		for i, want := range []bool{false, true, false} {
			if i == 2 {
				client.CloseIdleConnections()
			}
			reused := false
			trace := &httptrace.ClientTrace{GotConn: func(conn httptrace.GotConnInfo) { reused = conn.Reused }}
			req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", a.URL+"/api/x", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if reused != want {
				t.Errorf("%s: request %d: reused %v", name, i, reused)
			}
		}
	}
}

// TestConnectionsOfOldLogin: they are closed when there is another one.
func TestConnectionsOfOldLogin(t *testing.T) {
	a := &api{now: time.Now}
	a.Server = httptest.NewUnstartedServer(a)
	var mu sync.Mutex
	idle := map[net.Conn]bool{}
	a.Config.ConnState = func(c net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		delete(idle, c)
		if state == http.StateIdle {
			idle[c] = true
		}
	}
	a.Start()
	t.Cleanup(a.Close)
	home := t.TempDir()
	tr := (&hauth.Client{Environ: without(environ(home, a.URL), "HAUTH_123PAN")}).TransportWith("123pan", hauth.TransportOptions{})
	defer tr.Close(t.Context())
	for range 3 {
		logInAt(t, home, "123pan", a.URL)
		call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	}
	for range 1000 {
		mu.Lock()
		n := len(idle)
		mu.Unlock()
		if n == 1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d connections are open", len(idle))
}

// TestTrailer: values that the request gets while its body is read are sent,
// also when that is repeated.
func TestTrailer(t *testing.T) {
	a := newAPI(t)
	var got []string
	tr := transport(t, a, hauth.TransportOptions{Base: baseFunc(func(r *http.Request) (*http.Response, error) {
		text, err := io.ReadAll(r.Body)
		r.Body.Close()
		got = append(got, string(text)+" "+r.Trailer.Get("X-Sum"))
		return &http.Response{StatusCode: 401}, err
	})})
	req, err := http.NewRequest("POST", a.URL+"/api/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Trailer = http.Header{"X-Sum": nil}
	req.Body = io.NopCloser(io.MultiReader(strings.NewReader("text"), readerFunc(func([]byte) (int, error) {
		req.Trailer.Set("X-Sum", "1")
		return 0, io.EOF
	})))
	req.ContentLength = -1
	if _, err := tr.RoundTrip(req); err != nil || strings.Join(got, ", ") != "text 1, text 1" {
		t.Errorf("%q, %v", got, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
