package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
)

// TestOfferOfHTTP2: clients that offer to go on in HTTP/2 (curl --http2, Java)
// are answered in HTTP/1.1. The offer is not for the API, whose connection may
// be HTTP/2 already and does not take it, and it is no upgrade that the policy
// forbids.
func TestOfferOfHTTP2(t *testing.T) {
	w := newWorld(t, proxy.Options{Policy: proxy.Policy{ReadOnly: true}})
	for _, upgrade := range []string{"h2c", "H2C", "h2c, h2c"} {
		a := w.raw("GET /" + w.secret() + "/api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: " + upgrade + "\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n")
		if a.status != http.StatusOK {
			t.Errorf("%s: HTTP %d, %s", upgrade, a.status, a.body)
		}
	}
	for _, r := range w.calls() {
		if r.Header["Upgrade"] != nil || r.Header["Http2-Settings"] != nil || r.Header["Connection"] != nil {
			t.Errorf("the vendor saw %v", r.Header)
		}
	}
	a := w.raw("GET /" + w.secret() + "/api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c, websocket\r\n\r\n")
	if a.status != http.StatusMethodNotAllowed {
		t.Errorf("websocket: HTTP %d", a.status)
	}
}

// switchTo answers "101" and returns what comes after it.
func switchTo(w *world, protocol string) {
	answer101(w, "Connection: Upgrade\r\nUpgrade: "+protocol+"\r\n")
}

func answer101(w *world, header string) {
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		conn, rw, err := http.NewResponseController(out).Hijack()
		if err != nil {
			w.t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 101 x\r\n%s\r\n", header)
		text := make([]byte, len("early late"))
		io.ReadFull(rw, text)
		fmt.Fprintf(conn, "got %s", text)
	})
}

// TestEarlyData: what a client sends before the protocol is switched arrives.
func TestEarlyData(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	switchTo(w, "websocket")
	conn, answer := w.dial("GET /" + w.secret() + "/api/v1/extra/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly ")
	resp, err := http.ReadResponse(answer, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", resp, err)
	}
	io.WriteString(conn, "late")
	if text, err := io.ReadAll(answer); string(text) != "got early late" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestSwitchThatNobodyAskedFor is the API's failure, not hauth's.
func TestSwitchThatNobodyAskedFor(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	for _, answered := range []string{"Connection: Upgrade\r\nUpgrade: other\r\n", "Upgrade: websocket\r\n", ""} {
		answer101(w, answered)
		for _, header := range []string{"", "Connection: Upgrade\r\nUpgrade: websocket\r\n"} {
			a := w.raw("GET /" + w.secret() + "/api/v1/extra/x HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\n")
			if a.status != http.StatusBadGateway || a.header.Get(proxy.ErrorHeader) != "vendor" {
				t.Errorf("%q: HTTP %d, %v, %s", answered, a.status, a.header, a.body)
			}
		}
	}
}

// TestSlowAnswer: what the API has sent of a long answer reaches the client
// without waiting for the rest.
func TestSlowAnswer(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	received := make(chan struct{})
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Content-Type", "application/octet-stream")
		out.Header().Set("Content-Length", "10")
		io.WriteString(out, "first")
		http.NewResponseController(out).Flush()
		select {
		case <-received:
		case <-r.Context().Done():
		}
		io.WriteString(out, "after")
	})
	_, answer := w.dial("GET /" + w.secret() + "/api/v1/extra/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
	resp, err := http.ReadResponse(answer, nil)
	if err != nil {
		t.Fatal(err)
	}
	begin := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, begin); err != nil || string(begin) != "first" {
		t.Fatalf("%q, %v", begin, err)
	}
	close(received)
	if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != "after" || resp.ContentLength != 10 {
		t.Errorf("%q, %v", rest, err)
	}
}

// TestHeadersThatNameAnotherPath: some servers take the path or the host from
// a header; neither the policy nor the base would then hold.
func TestHeadersThatNameAnotherPath(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	names := []string{"X-Original-URL", "X_Original_URL", "X-Rewrite-URL", "X-Original-Host", "X_Forwarded_Host", "X-Forwarded_Prefix", "X_Real_IP", "X-HTTP-Host-Override"}
	w.raw("GET /" + w.secret() + "/api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Original-Filename: kept\r\n" + strings.Join(names, ": /x\r\n") + ": /x\r\n\r\n")
	for name := range w.calls()[0].Header {
		if strings.HasPrefix(name, "X") && name != "X-Original-Filename" {
			t.Errorf("the vendor saw %s", name)
		}
	}
	if w.calls()[0].Header["X-Original-Filename"] == nil {
		t.Error("a header that means nothing else is gone")
	}
}
