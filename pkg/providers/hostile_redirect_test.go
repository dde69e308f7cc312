package providers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// canary counts connections; there must be none.
func canary(t *testing.T) (address string, visits *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	visits = new(atomic.Int64)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			visits.Add(1)
			conn.Close()
		}
	}()
	return l.Addr().String(), visits
}

// TestRedirectReachesNobody: no status and no Location makes hauth open a
// second connection, to whatever host, port or scheme, or even to the same.
// One that is no URL was once reported as net/http's own failure to read it.
func TestRedirectReachesNobody(t *testing.T) {
	elsewhere, visits := canary(t)
	var (
		mu                 sync.Mutex
		status             int
		location, dialled  string
		requests, received int
	)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			req, err := http.ReadRequest(bufio.NewReader(conn))
			if err == nil {
				n, _ := io.Copy(io.Discard, req.Body)
				mu.Lock()
				requests, received = requests+1, received+int(n)
				fmt.Fprintf(conn, "HTTP/1.1 %d X\r\n%sRefresh: 0; url=http://%s/\r\nAlt-Svc: h2=%q\r\nContent-Length: 0\r\n\r\n", status, location, elsewhere, elsewhere)
				mu.Unlock()
			}
			conn.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(elsewhere)
	locations := []string{
		"http://" + elsewhere + "/token", "https://" + elsewhere + "/", "//" + elsewhere, "http://localhost:" + port + "/", "http://sub.localhost:" + port,
		"http://127.0.0.1:" + port, "http://[::1]:" + port, "http://user:pass@" + elsewhere, "HTTP://" + elsewhere, "http:\\\\" + elsewhere, "http://" + l.Addr().String() + "@" + elsewhere,
		"/token", "", "?x", "#x", ".", "http://" + l.Addr().String() + "/token",
		"ftp://" + elsewhere, "file:///etc/passwd", "javascript:alert(1)", "data:,x", "gopher://" + elsewhere,
		"http://[::1", "http://%zz", "http://a b/", ":", "http://" + elsewhere + "/\x01", "http://\u202eevil.example", "::set-output name=x::y",
	}
	for code := 300; code <= 399; code++ {
		if code > 308 && code < 399 {
			continue
		}
		for i, to := range append(locations, "none at all") {
			e, creds := live(t, "http://"+l.Addr().String())
			client, err := NewClient()
			if err != nil {
				t.Fatal(err)
			}
			transport := client.Transport.(*http.Transport)
			dial := transport.DialContext
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				mu.Lock()
				dialled += address + " "
				mu.Unlock()
				return dial(ctx, network, address)
			}
			e.Client = client
			client.CheckRedirect = nil // a caller's own client may follow anything
			mu.Lock()
			status, location, requests, dialled = code, "Location: "+to+"\r\n", 0, ""
			if i == len(locations) {
				location = ""
			}
			mu.Unlock()
			_, err = e.Exchange(t.Context(), creds)
			a, ok := auth.AsError(err)
			control := strings.Contains(to, "\x01") // net/http refuses the header itself
			if !ok || a.Kind != auth.Network || a.Retryable || !control && !strings.HasPrefix(a.Fact, fmt.Sprintf("redirect refused: the vendor answered HTTP %d", code)) {
				t.Errorf("%d %q: %v", code, to, err)
				continue
			}
			harmless(t, a.Error(), a.Subject)
			mu.Lock()
			if requests != 1 || dialled != l.Addr().String()+" " {
				t.Errorf("%d %q: %d requests, dialled %s", code, to, requests, dialled)
			}
			mu.Unlock()
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("somebody else was visited %d times", n)
	}
	if received == 0 {
		t.Error("the vendor itself never got a body")
	}
}
