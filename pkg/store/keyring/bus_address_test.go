//go:build linux

package keyring

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

	tests := []struct{ name, address, runtimeDir, text, socket string }{
		{"address", "unix:path=" + escaped, dir, "unix:path=" + escaped, named},
		{"with a guid", "unix:path=" + escaped + ",guid=0f", "", "unix:path=" + escaped + ",guid=0f", named},
		{"guid first", "unix:guid=0f,path=" + escaped, "", "unix:guid=0f,path=" + escaped, named},
		{"abstract", "unix:abstract=/tmp/x,guid=0f", "", "unix:abstract=/tmp/x,guid=0f", "@/tmp/x"},
		{"second of a list", "tcp:host=localhost,port=1;unix:path=" + escaped, "", "unix:path=" + escaped, named},
		{"second exists", "unix:path=" + dir + "/no;unix:path=" + escaped, "", "unix:path=" + escaped, named},
		{"runtime directory", "", dir, "unix:path=" + runtime, runtime},
		{"autolaunch is no address", "autolaunch:", dir, "unix:path=" + runtime, runtime},
		{"autolaunch with a scope", "autolaunch:scope=*user", dir, "unix:path=" + runtime, runtime},
		{"an address is an order", "unix:path=" + dir + "/no", dir, "", ""},
		{"a way to switch it off", "/dev/null", dir, "", ""},
		{"a file is no socket", "unix:path=" + file, dir, "", ""},
		{"tcp only", "tcp:host=localhost,port=1", dir, "", ""},
		{"bad escape", "unix:path=%zz", dir, "", ""},
		{"empty path", "unix:path=", dir, "", ""},
		{"separators only", ";;", dir, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			getenv := func(name string) string {
				return map[string]string{busVariable: tt.address, "XDG_RUNTIME_DIR": tt.runtimeDir}[name]
			}
			got, err := findBus(getenv)
			if tt.text == "" {
				if !errors.Is(err, store.ErrAbsent) {
					t.Fatalf("%+v, %v", got, err)
				}
				_, err := New(Options{Getenv: getenv})
				if !errors.Is(err, store.ErrAbsent) {
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
