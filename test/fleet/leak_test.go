//go:build fleet

package fleet

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// wire relays connections to a server and keeps all that passes.
type wire struct {
	mu   sync.Mutex
	seen bytes.Buffer
}

func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen.Write(p)
}

func (w *wire) relay(t *testing.T, listen, to string) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", listen+":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				continue
			}
			pipe := func(dst, src net.Conn) {
				io.Copy(io.MultiWriter(dst, w), src)
				dst.Close()
			}
			go pipe(out, in)
			go pipe(in, out)
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// forms are the texts that give s away, inside longer ones as well.
func forms(s string) []string {
	out := []string{s, hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s)))}
	for lead := range 3 {
		raw := append(make([]byte, lead), s...)
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			out = append(out, enc.EncodeToString(raw)[(lead*8+5)/6:len(raw)*8/6])
		}
	}
	return out
}

// TestNothingLeaks searches what passes to and from the engine, and what it
// writes to its disk, for the token, the credentials, the account and what the
// vendor said.
func TestNothingLeaks(t *testing.T) {
	s := newSite(t)
	s.cli("CONFIG", "SET", "appendonly", "yes")
	w := &wire{}
	port := w.relay(t, s.address, s.address+":"+s.port)
	for _, h := range s.hosts {
		h.env["HAUTH_FLEET"] = "redis://" + s.address + ":" + port
	}
	s.herd(5, "token", "acme")
	s.herd(5, "refresh", "acme")
	s.vendor.set(func(v *vendor) { v.refuse = true })
	if r := s.hosts[0].run("refresh", "acme"); r.code != 4 || !strings.Contains(r.stderr, "who are you") {
		t.Fatalf("%+v", r)
	}
	if r := s.hosts[1].run("refresh", "acme", "--if-token-sha256", digest(s.vendor.token())); r.code != 4 || !strings.Contains(r.stderr, "who are you") {
		t.Fatalf("the refusal is not shared: %+v", r)
	}
	s.cli("SAVE")
	places := map[string][]byte{}
	for _, pattern := range []string{"dump.rdb", "appendonlydir/*.incr.aof"} {
		found, _ := filepath.Glob(filepath.Join(s.redis.dir, pattern))
		if len(found) != 1 {
			t.Fatalf("%s: %q", pattern, found)
		}
		content, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		places["in "+pattern] = content
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	places["on the wire"] = w.seen.Bytes()
	for place, content := range places {
		if len(content) < 200 || !bytes.Contains(content, []byte("hauth")) {
			t.Fatalf("%s: %d bytes, nothing to search", place, len(content))
		}
		for _, secret := range []string{"canary", "acme", "who are you", strings.TrimPrefix(s.vendor.URL, "http")[4:]} {
			for _, form := range forms(secret) {
				if len(form) >= 4 && bytes.Contains(content, []byte(form)) {
					t.Errorf("%s: %q as %q", place, secret, form)
				}
			}
		}
	}
}

// TestLeakScanFinds proves that the search finds.
func TestLeakScanFinds(t *testing.T) {
	for lead := range 5 {
		text := strings.Repeat("x", lead) + "canary" + "yyyy"
		for _, coded := range []string{text, hex.EncodeToString([]byte(text)), base64.StdEncoding.EncodeToString([]byte(text))} {
			found := false
			for _, form := range forms("canary") {
				found = found || strings.Contains(coded, form)
			}
			if !found {
				t.Errorf("%q is not found", coded)
			}
		}
	}
}
