package proxy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/proxy"
	"github.com/hauth/hauth/pkg/auth"
)

// TestFailures: what the client sees when there is no token or no API, and
// what that costs the vendor.
func TestFailures(t *testing.T) {
	expire := func(w *world) { w.mu.Lock(); w.ahead += 3 * time.Hour; w.mu.Unlock() }
	for name, c := range map[string]struct {
		prepare  func(w *world)
		status   int
		code     string
		requests int // token requests of ten calls
	}{
		"expired, denied":    {func(w *world) { expire(w); w.mock.SetFail("123pan", "denied") }, 502, "denied", 1},
		"expired, throttled": {func(w *world) { expire(w); w.mock.SetFail("123pan", "throttled") }, 503, "throttled", 1},
		"expired, HTML":      {func(w *world) { expire(w); w.mock.SetFail("123pan", "html") }, 502, "vendor", -1},
		"no vendor":          {func(w *world) { w.vendor.CloseClientConnections(); w.vendor.Close() }, 502, "network", 0},
		"expired, no vendor": {func(w *world) { expire(w); w.vendor.CloseClientConnections(); w.vendor.Close() }, 502, "network", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, proxy.Options{})
			w.get("/api/v1/x")
			c.prepare(w)
			before := w.requests()
			var clients sync.WaitGroup
			for range 10 {
				clients.Go(func() {
					a, err := w.try("GET", w.url+"/api/v1/x", nil, nil)
					var body struct {
						Error struct{ Code, Account, Message string }
					}
					if err != nil || a.status != c.status || a.header.Get(proxy.ErrorHeader) != c.code || json.Unmarshal([]byte(a.body), &body) != nil || body.Error.Code != c.code || body.Error.Account != "123pan" {
						t.Errorf("HTTP %d, %v, %q, %v", a.status, a.header, a.body, err)
					}
					if a.header.Get("Retry-After") == "" && c.status == 503 {
						t.Errorf("Retry-After: %s", a.header.Get("Retry-After"))
					}
				})
			}
			clients.Wait()
			if n := w.requests() - before; c.requests >= 0 && n != c.requests {
				t.Errorf("%d token requests, want %d", n, c.requests)
			}
		})
	}
}

// TestDeadAndDenied: a dead token that cannot be replaced is the API's own
// 401, with a note, and costs one request.
func TestDeadAndDenied(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	w.get("/api/v1/x")
	w.revoke()
	w.mock.SetFail("123pan", "denied")
	var clients sync.WaitGroup
	for range 50 {
		clients.Go(func() {
			a, err := w.try("GET", w.url+"/api/v1/x", nil, nil)
			if err != nil || a.status != 401 || !strings.Contains(a.body, `"code":401`) || a.header.Get("Hauth-Note") == "" || a.header.Get(proxy.ErrorHeader) != "" {
				t.Errorf("HTTP %d, %v, %q, %v", a.status, a.header, a.body, err)
			}
		})
	}
	clients.Wait()
	if n := w.requests(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestNoTokenAtStart: without a token there is no proxy.
func TestNoTokenAtStart(t *testing.T) {
	w := prepareWorld(t)
	w.mock.SetFail("123pan", "denied")
	_, err := proxy.Open(t.Context(), proxy.Options{Client: w.client, Accounts: []auth.Account{{Provider: "123pan", Profile: auth.DefaultProfile}}})
	if !auth.Is(err, auth.Denied) {
		t.Error(err)
	}
}

// TestLog: a line for each request, without query, secret or token; a line
// that cannot be written gets one notice.
func TestLog(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, proxy.Options{Log: &log})
	w.get("/api/v1/one?access_token=canary")
	w.revoke()
	w.do("POST", "/api/v1/two", nil, strings.NewReader("body"))
	w.get("/../three")
	w.raw("GET /wrong HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
	settled, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w.proxy.Settle(settled)
	type line struct {
		Time                         time.Time
		Account, Method, Path, Error string
		Status                       int
		MS, Bytes                    *int64
		Repeated                     *bool
	}
	var lines []line
	for text := range strings.Lines(log.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil || l.MS == nil || l.Bytes == nil || l.Repeated == nil || time.Since(l.Time) > time.Minute {
			t.Errorf("%s: %v", text, err)
		}
		lines = append(lines, l)
	}
	short := func(l line) string {
		return fmt.Sprint(l.Account, " ", l.Method, " ", l.Path, " ", l.Status, " ", *l.Repeated, " ", l.Error)
	}
	want := []string{"123pan GET /api/v1/one 200 false ", "123pan POST /api/v1/two 200 true ", "123pan GET /../three 400 false path", " GET  403 false address"}
	for i, l := range lines {
		if i >= len(want) || short(l) != want[i] {
			t.Errorf("line %d: %s", i, short(l))
		}
	}
	if len(lines) != len(want) || strings.Contains(log.String(), "canary") || strings.Contains(log.String(), w.secret()) {
		t.Errorf("%s", log.String())
	}
	w.scanText("the log", log.String())

	var notices []string
	full := newWorld(t, proxy.Options{Log: fullDisk{}, Notice: func(_, text string) { notices = append(notices, text) }})
	for range 3 {
		if a := full.get("/api/v1/x"); a.status != http.StatusOK {
			t.Errorf("HTTP %d", a.status)
		}
	}
	full.proxy.Stop()
	if len(notices) != 1 || !strings.Contains(notices[0], "log cannot be written") {
		t.Errorf("%q", notices)
	}
}

// TestLogAtTheEnd: a request that the end of the proxy cuts off has its line,
// and so has a connection that has switched protocols.
func TestLogAtTheEnd(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, proxy.Options{Log: &log})
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/123pan/api/v1/extra/switch" {
			<-r.Context().Done()
			return
		}
		conn, both, err := http.NewResponseController(out).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		io.Copy(io.Discard, both)
	})
	for path, header := range map[string]string{"/api/v1/extra/hang": "", "/api/v1/extra/switch": "Connection: Upgrade\r\nUpgrade: websocket\r\n"} {
		conn, err := net.Dial("tcp", strings.Split(strings.TrimPrefix(w.url, "http://"), "/")[0])
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /%s%s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", w.secret(), path, header)
	}
	for len(w.calls()) < 2 {
		time.Sleep(time.Millisecond)
	}
	settled, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w.proxy.Settle(settled)
	if settled.Err() != nil {
		t.Error("a request did not end")
	}
	for _, path := range []string{"/api/v1/extra/hang", "/api/v1/extra/switch"} {
		if !strings.Contains(log.String(), `"path":"`+path+`"`) {
			t.Errorf("no line for %s: %s", path, log.String())
		}
	}
}

// TestClientSendsNoMore: a client that has closed its side of the connection
// and still reads is not told that a request which was cut off has worked.
func TestClientSendsNoMore(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			<-r.Context().Done()
		}
	})
	for _, body := range []string{"\r\n", "Content-Length: 100\r\n\r\nshort"} {
		conn, err := net.Dial("tcp", strings.Split(strings.TrimPrefix(w.url, "http://"), "/")[0])
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /%s/api/v1/extra/x HTTP/1.1\r\nHost: 127.0.0.1\r\n%s", w.secret(), body)
		conn.(*net.TCPConn).CloseWrite()
		if got, err := io.ReadAll(conn); strings.Contains(string(got), " 200 ") {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// TestBrokenBody: a body that the client does not send as it has to is not
// called a failure of the API.
func TestBrokenBody(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	a := w.raw("POST /" + w.secret() + "/api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n")
	if a.status != 502 || a.header.Get(proxy.ErrorHeader) != "usage" || strings.Contains(a.body, w.vendor.URL[len("http://"):]) {
		t.Errorf("HTTP %d, %v, %s", a.status, a.header, a.body)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}
func (b *lockedBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }
