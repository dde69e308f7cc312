package mockvendor

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// stream sends a protected call to one of the paths that stream.
func stream(t *testing.T, ctx context.Context, s *Server, base, path string) *http.Response {
	t.Helper()
	r := callRequest("123pan", login(t, s, "123pan").token())
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut("/123pan/api/v1/mock/"+path, "?")
	resp, err := send(ctx, r, base)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestEventsArriveOneByOne(t *testing.T) {
	s := New(Options{})
	base, stop := serveReal(t, s, t.Context())
	defer stop()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	resp := stream(t, ctx, s, base, "events?every=20ms")
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("Content-Type %q", got)
	}
	lines := bufio.NewScanner(resp.Body)
	for i := 1; i <= 3; i++ { // there is no count: it goes on
		for _, want := range []string{fmt.Sprintf("id: %d", i), fmt.Sprintf(`data: {"event":%d}`, i), ""} {
			if !lines.Scan() || lines.Text() != want {
				t.Fatalf("%q, want %q, %v", lines.Text(), want, lines.Err())
			}
		}
	}
	cancel() // stop waits for the handler

	resp = stream(t, t.Context(), s, base, "events?count=2&every=0s")
	all, err := io.ReadAll(resp.Body)
	if err != nil || strings.Count(string(all), "\n\n") != 2 {
		t.Errorf("%q, %v", all, err)
	}
}

func TestBytesAreAsManyAsAskedFor(t *testing.T) {
	s := New(Options{})
	base, stop := serveReal(t, s, t.Context())
	defer stop()
	resp := stream(t, t.Context(), s, base, "bytes?count=3000000")
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil || n != 3000000 || resp.ContentLength != n {
		t.Errorf("%d bytes, Content-Length %d, %v", n, resp.ContentLength, err)
	}
}

func TestStreamsWantALiveToken(t *testing.T) {
	for _, path := range []string{"events", "bytes", "socket"} {
		s, _ := newServer(t)
		r := callRequest("wahool", "dead")
		r.URL.Path = "/wahool/seller/202405/mock/" + path
		r.Header.Set("Upgrade", "websocket")
		r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
		assertUnauthorized(t, "wahool", do(t, s, r))
	}
}

// openSocket makes the handshake of RFC 6455's example.
func openSocket(t *testing.T, base, token string) (net.Conn, *bufio.Reader) {
	t.Helper()
	host := strings.TrimPrefix(base, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "GET /123pan/api/v1/mock/socket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Origin: http://client.test\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+
		"Platform: open_platform\r\nAuthorization: Bearer %s\r\n\r\n", host, token)
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, nil)
	if err != nil || resp.StatusCode != 101 || resp.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Fatalf("%+v, %v", resp, err)
	}
	return conn, r
}

// frame is a client's frame, masked.
func frame(head byte, payload string) []byte {
	mask := []byte{1, 2, 3, 4}
	b := []byte{head}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	b = append(b, mask...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

func TestSocketEchoes(t *testing.T) {
	s := New(Options{})
	base, stop := serveReal(t, s, t.Context())
	defer stop()
	conn, r := openSocket(t, base, login(t, s, "123pan").token())
	for _, tt := range []struct {
		head    byte
		payload string
		back    string // the head that comes back, with the length's bytes
	}{
		{0x81, "hello", "\x81\x05"},
		{0x82, "", "\x82\x00"},
		{0x01, "a fragment", "\x01\x0a"},
		{0x80, strings.Repeat("x", 126), "\x80\x7e\x00\x7e"},
		{0x82, strings.Repeat("y", 70000), "\x82\x7f\x00\x00\x00\x00\x00\x01\x11\x70"},
		{0x89, "ping", "\x8a\x04"},
		{0x88, "\x03\xe8", "\x88\x02"},
	} {
		if _, err := conn.Write(frame(tt.head, tt.payload)); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(tt.back)+len(tt.payload))
		if _, err := io.ReadFull(r, got); err != nil || string(got) != tt.back+tt.payload {
			t.Fatalf("%#x: %.40q, %v", tt.head, got, err)
		}
	}
	if _, err := r.ReadByte(); err != io.EOF {
		t.Errorf("after the close: %v", err)
	}
	if q := lastOutcome(t, s); q.Status != 101 || q.Outcome != OutcomeCall {
		t.Errorf("log %+v", q)
	}
}

func TestSocketEnds(t *testing.T) {
	for name, bad := range map[string][]byte{
		"unmasked": {0x81, 0x01, 'x'},
		"too big":  {0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	} {
		s := New(Options{})
		base, stop := serveReal(t, s, t.Context())
		conn, r := openSocket(t, base, login(t, s, "123pan").token())
		conn.Write(bad)
		if _, err := r.ReadByte(); err == nil {
			t.Errorf("%s: answered", name)
		}
		stop()
	}
	t.Run("with the server", func(t *testing.T) {
		s := New(Options{})
		ctx, end := context.WithCancel(t.Context())
		base, stop := serveReal(t, s, ctx)
		defer stop()
		_, r := openSocket(t, base, login(t, s, "123pan").token())
		end()
		if _, err := r.ReadByte(); err == nil {
			t.Error("answered")
		}
	})
}

func TestSocketWithoutUpgradeIsACall(t *testing.T) {
	s, _ := newServer(t)
	r := callRequest("123pan", login(t, s, "123pan").token())
	r.URL.Path = "/123pan/api/v1/mock/socket"
	if got := do(t, s, r); got.data("account") != "demo" {
		t.Errorf("HTTP %d %s", got.status, got.text)
	}
}
