//go:build unix

package proxy_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
	"github.com/hauth/hauth/pkg/auth"
)

// TestSocketOfAnotherProgram: only a socket that nobody listens on is replaced,
// not one on which something else than connections arrives.
func TestSocketOfAnotherProgram(t *testing.T) {
	dir, err := os.MkdirTemp("", "hauth-") // a socket's path has to be short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "s")
	other, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	if l, err := proxy.ListenSocket(path); !auth.Is(err, auth.Usage) {
		t.Errorf("the socket was replaced: %v, %v", l, err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != os.ModeSocket {
		t.Errorf("%v, %v", info, err)
	}
	other.Close() // leaves the socket behind
	l, err := proxy.ListenSocket(path)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

func TestSocketPathTooLong(t *testing.T) {
	_, err := proxy.ListenSocket(filepath.Join(t.TempDir(), strings.Repeat("x", 120)))
	if !auth.Is(err, auth.Usage) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("%v", err)
	}
}
