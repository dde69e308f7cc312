package proxy_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
	"github.com/hauth/hauth/pkg/hauth"
)

const streamed = 64 << 20

// noise is n bytes that repeat only after 256 KiB, and their digest.
func noise(n int64) (io.Reader, string) {
	piece := make([]byte, 256<<10+1) // not a multiple of a buffer
	for i := range piece {
		piece[i] = byte(i * i >> 7)
	}
	whole := func() io.Reader { return io.LimitReader(&repeating{piece: piece}, n) }
	sum := sha256.New()
	io.Copy(sum, whole())
	return whole(), hex.EncodeToString(sum.Sum(nil))
}

type repeating struct {
	piece []byte
	at    int
}

func (r *repeating) Read(p []byte) (int, error) {
	n := copy(p, r.piece[r.at:])
	r.at = (r.at + n) % len(r.piece)
	return n, nil
}

// TestUploads: long bodies arrive whole, also when the token is dead at their
// beginning, with one token request.
func TestUploads(t *testing.T) {
	for _, dead := range []bool{false, true} {
		for _, c := range []struct {
			name   string
			n      int64
			length bool
			header http.Header
		}{
			{"100 kB", 100_000, true, nil}, {"100 kB chunked", 100_000, false, nil}, {"64 MiB", streamed, true, nil}, {"64 MiB chunked", streamed, false, nil},
			{"64 MiB announced", streamed, true, http.Header{"Expect": {"100-continue"}}},
		} {
			t.Run(fmt.Sprintf("%s/dead=%v", c.name, dead), func(t *testing.T) {
				w := newWorld(t, proxy.Options{})
				w.get("/api/v1/first")
				want := 1
				if dead {
					w.revoke()
					want = 2
				}
				body, sum := noise(c.n)
				req, err := http.NewRequestWithContext(t.Context(), "POST", w.url+"/api/v1/upload/x", body)
				if err != nil {
					t.Fatal(err)
				}
				if c.length {
					req.ContentLength = c.n
				}
				for name, values := range c.header {
					req.Header[name] = values
				}
				client := &http.Transport{ExpectContinueTimeout: 5 * time.Second}
				defer client.CloseIdleConnections()
				resp, err := client.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				var got struct {
					Data struct {
						Bytes  int64
						SHA256 string
					}
				}
				if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || resp.StatusCode != 200 || got.Data.Bytes != c.n || got.Data.SHA256 != sum {
					t.Errorf("HTTP %d, %+v, %v", resp.StatusCode, got, err)
				}
				if n := w.requests(); n != want {
					t.Errorf("%d token requests, want %d", n, want)
				}
			})
		}
	}
}

// TestDownload: a long answer arrives whole, with its length.
func TestDownload(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	resp, err := http.Get(fmt.Sprintf("%s/api/v1/mock/bytes?count=%d", w.url, streamed))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); n != streamed || err != nil || resp.ContentLength != streamed {
		t.Errorf("%d bytes of %d, %v", n, resp.ContentLength, err)
	}
}

// TestEvents: events pass one by one, and the API notices when the client
// goes.
func TestEvents(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	gone := make(chan struct{})
	next := make(chan struct{})
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Content-Type", "text/event-stream")
		for {
			select {
			case <-next:
				fmt.Fprint(out, "data: x\n\n")
				http.NewResponseController(out).Flush()
			case <-r.Context().Done():
				close(gone)
				return
			}
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", w.url+"/api/v1/extra/events", nil)
	next2 := func() { next <- struct{}{} }
	go next2()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(resp.Body)
	for range 3 {
		if line, err := lines.ReadString('\n'); line != "data: x\n" || err != nil {
			t.Fatalf("%q, %v", line, err)
		}
		lines.ReadString('\n')
		go next2()
	}
	cancel()
	resp.Body.Close()
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		t.Error("the API does not notice that the client has left")
	case next <- struct{}{}: // the one that is never read
		<-gone
	}
}

// TestSocket: a WebSocket passes, also when the token is dead before it opens.
func TestSocket(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	w.get("/api/v1/first")
	w.revoke()
	conn, err := net.Dial("tcp", strings.Split(strings.TrimPrefix(w.url, "http://"), "/")[0])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "GET /%s/api/v1/mock/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", w.secret())
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Fatalf("%v, %v", resp, err)
	}
	for i := range 100 {
		frame := []byte{0x82, 0x84, 0, 0, 0, 0, byte(i), 1, 2, 3} // masked with zeros
		if _, err := conn.Write(frame); err != nil {
			t.Fatal(err)
		}
		echo := make([]byte, 6)
		if _, err := io.ReadFull(r, echo); err != nil || echo[0] != 0x82 || echo[1] != 4 || echo[2] != byte(i) {
			t.Fatalf("% x, %v", echo, err)
		}
	}
	if n := w.requests(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestTogether: two proxies with 60 clients each, and a refresh of the token
// that failed: one request, and good answers for all.
func TestTogether(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	other := &world{t: t, mock: w.mock, client: &hauth.Client{Environ: w.client.Environ, Now: w.now}}
	other.open(proxy.Options{})
	w.get("/api/v1/first")
	other.get("/api/v1/first")
	account, err := w.client.Open("123pan")
	if err != nil {
		t.Fatal(err)
	}
	dead := account.LastToken(t.Context())
	w.revoke()
	var clients sync.WaitGroup
	for i := range 120 {
		from := w
		if i%2 == 1 {
			from = other
		}
		clients.Go(func() {
			if a, err := from.try("GET", from.url+"/api/v1/x", nil, nil); err != nil || a.status != 200 {
				t.Errorf("HTTP %d, %v", a.status, err)
			}
		})
	}
	clients.Go(func() {
		if _, err := account.Token(t.Context(), wantOther(dead)); err != nil {
			t.Error(err)
		}
	})
	clients.Wait()
	if n := w.requests(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestHerd: 200 clients at once on a dead token.
func TestHerd(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	w.get("/api/v1/first")
	w.revoke()
	var clients sync.WaitGroup
	for range 200 {
		clients.Go(func() {
			if a, err := w.try("POST", w.url+"/api/v1/x", nil, strings.NewReader("body")); err != nil || a.status != 200 {
				t.Errorf("HTTP %d, %v, %v", a.status, a.header, err)
			}
		})
	}
	clients.Wait()
	if n := w.requests(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
}

// TestSleep: after a long suspension the first request has a valid token.
func TestSleep(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	w.get("/api/v1/first")
	w.mu.Lock()
	w.ahead = 9 * time.Hour
	w.mu.Unlock()
	if a := w.get("/api/v1/second"); a.status != 200 || w.requests() != 2 {
		t.Errorf("HTTP %d, %d token requests", a.status, w.requests())
	}
}

// TestHour: a program of an hour, at a vendor whose tokens are valid for 40 s.
func TestHour(t *testing.T) {
	w := prepareWorld(t)
	if err := w.mock.SetTTL("123pan", 40*time.Second); err != nil {
		t.Fatal(err)
	}
	w.open(proxy.Options{})
	const step = 10 * time.Second
	for passed := time.Duration(0); passed < time.Hour; passed += step {
		if a := w.do("POST", "/api/v1/x", nil, strings.NewReader("body")); a.status != 200 || a.header.Get("Hauth-Note") != "" {
			t.Fatalf("after %s: HTTP %d, %v", passed, a.status, a.header)
		}
		w.mu.Lock()
		w.ahead += step
		w.mu.Unlock()
	}
	if n := w.requests(); n < 90 || n > 121 {
		t.Errorf("%d token requests", n)
	}
}

// TestAccounts: several accounts have addresses of their own.
func TestAccounts(t *testing.T) {
	var accounts []auth.Account
	for _, provider := range []string{"123pan", "hitem3d", "wahool"} {
		accounts = append(accounts, auth.Account{Provider: provider, Profile: auth.DefaultProfile})
	}
	w := newWorld(t, proxy.Options{Accounts: accounts})
	for i, path := range []string{"/api/v1/user/info", "/open-api/v1/balance", "/seller/202405/shop"} {
		a, err := w.try("GET", w.urls[i]+path, nil, nil)
		if err != nil || a.status != 200 || !strings.Contains(a.body, `"provider":"`+accounts[i].Provider+`"`) {
			t.Errorf("%s: HTTP %d, %s, %v", accounts[i], a.status, a.body, err)
		}
	}
	w.mock.SetVariant("123pan", "") // a dead token shows inside HTTP 200
	w.revoke()
	for i, path := range []string{"/api/v1/user/info", "/open-api/v1/balance", "/seller/202405/shop"} {
		a, err := w.try("GET", w.urls[i]+path, nil, nil)
		if n := w.mock.Tokens(accounts[i].Provider); err != nil || a.status != 200 || !strings.Contains(a.body, `"account":"demo"`) || n != 2 {
			t.Errorf("%s, dead: HTTP %d, %s, %v, %d token requests", accounts[i], a.status, a.body, err, n)
		}
	}
	if w.urls[0] == w.urls[1] {
		t.Error("two accounts have one address")
	}
}
