package proxy_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
)

// TestListen: connections that come before anybody accepts them wait, and after
// Close they are refused, whether anybody has accepted one or not.
func TestListen(t *testing.T) {
	for _, address := range []string{proxy.DefaultListen, "localhost:0"} {
		l, err := proxy.Listen(address)
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() || a.Port == 0 || !proxy.OnLoopback(l) {
			t.Errorf("%s: listening on %v", address, l.Addr())
		}
		early, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer early.Close()
		io.WriteString(early, "early")
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		got := make([]byte, 5)
		if _, err := io.ReadFull(conn, got); err != nil || string(got) != "early" {
			t.Errorf("%s: %q, %v", address, got, err)
		}
		refused(t, l)

		unused, err := proxy.Listen(address)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, unused)
	}
}

func refused(t *testing.T, l net.Listener) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", l.Addr().String()); err == nil {
		conn.Close()
		t.Errorf("%s is still served", l.Addr())
	}
	if _, err := l.Accept(); err == nil {
		t.Error("a closed listener accepts")
	}
}

// TestListenElsewhere: an address that a proxy was told to listen on is one that
// clients may name.
func TestListenElsewhere(t *testing.T) {
	l, err := proxy.Listen("127.0.0.2:0")
	if err != nil {
		t.Skip("only 127.0.0.1 is loopback here")
	}
	w := prepareWorld(t)
	w.serve(proxy.Options{}, l)
	w.url = "http://" + l.Addr().String() + "/" + w.secret()
	if a := w.get("/api/v1/x"); a.status != 200 {
		t.Errorf("HTTP %d, %s", a.status, a.body)
	}
	if a := w.raw("GET /" + w.secret() + "/api/v1/x HTTP/1.1\r\nHost: 127.0.0.3\r\nConnection: close\r\n\r\n"); a.status != 421 {
		t.Errorf("another address: HTTP %d", a.status)
	}
}

// TestSocketFile: a listener removes its file, but not one that has taken its
// place.
func TestSocketFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no Unix sockets")
	}
	path := filepath.Join(t.TempDir(), "s")
	first, err := proxy.ListenSocket(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	second, err := proxy.ListenSocket(path)
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	second.Close()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Error(err)
	}
}
