package store

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"filippo.io/age"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

var (
	otherKey  = Key{Account: testAccount, Item: ItemCredentials}
	recordKey = Key{Account: testAccount, Item: ItemToken}
)

func fileStore(t *testing.T) (Dirs, *ageFile) {
	t.Helper()
	d := testDirs(t)
	if _, err := MakeIdentity(d, noEnv); err != nil {
		t.Fatal(err)
	}
	return d, openFile(t, d, noEnv)
}

func openFile(t *testing.T, d Dirs, getenv func(string) string) *ageFile {
	t.Helper()
	f, err := newAgeFile(d, getenv, disk.Disk{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		if i := slices.Index(pairs, name); i >= 0 {
			return pairs[i+1]
		}
		return ""
	}
}

func TestAgeFileRoundTrip(t *testing.T) {
	d, f := fileStore(t)
	_, err := f.Get(t.Context(), recordKey)
	if !auth.Is(err, auth.NotFound) {
		t.Fatalf("before any: %v", err)
	}
	for _, size := range []int{0, 1, 4096, MaxRecord} {
		data := bytes.Repeat([]byte("x"), size)
		if err := f.Set(t.Context(), recordKey, data); err != nil {
			t.Fatal(err)
		}
		if got, err := openFile(t, d, noEnv).Get(t.Context(), recordKey); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes came back as %d, %v", size, len(got), err)
		}
	}
	if err := f.Set(t.Context(), recordKey, make([]byte, MaxRecord+1)); !auth.Is(err, auth.Store) {
		t.Errorf("over 64 KiB: %v", err)
	}
	if err := f.Set(t.Context(), otherKey, []byte("c")); err != nil {
		t.Fatal(err)
	}
	if got := files(t, d.Data); !slices.Equal(got, []string{"records/123pan@default.credentials.age", "records/123pan@default.token.age"}) {
		t.Errorf("files %q", got)
	}
	for range 2 {
		if err := f.Delete(t.Context(), recordKey); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := f.Get(t.Context(), otherKey); err != nil || string(got) != "c" {
		t.Errorf("the other record: %q, %v", got, err)
	}
	if _, err := Probe(t.Context(), f); err != nil {
		t.Errorf("probe: %v", err)
	}
	if got := files(t, d.Data); len(got) != 1 {
		t.Errorf("files after a probe: %q", got)
	}
}

// The age program can use identity file and record, which age's own parsers
// read here.
func TestAgeOpensRecords(t *testing.T) {
	d, f := fileStore(t)
	if err := f.Set(t.Context(), recordKey, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(d.Identity())
	if err != nil {
		t.Fatal(err)
	}
	ids, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := os.Open(d.RecordFile(recordKey))
	if err != nil {
		t.Fatal(err)
	}
	defer sealed.Close()
	r, err := age.Decrypt(sealed, ids...)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if _, err := got.ReadFrom(r); err != nil || got.String() != "hello" {
		t.Errorf("%q, %v", got.String(), err)
	}
}

func TestAgeFileDamaged(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"empty":     func([]byte) []byte { return nil },
		"garbage":   func([]byte) []byte { return []byte("garbage") },
		"truncated": func(b []byte) []byte { return b[:len(b)-1] },
		"last bit":  func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"header":    func(b []byte) []byte { b[60] ^= 1; return b },
		"appended":  func(b []byte) []byte { return append(b, 'x') },
		"too big":   func(b []byte) []byte { return append(b, make([]byte, maxAgeFile)...) },
	} {
		t.Run(name, func(t *testing.T) {
			d, f := fileStore(t)
			if err := f.Set(t.Context(), recordKey, []byte("hello")); err != nil {
				t.Fatal(err)
			}
			path := d.RecordFile(recordKey)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			put(t, path, string(damage(data)))
			_, err = f.Get(t.Context(), recordKey)
			wantErr(t, err, auth.Store, ErrUnreadable)
		})
	}
}

func TestNewFile(t *testing.T) {
	_, err := NewFile(Dirs{Config: "relative", Data: "relative"}, nil)
	wantErr(t, err, auth.Store, ErrAbsent)
	d, f := fileStore(t)
	if err := f.Set(t.Context(), recordKey, []byte("x")); err != nil {
		t.Fatal(err)
	}
	t.Setenv(identityVar, "")
	t.Setenv(identityFileVar, d.Identity())
	d.Config = filepath.Join(d.Config, "moved")
	b, err := NewFile(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := b.Get(t.Context(), recordKey); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
}
