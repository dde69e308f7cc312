package hauth_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// transport is one for credentials in the environment of its own home.
func transport(t *testing.T, a *api, o hauth.TransportOptions) *hauth.Transport {
	t.Helper()
	c := &hauth.Client{Environ: environ(t.TempDir(), a.URL)}
	return c.TransportWith("123pan", o)
}

// call makes one call and returns the answer with its body.
func call(t *testing.T, rt http.RoundTripper, method, url string, body io.Reader, length int64) (*http.Response, string) {
	t.Helper()
	resp, text, err := tryCall(t.Context(), rt, method, url, body, length)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return resp, text
}

func tryCall(ctx context.Context, rt http.RoundTripper, method, url string, body io.Reader, length int64) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, "", err
	}
	if body != nil {
		req.ContentLength = length
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

// TestRepair: a dead token is replaced with one request, and the call
// succeeds, however long its body is.
func TestRepair(t *testing.T) {
	const long = 64 << 20
	for _, inBody := range []bool{false, true} {
		for _, c := range []struct {
			name   string
			method string
			body   int64
			length int64
		}{
			{"GET", "GET", 0, 0}, {"100 kB", "POST", 100_000, 100_000}, {"1 MiB", "POST", 1 << 20, 1 << 20},
			{"chunked", "POST", 100_000, -1}, {"64 MiB", "PUT", long, long}, {"64 MiB chunked", "PUT", long, -1},
		} {
			t.Run(fmt.Sprintf("%s/%v", c.name, inBody), func(t *testing.T) {
				a := newAPI(t)
				a.inBody = inBody
				repeated := 0
				tr := transport(t, a, hauth.TransportOptions{Repeated: func(*http.Request) { repeated++ }})
				call(t, tr, "GET", a.URL+"/api/first", nil, 0)
				a.kill()
				var body io.Reader
				if c.body > 0 {
					body = stream(c.body)
				}
				resp, text := call(t, tr, c.method, a.URL+"/api/x?q=1", body, c.length)
				want := fmt.Sprintf("%s /api/x?q=1 %d %s <nil>", c.method, c.body, sumOf(c.body))
				if resp.StatusCode != 200 || text != want || resp.Header.Get(hauth.NoteHeader) != "" {
					t.Errorf("HTTP %d, %.200q, want %q", resp.StatusCode, text, want)
				}
				if n := a.count(); n != 2 || repeated != 1 {
					t.Errorf("%d token requests, %d repeated", n, repeated)
				}
			})
		}
	}
}

// TestRepairTooLong: an API that takes a body before it says 401 has taken
// more than is kept. The API's own answer goes through and says so; the next
// try works.
func TestRepairTooLong(t *testing.T) {
	a := newAPI(t)
	a.readFirst = true
	tr := transport(t, a, hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/first", nil, 0)
	a.kill()
	resp, text := call(t, tr, "PUT", a.URL+"/api/x", stream(2<<20), 2<<20)
	if note := resp.Header.Get(hauth.NoteHeader); resp.StatusCode != 401 || !strings.Contains(text, "is invalid") || !strings.Contains(note, "longer than what is kept") {
		t.Errorf("HTTP %d, %q, %q", resp.StatusCode, text, note)
	}
	if resp, _ := call(t, tr, "PUT", a.URL+"/api/x", stream(2<<20), 2<<20); resp.StatusCode != 200 || a.count() != 2 {
		t.Errorf("HTTP %d, %d token requests", resp.StatusCode, a.count())
	}
	a.kill()
	if resp, _ := call(t, tr, "PUT", a.URL+"/api/x", stream(1<<20), 1<<20); resp.StatusCode != 200 || a.count() != 3 {
		t.Errorf("what is kept: HTTP %d, %d token requests", resp.StatusCode, a.count())
	}
	a.kill()
	none := transport(t, a, hauth.TransportOptions{Replay: -1})
	call(t, none, "GET", a.URL+"/api/first", nil, 0)
	a.kill()
	if resp, _ := call(t, none, "PUT", a.URL+"/api/x", stream(100), 100); resp.StatusCode != 401 {
		t.Errorf("without replay: HTTP %d", resp.StatusCode)
	}
}

// TestRepairTogether: 200 clients at once on a dead token cause one request,
// and all are answered; one that gives up does not affect the others.
func TestRepairTogether(t *testing.T) {
	a := newAPI(t)
	tr := transport(t, a, hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/first", nil, 0)
	a.kill()
	gate := make(chan struct{})
	a.set(func() { a.gate = gate })
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, _, err := tryCall(ctx, tr, "GET", a.URL+"/api/x", nil, 0)
		first <- err
	}()
	for a.count() < 2 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that gave up: %v", err)
	}
	var clients sync.WaitGroup
	for i := range 200 {
		clients.Go(func() {
			body := stream(1000)
			resp, _, err := tryCall(t.Context(), tr, "POST", a.URL+"/api/x", body, 1000)
			if err != nil || resp.StatusCode != 200 {
				t.Errorf("client %d: %v, %v", i, resp, err)
			}
		})
	}
	close(gate)
	clients.Wait()
	if n := a.count(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestRepairForbidden: a 401 that is not about the token costs one token, for
// one path and for twenty, and does not stand in the way of a real repair.
func TestRepairForbidden(t *testing.T) {
	for name, paths := range map[string]int{"one path": 1, "twenty paths": 20} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			tr := transport(t, a, hauth.TransportOptions{})
			call(t, tr, "GET", a.URL+"/api/good", nil, 0)
			for i := range 20 {
				resp, _ := call(t, tr, "GET", fmt.Sprintf("%s/api/forbidden/%d", a.URL, i%paths), nil, 0)
				if resp.StatusCode != 401 || resp.Header.Get(hauth.NoteHeader) == "" {
					t.Errorf("call %d: HTTP %d, %v", i, resp.StatusCode, resp.Header)
				}
			}
			if n := a.count(); n != 2 {
				t.Fatalf("%d token requests, want 2", n)
			}
			for i, path := range []string{"/api/good", "/api/new"} {
				a.kill()
				if resp, _ := call(t, tr, "GET", a.URL+path, nil, 0); resp.StatusCode != 200 || a.count() != 3+i {
					t.Errorf("%s: HTTP %d, %d token requests", path, resp.StatusCode, a.count())
				}
			}
		})
	}
}

// TestRepairFails: where there is no new token the API's own answer goes
// through, and the vendor is asked once, however many clients there are.
func TestRepairFails(t *testing.T) {
	a := newAPI(t)
	tr := transport(t, a, hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	a.kill()
	a.set(func() { a.refuse = `{"code":401,"message":"client credentials are invalid"}` })
	var clients sync.WaitGroup
	for range 50 {
		clients.Go(func() {
			resp, text, err := tryCall(t.Context(), tr, "GET", a.URL+"/api/x", nil, 0)
			if err != nil || resp.StatusCode != 401 || !strings.Contains(text, "access_token is invalid") || !strings.Contains(resp.Header.Get(hauth.NoteHeader), "credentials") {
				t.Errorf("%v, %q, %v", resp, text, err)
			}
		})
	}
	clients.Wait()
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	if n := a.count(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}

	// A vendor that fails has not refused, so there is no back-off.
	b := newAPI(t)
	tr = transport(t, b, hauth.TransportOptions{})
	call(t, tr, "GET", b.URL+"/api/x", nil, 0)
	b.kill()
	b.set(func() { b.refuse = "<html>out of order</html>" })
	for range 5 {
		if resp, _ := call(t, tr, "GET", b.URL+"/api/x", nil, 0); resp.StatusCode != 401 {
			t.Errorf("HTTP %d", resp.StatusCode)
		}
	}
	if n := b.count(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestRepairShared: a token that another process has replaced is read from
// the store.
func TestRepairShared(t *testing.T) {
	a := newAPI(t)
	env := environ(t.TempDir(), a.URL)
	one := (&hauth.Client{Environ: env}).TransportWith("123pan", hauth.TransportOptions{})
	other := (&hauth.Client{Environ: env}).TransportWith("123pan", hauth.TransportOptions{})
	for range 2 {
		for _, tr := range []*hauth.Transport{one, other} {
			if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 200 {
				t.Errorf("HTTP %d", resp.StatusCode)
			}
		}
		if a.count() == 1 {
			a.kill()
		}
	}
	if n := a.count(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestRepairSameToken: a vendor that gives the dead token again is not asked
// by every call.
func TestRepairSameToken(t *testing.T) {
	a := newAPI(t)
	tr := transport(t, a, hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	a.kill()
	a.set(func() {
		a.refuse = fmt.Sprintf(`{"code":0,"message":"ok","data":{"accessToken":"token-001","expiredAt":"%s"}}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	})
	for range 5 {
		if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 401 || resp.Header.Get(hauth.NoteHeader) == "" {
			t.Errorf("HTTP %d, %v", resp.StatusCode, resp.Header)
		}
	}
	if n := a.count(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestExpectIgnored: an API that ignores the announcement of a body is waited
// for once.
func TestExpectIgnored(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var announced []string
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			rawServe(conn, func(r *http.Request) { announced = append(announced, r.Header.Get("Expect")) })
		}
	}()
	base := "http://" + listener.Addr().String()
	c := &hauth.Client{Environ: environ(t.TempDir(), base)}
	tr := c.TransportWith("123pan", hauth.TransportOptions{})
	for range 3 {
		if resp, text := call(t, tr, "PUT", base+"/x", stream(2<<20), 2<<20); resp.StatusCode != 200 || text != "2097152" {
			t.Errorf("HTTP %d, %q", resp.StatusCode, text)
		}
	}
	if got := fmt.Sprintf("%q", announced); got != `["100-continue" "" ""]` {
		t.Errorf("announced: %s", got)
	}
}

// rawServe answers as a server does that knows nothing of Expect, one request
// for each connection.
func rawServe(conn net.Conn, seen func(*http.Request)) {
	defer conn.Close()
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	text := fmt.Sprintf(`{"code":0,"data":{"accessToken":"token-001","expiredAt":"%s"}}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	n, _ := io.Copy(io.Discard, r.Body)
	if r.URL.Path == "/x" {
		seen(r)
		text = fmt.Sprint(n)
	}
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\nDate: %s\r\nContent-Length: %d\r\n\r\n%s", time.Now().UTC().Format(http.TimeFormat), len(text), text)
}

// TestClock: a valid token is never waited for, and an expired one is replaced
// before it is sent, by the wall clock.
func TestClock(t *testing.T) {
	a := newAPI(t)
	var mu sync.Mutex
	ahead := time.Duration(0)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return time.Now().Add(ahead) }
	turn := func(d time.Duration) { mu.Lock(); ahead = d; mu.Unlock() }
	a.now = now
	c := &hauth.Client{Environ: environ(t.TempDir(), a.URL), Now: now}
	tr := c.TransportWith("123pan", hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	for range 10 {
		call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	}
	if n := a.count(); n != 1 {
		t.Fatalf("%d token requests", n)
	}
	turn(56 * time.Minute)
	gate := make(chan struct{})
	a.set(func() { a.gate = gate })
	for range 10 {
		call(t, tr, "GET", a.URL+"/api/x", nil, 0) // while the token request does not come back
	}
	for a.count() < 2 {
		time.Sleep(time.Millisecond)
	}
	close(gate)
	for len(tr.Tokens()) < 2 {
		time.Sleep(time.Millisecond)
	}
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	calls := a.carried()
	if n := a.count(); n != 2 || calls[20] != "Bearer token-001" || calls[21] != "Bearer token-002" {
		t.Errorf("%d token requests; calls %v", n, calls)
	}
	turn(5 * time.Hour) // the machine slept
	if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 200 || a.count() != 3 {
		t.Errorf("HTTP %d, %d token requests", resp.StatusCode, a.count())
	}
}

// TestClose: Close waits for the token request that is under way, and none
// begins after it; the token in memory goes on being used.
func TestClose(t *testing.T) {
	a := newAPI(t)
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	a.now = now
	c := &hauth.Client{Environ: environ(t.TempDir(), a.URL), Now: now}
	tr := c.TransportWith("123pan", hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	ahead.Store(int64(56 * time.Minute))
	gate := make(chan struct{})
	a.set(func() { a.gate = gate })
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	for a.count() < 2 {
		time.Sleep(time.Millisecond)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if tr.Close(short); len(tr.Tokens()) != 1 || short.Err() == nil {
		t.Error("Close did not wait for the token request until its context ended")
	}
	close(gate)
	if tr.Close(t.Context()); len(tr.Tokens()) != 2 {
		t.Error("Close did not wait for the token request")
	}
	if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 200 {
		t.Errorf("with the token in memory: HTTP %d", resp.StatusCode)
	}
	ahead.Store(int64(5 * time.Hour))
	if _, _, err := tryCall(t.Context(), tr, "GET", a.URL+"/api/x", nil, 0); !auth.Is(err, auth.Internal) || !strings.Contains(err.Error(), "closed") {
		t.Errorf("with an expired token: %v", err)
	}
	if _, err := tr.Open(t.Context()); !auth.Is(err, auth.Internal) || !strings.Contains(err.Error(), "closed") {
		t.Errorf("opened again: %v", err)
	}
	if n := a.count(); n != 2 {
		t.Errorf("%d token requests", n)
	}
}

// TestAccountChanges: another login is used from the next request on; a
// logout, and an account that now belongs elsewhere, are errors that cost no
// request.
func TestAccountChanges(t *testing.T) {
	a, b := newAPI(t), newAPI(t)
	home := t.TempDir()
	c := &hauth.Client{Environ: without(environ(home, a.URL), "HAUTH_123PAN")}
	name := auth.Account{Provider: "123pan", Profile: auth.DefaultProfile}
	logInAt(t, home, "123pan", a.URL)
	tr := c.TransportWith("123pan", hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	logInAt(t, home, "123pan", a.URL)
	if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 200 || a.count() != 2 {
		t.Errorf("another login: HTTP %d, %d token requests", resp.StatusCode, a.count())
	}
	logInAt(t, home, "123pan", b.URL)
	if _, _, err := tryCall(t.Context(), tr, "GET", a.URL+"/api/x", nil, 0); !auth.Is(err, auth.Store) || !strings.Contains(err.Error(), "endpoint has changed") {
		t.Errorf("another endpoint: %v", err)
	}
	if err := c.Logout(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if _, _, err := tryCall(t.Context(), tr, "GET", b.URL+"/api/x", nil, 0); !auth.Is(err, auth.NotFound) {
		t.Errorf("logged out: %v", err)
	}
	logInAt(t, home, "123pan", b.URL)
	if resp, _ := call(t, tr, "GET", b.URL+"/api/x", nil, 0); resp.StatusCode != 200 {
		t.Errorf("logged in again: HTTP %d", resp.StatusCode)
	}
	if len(b.carried()) != 1 || a.count() != 2 || b.count() != 2 {
		t.Errorf("%d calls; %d and %d token requests", len(b.carried()), a.count(), b.count())
	}
}

// TestStoreOnce: a store that fails once is asked again by the next request.
func TestStoreOnce(t *testing.T) {
	a := newAPI(t)
	home := t.TempDir()
	logInAt(t, home, "123pan", a.URL)
	c := &hauth.Client{Environ: without(environ(home, a.URL), "HAUTH_123PAN")}
	identity := filepath.Join(home, "identity.txt")
	if err := os.Rename(identity, identity+".away"); err != nil {
		t.Fatal(err)
	}
	tr := c.TransportWith("123pan", hauth.TransportOptions{})
	if _, _, err := tryCall(t.Context(), tr, "GET", a.URL+"/api/x", nil, 0); !auth.Is(err, auth.Store) {
		t.Errorf("%v", err)
	}
	if err := os.Rename(identity+".away", identity); err != nil {
		t.Fatal(err)
	}
	if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 200 || a.count() != 1 {
		t.Errorf("HTTP %d, %d token requests", resp.StatusCode, a.count())
	}
}

// TestUnreachable: what a host sends instead of HTTP is not shown.
func TestUnreachable(t *testing.T) {
	a := newAPI(t)
	tr := transport(t, a, hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	a.Close()
	if _, _, err := tryCall(t.Context(), tr, "GET", a.URL+"/api/x", nil, 0); !auth.Is(err, auth.Network) || !strings.HasPrefix(err.Error(), "123pan: no connection to 127.0.0.1:") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := tryCall(ctx, tr, "GET", a.URL+"/api/x", nil, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
