package keyring

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// widestKey has the longest names that an account can have.
func widestKey() store.Key {
	name := strings.Repeat("a", auth.MaxNameLength)
	return store.Key{Account: auth.Account{Provider: name, Profile: name}, Item: store.ItemToken}
}

// macLine is the line that go-keyring feeds to macOS's security -i.
func macLine(key store.Key, data []byte) string {
	quote := func(s string) string { return "'" + s + "'" } // none of them holds a quote
	return fmt.Sprintf("add-generic-password -U -s %s -a %s -w %s\n", itemService, quote(username(key)),
		quote("go-keyring-base64:"+base64.StdEncoding.EncodeToString(data)))
}

func capped(n int) func(store.Key, []byte) bool {
	return func(_ store.Key, data []byte) bool { return len(data) <= n }
}

func fitsMacLine(key store.Key, data []byte) bool { return len(macLine(key, data)) <= 4096 }

// Records of every size can be stored and read, on keyrings with the limits
// of Windows and of macOS, and no blob is left behind.
func TestBlobsRoundTrip(t *testing.T) {
	for name, fits := range map[string]func(store.Key, []byte) bool{"windows": capped(2560), "macos": fitsMacLine, "unlimited": nil} {
		t.Run(name, func(t *testing.T) {
			ctx, dir, key := context.Background(), filepath.Join(t.TempDir(), "data", "blobs"), widestKey()
			inner := &items{fits: fits}
			b := withBlobs(inner, dir)
			for _, size := range []int{1, 100, maxInline - 1, maxInline, maxInline + 1, 2560, 4096, 1 << 15, 2, 1 << 16, 1<<16 - 1, 3} {
				data := make([]byte, size)
				rand.Read(data)
				if err := b.Set(ctx, key, data); err != nil {
					t.Fatalf("%d bytes: %v", size, err)
				}
				got, err := b.Get(ctx, key)
				if err != nil || !bytes.Equal(got, data) {
					t.Fatalf("%d bytes: read %d, %v", size, len(got), err)
				}
				want := 0
				if size > maxInline {
					want = 1
					checkSealed(t, dir, data)
				}
				if n := len(blobFiles(t, dir)); n != want {
					t.Errorf("%d bytes: %d blobs, want %d", size, n, want)
				}
			}
			if err := b.Set(ctx, key, make([]byte, 5000)); err != nil {
				t.Fatal(err)
			}
			if err := b.Delete(ctx, key); err != nil {
				t.Fatal(err)
			}
			if n := len(blobFiles(t, dir)); n != 0 {
				t.Errorf("%d blobs after the delete", n)
			}
			if _, err := b.Get(ctx, key); !auth.Is(err, auth.NotFound) {
				t.Errorf("after the delete: %v", err)
			}
		})
	}
}

func blobFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func checkSealed(t *testing.T, dir string, record []byte) {
	t.Helper()
	checkPrivate(t, dir, 0o700)
	for _, path := range blobFiles(t, dir) {
		sealed, err := os.ReadFile(path)
		if err != nil || bytes.Contains(sealed, record[:32]) {
			t.Errorf("the record is readable, or %v", err)
		}
		checkPrivate(t, path, 0o600)
		noError(t, disk.Check(path, disk.MayNothing))
	}
}

// checkPrivate compares a mode where modes mean something; on Windows package
// disk's own tests look at access lists.
func checkPrivate(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != mode {
		t.Errorf("%s: %v, %v", path, info.Mode(), err)
	}
}

func TestBlobsTooBig(t *testing.T) {
	for name, tt := range map[string]struct {
		dir  string
		size int
	}{"no directory": {"", maxInline + 1}, "over the limit of records": {t.TempDir(), store.MaxRecord + 1}} {
		t.Run(name, func(t *testing.T) {
			inner := &items{}
			err := withBlobs(inner, tt.dir).Set(context.Background(), tokenTestKey, make([]byte, tt.size))
			if !errors.Is(err, store.ErrTooBig) || !auth.Is(err, auth.Store) || len(inner.data) != 0 {
				t.Errorf("%v, %d items", err, len(inner.data))
			}
		})
	}
}

var tokenTestKey = store.Key{Account: auth.Account{Provider: "123pan", Profile: "default"}, Item: store.ItemToken}
