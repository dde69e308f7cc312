//go:build linux

package keyring

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

func TestFindBus(t *testing.T) {
	dir, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	listen := func(name string) string {
		path := filepath.Join(dir, name)
		ln, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ln.Close() })
		return path
	}
	named, runtime := listen("named bus"), listen("bus")
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	escaped := strings.ReplaceAll(named, " ", "%20")

	dead := filepath.Join(t.TempDir(), "bus") // a socket on which nothing listens
	ln, err := net.Listen("unix", dead)
	if err != nil {
		t.Fatal(err)
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false)
	ln.Close()

	tests := []struct{ name, address, runtimeDir, text, socket string }{
		{"address", "unix:path=" + escaped, dir, "unix:path=" + escaped, named},
		{"with a guid", "unix:path=" + escaped + ",guid=0f", "", "unix:path=" + escaped + ",guid=0f", named},
		{"guid first", "unix:guid=0f,path=" + escaped, "", "unix:guid=0f,path=" + escaped, named},
		{"abstract", "unix:abstract=/tmp/x,guid=0f", "", "unix:abstract=/tmp/x,guid=0f", "@/tmp/x"},
		{"second of a list", "tcp:host=localhost,port=1;unix:path=" + escaped, "", "unix:path=" + escaped, named},
		{"second exists", "unix:path=" + dir + "/no;unix:path=" + escaped, "", "unix:path=" + escaped, named},
		{"runtime directory", "", dir, "unix:path=" + runtime, runtime},
		{"autolaunch is not an address", "autolaunch:", dir, "unix:path=" + runtime, runtime},
		{"autolaunch with a scope", "autolaunch:scope=*user", dir, "unix:path=" + runtime, runtime},
		{"stale", "unix:path=" + dir + "/no", dir, "", "unreachable"},
		{"stale, guid", "unix:path=" + dir + "/no,guid=0f", dir, "", "unreachable"},
		{"stale, nothing listens elsewhere", "unix:path=" + dir + "/no", filepath.Dir(dead), "", ""},
		{"a way to switch it off", "/dev/null", dir, "", ""},
		{"a file, not a socket", "unix:path=" + file, dir, "", "unreachable"},
		{"tcp only", "tcp:host=localhost,port=1", dir, "", ""},
		{"bad escape", "unix:path=%zz", dir, "", "unreachable"},
		{"empty path", "unix:path=", dir, "", "unreachable"},
		{"separators only", ";;", dir, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			getenv := func(name string) string {
				return map[string]string{addressVariable: tt.address, "XDG_RUNTIME_DIR": tt.runtimeDir}[name]
			}
			got, err := findBus(getenv)
			if tt.text == "" {
				want, remedy := store.ErrAbsent, auth.RemedyUseFile
				if tt.socket != "" {
					want, remedy = store.ErrUnreachable, auth.RemedyBus
				}
				if !errors.Is(err, want) {
					t.Fatalf("%+v, %v", got, err)
				}
				_, err := New(Options{Getenv: getenv})
				if e, ok := auth.AsError(err); !ok || !errors.Is(err, want) || e.Remedy != remedy {
					t.Fatal(err)
				}
				checkError(t, err)
				return
			}
			if err != nil || got.text != tt.text || got.socket != tt.socket {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// An address in the environment at which nothing listens any more, while the
// user's session bus runs: the remedy is to unset the variable, not another
// store.
func TestStaleBusAddress(t *testing.T) {
	dir, err := os.MkdirTemp("", "bus")
	noError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	running, err := net.Listen("unix", filepath.Join(dir, "bus"))
	noError(t, err)
	stale, err := net.Listen("unix", filepath.Join(dir, "old"))
	noError(t, err)
	stale.(*net.UnixListener).SetUnlinkOnClose(false)
	stale.Close()
	getenv := func(name string) string {
		return map[string]string{addressVariable: "unix:path=" + dir + "/old", "XDG_RUNTIME_DIR": dir}[name]
	}
	b, err := New(Options{Getenv: getenv})
	noError(t, err)
	_, err = b.Get(t.Context(), tokenKey)
	if e, ok := auth.AsError(err); !ok || !errors.Is(err, store.ErrUnreachable) || e.Remedy != auth.RemedyBus || e.Subject != addressVariable {
		t.Errorf("%v", err)
	}
	running.(*net.UnixListener).SetUnlinkOnClose(false)
	running.Close()
	_, err = b.Get(t.Context(), tokenKey)
	if e, ok := auth.AsError(err); !ok || !errors.Is(err, store.ErrAbsent) || e.Remedy != auth.RemedyUseFile {
		t.Errorf("without another bus: %v", err)
	}
}
