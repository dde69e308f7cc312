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
