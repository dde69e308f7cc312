package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// A blob that cannot be read now may be whole: a token in it is not fetched
// anew, nor replaced, as a damaged one is.
func TestBlobThatCannotBeReadIsNotTakenForADamagedOne(t *testing.T) {
	blocks := map[string]func(t *testing.T, path string){
		"a directory": func(t *testing.T, path string) { noError(t, os.Mkdir(path, 0o700)) },
	}
	if runtime.GOOS != "windows" { // where ordinary users cannot create links
		blocks["a link"] = func(t *testing.T, path string) { noError(t, os.Symlink(path+"x", path)) }
	}
	for name, block := range blocks {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			in := func(name string) string { return filepath.Join(root, name) }
			dirs := store.Dirs{Config: in("config"), Data: in("data"), State: in("state"), Cache: in("cache")}
			b := withBlobs(&items{}, dirs.Blobs())
			o := store.Options{
				Dirs:     dirs,
				Notice:   func(line string) { t.Errorf("notice %q", line) },
				Backends: []store.Named{{Name: store.Keyring, Open: func() (store.Backend, error) { return b, nil }}},
			}
			v, err := store.Create(t.Context(), o, tokenTestKey.Account, store.Keyring)
			noError(t, err)
			creds := auth.Credentials{ID: "a", Endpoint: "https://a.example.com", Vars: map[string]auth.Secret{"x": auth.NewSecret("y")}}
			big := auth.Token{
				Value: auth.NewSecret(strings.Repeat("x", 2*maxInline)), Type: "Bearer", Source: auth.SourceField,
				IssuedAt: time.Unix(1e9, 0), ExpiresAt: time.Unix(1e9+3600, 0),
			}
			noError(t, v.SaveLogin(t.Context(), creds, big))
			path := blobFiles(t, dirs.Blobs())[0]
			noError(t, os.Rename(path, path+"x"))
			block(t, path)

			small := big
			small.Value, small.Endpoint, small.CredentialID = auth.NewSecret("y"), creds.Endpoint, creds.ID
			_, readErr := v.Token(t.Context())
			for _, err := range []error{readErr, v.SaveGrant(t.Context(), auth.Grant{Token: small})} {
				if !auth.Is(err, auth.Store) || !errors.Is(err, store.ErrNotRegular) || errors.Is(err, store.ErrUnreadable) || !strings.Contains(err.Error(), path) {
					t.Errorf("error %v", err)
				}
			}
			noError(t, os.Remove(path))
			noError(t, os.Rename(path+"x", path))
			if got, err := v.Token(t.Context()); err != nil || !got.Value.Equal(big.Value) {
				t.Errorf("afterwards %v", err)
			}
		})
	}
}

// A write that the keyring refuses leaves the old record and no litter.
func TestBlobsRefusedWrite(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	inner := &items{}
	b := withBlobs(inner, dir)
	old := bytes.Repeat([]byte("o"), 4000)
	if err := b.Set(ctx, tokenTestKey, old); err != nil {
		t.Fatal(err)
	}
	inner.fits = func(store.Key, []byte) bool { return false }
	if err := b.Set(ctx, tokenTestKey, bytes.Repeat([]byte("n"), 4000)); !errors.Is(err, store.ErrTooBig) {
		t.Fatal(err)
	}
	if got, err := b.Get(ctx, tokenTestKey); err != nil || !bytes.Equal(got, old) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	if n := len(blobFiles(t, dir)); n != 1 {
		t.Errorf("%d blobs", n)
	}
}

// A damaged blob is distinguished from an absent record.
func TestBlobsDamaged(t *testing.T) {
	ctx := context.Background()
	other := credentialsTestKey
	for name, damage := range map[string]func(t *testing.T, path string, inner *items){
		"gone": func(t *testing.T, path string, _ *items) { noError(t, os.Remove(path)) },
		"altered": func(t *testing.T, path string, _ *items) {
			data, err := os.ReadFile(path)
			noError(t, err)
			data[7] ^= 1
			noError(t, os.WriteFile(path, data, 0o600))
		},
		"cut":               func(t *testing.T, path string, _ *items) { noError(t, os.Truncate(path, 10)) },
		"empty":             func(t *testing.T, path string, _ *items) { noError(t, os.Truncate(path, 0)) },
		"endless":           func(t *testing.T, path string, _ *items) { noError(t, os.Truncate(path, 1<<40)) },
		"of another record": func(_ *testing.T, _ string, inner *items) { inner.data[tokenTestKey] = inner.data[other] },
	} {
		t.Run(name, func(t *testing.T) {
			dir, inner := t.TempDir(), &items{}
			b := withBlobs(inner, dir)
			noError(t, b.Set(ctx, tokenTestKey, make([]byte, 5000)))
			path := blobFiles(t, dir)[0]
			noError(t, b.Set(ctx, other, make([]byte, 5000)))
			damage(t, path, inner)
			data, err := b.Get(ctx, tokenTestKey)
			if data != nil || !errors.Is(err, store.ErrUnreadable) || !auth.Is(err, auth.Store) || errors.Is(err, store.ErrNotFound) {
				t.Errorf("%d bytes, %v", len(data), err)
			}
			noError(t, b.Set(ctx, tokenTestKey, []byte("again")))
			if data, err := b.Get(ctx, tokenTestKey); err != nil || string(data) != "again" {
				t.Errorf("after the next write: %q, %v", data, err)
			}
		})
	}
}

var credentialsTestKey = store.Key{Account: tokenTestKey.Account}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A record that reads like a pointer is still a record.
func TestBlobsAmbiguousRecord(t *testing.T) {
	ctx, inner := context.Background(), &items{}
	b := withBlobs(inner, t.TempDir())
	noError(t, b.Set(ctx, tokenTestKey, make([]byte, 5000)))
	imitation := bytes.Clone(inner.data[tokenTestKey])
	noError(t, b.Set(ctx, credentialsTestKey, imitation))
	if got, err := b.Get(ctx, credentialsTestKey); err != nil || !bytes.Equal(got, imitation) {
		t.Errorf("%q, %v", got, err)
	}
	for _, record := range []string{`{"v":1,"blob":"../../etc/passwd","key":""}`, `{"v":1,"blob":"x"}`, `{"v":1,"blob":"`, `{"v":1}`, ""} {
		noError(t, b.Set(ctx, tokenTestKey, []byte(record)))
		if got, err := b.Get(ctx, tokenTestKey); err != nil || string(got) != record {
			t.Errorf("%q: %q, %v", record, got, err)
		}
	}
}

// Readers find a complete record while writers replace blobs.
func TestBlobsReadersAndWriter(t *testing.T) {
	ctx, dir, inner := context.Background(), t.TempDir(), &items{}
	record := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i%26)}, 3000) }
	writer := withBlobs(inner, dir)
	noError(t, writer.Set(ctx, tokenTestKey, record(0)))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			b := &blobs{items: inner, dir: dir}
			for {
				got, err := b.Get(ctx, tokenTestKey)
				if err != nil || !bytes.Equal(got, bytes.Repeat(got[:1], 3000)) {
					t.Errorf("%d bytes, %v", len(got), err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 40 {
		noError(t, writer.Set(ctx, tokenTestKey, record(i)))
	}
	close(done)
	wg.Wait()
	if n := len(blobFiles(t, dir)); n != 1 {
		t.Errorf("%d blobs", n)
	}
}

// The one that is overtaken: the pointer's blob is swept before it is read.
func TestBlobsOvertaken(t *testing.T) {
	ctx, dir, inner := context.Background(), t.TempDir(), &items{}
	b := withBlobs(inner, dir)
	noError(t, b.Set(ctx, tokenTestKey, bytes.Repeat([]byte("o"), 3000)))
	stale := bytes.Clone(inner.data[tokenTestKey])
	want := bytes.Repeat([]byte("n"), 3000)
	noError(t, b.Set(ctx, tokenTestKey, want))
	got, err := withBlobs(&staleOnce{items: inner, stale: stale}, dir).Get(ctx, tokenTestKey)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// staleOnce answers the first Get with what was there before.
type staleOnce struct {
	*items
	stale []byte
}

func (s *staleOnce) Get(ctx context.Context, key store.Key) ([]byte, error) {
	if stale := s.stale; stale != nil {
		s.stale = nil
		return stale, nil
	}
	return s.items.Get(ctx, key)
}

// The key leaves the program through the keyring only.
func TestBlobKeyPrintsNothing(t *testing.T) {
	p, _ := seal([]byte("record"), "name")
	text, err := p.Key.MarshalText()
	noError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		s := fmt.Sprintf(verb, p)
		if strings.Contains(s, string(text)) || strings.Contains(s, fmt.Sprintf("%x", p.Key[:4])) || strings.Contains(s, fmt.Sprint(p.Key[:4])) {
			t.Errorf("%s prints %s", verb, s)
		}
	}
}
