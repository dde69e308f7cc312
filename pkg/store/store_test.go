package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

var (
	testAccount = auth.Account{Provider: "123pan", Profile: "default"}
	testTime    = time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
)

func testDirs(t *testing.T) Dirs {
	t.Helper()
	root := t.TempDir()
	in := func(name string) string { return filepath.Join(root, name) }
	return Dirs{Config: in("config"), Data: in("data"), State: in("state"), Cache: in("cache")}
}

// testCredentials differ in every field, depending on n.
func testCredentials(n string) auth.Credentials {
	return auth.Credentials{
		ID: "id-" + n, Endpoint: "https://" + n + ".example.com", SpecSHA256: "5eed",
		Vars: map[string]auth.Secret{
			"client_id":     auth.NewSecret("public-" + n),
			"client_secret": auth.NewSecret(`s3cret "<&>" ` + n + " with length"),
		},
		InsecureHTTP: true, CAFile: "/etc/ca.pem",
	}
}

func testToken(n string) auth.Token {
	return auth.Token{
		Value: auth.NewSecret("token*" + n + "=="), Type: "Bearer", Source: auth.SourceField,
		IssuedAt: testTime, ExpiresAt: testTime.Add(time.Hour),
		Endpoint: "https://" + n + ".example.com", CredentialID: "id-" + n,
	}
}

func sameToken(a, b auth.Token) bool {
	same := a.Value.Equal(b.Value)
	a.Value, b.Value = auth.Secret{}, auth.Secret{}
	return same && reflect.DeepEqual(a, b)
}

func sameCredentials(a, b auth.Credentials) bool {
	same := maps.EqualFunc(a.Vars, b.Vars, auth.Secret.Equal)
	return same && a.ID == b.ID && a.Endpoint == b.Endpoint && a.SpecSHA256 == b.SpecSHA256 &&
		a.InsecureHTTP == b.InsecureHTTP && a.CAFile == b.CAFile
}

// noEnv is an environment without any variable.
func noEnv(string) string { return "" }

// testOptions are options on a fresh file system with the real file store,
// which has an identity; the notices are collected.
func testOptions(t *testing.T) (Options, *[]string) {
	t.Helper()
	d := testDirs(t)
	if made, err := MakeIdentity(d, noEnv); err != nil || made != d.Identity() {
		t.Fatalf("MakeIdentity = %q, %v", made, err)
	}
	notices := new([]string)
	o := Options{Dirs: d, Notice: func(s string) { *notices = append(*notices, s) }, Now: func() time.Time { return testTime }}
	o.Backends = table(func(name string) (Backend, error) {
		if name != File {
			t.Errorf("backend %q opened", name)
		}
		return newAgeFile(d, noEnv, o.disk)
	})
	return o, notices
}

// login stores credentials and token n and returns a freshly opened vault.
func login(t *testing.T, o Options, backend, n string) *Vault {
	t.Helper()
	v, err := Create(t.Context(), o, testAccount, backend)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	if err := v.SaveLogin(t.Context(), testCredentials(n), testToken(n)); err != nil {
		t.Fatalf("SaveLogin: %v", err)
	}
	return reopen(t, o)
}

func reopen(t *testing.T, o Options) *Vault {
	t.Helper()
	v, err := Open(o, testAccount)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return v
}

// wantErr checks kind, cause (nil: any) and that the error says what helps.
func wantErr(t *testing.T, err error, kind auth.Kind, cause error) {
	t.Helper()
	e, ok := auth.AsError(err)
	if !ok || e.Kind != kind {
		t.Fatalf("error %v (%T), want one of kind %s", err, err, kind.Code())
	}
	if cause != nil && !errors.Is(err, cause) {
		t.Fatalf("error %v, want one with cause %v", err, cause)
	}
	if e.Remedy == "" {
		t.Errorf("error %v has no remedy", err)
	}
}

func wantNotice(t *testing.T, notices *[]string, part string) {
	t.Helper()
	n := 0
	for _, line := range *notices {
		if strings.Contains(line, part) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("notices %q, want one with %q", *notices, part)
	}
}

// memory is a backend in memory that can be told to fail.
type memory struct {
	mu      sync.Mutex
	records map[Key][]byte
	fail    func(op string, k Key) error
}

func (m *memory) before(op string, k Key) error {
	if m.fail == nil {
		return nil
	}
	return m.fail(op, k)
}

func (m *memory) Get(_ context.Context, k Key) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.before("get", k); err != nil {
		return nil, err
	}
	data, ok := m.records[k]
	if !ok {
		return nil, &auth.Error{Kind: auth.NotFound, Fact: "nothing", Err: ErrNotFound}
	}
	return data, nil
}

func (m *memory) Set(_ context.Context, k Key, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.before("set", k); err != nil {
		return err
	}
	if m.records == nil {
		m.records = make(map[Key][]byte)
	}
	m.records[k] = data
	return nil
}

func (m *memory) Delete(_ context.Context, k Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.before("delete", k); err != nil {
		return err
	}
	delete(m.records, k)
	return nil
}

// files lists every regular file under dir by its path relative to dir.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// table is a table of backends with the names that hauth's own has.
func table(open func(name string) (Backend, error)) []Named {
	row := func(name string) Named {
		return Named{Name: name, Title: "the " + name, Open: func() (Backend, error) { return open(name) }}
	}
	return []Named{row(File), row(Keyring)}
}

// crash fails the step number after and every one that follows, as if the
// process had been killed there: not even its cleaning up happens.
type crash struct {
	after int
	done  []string
}

func (c *crash) step(op, path string) error {
	if len(c.done) >= c.after {
		return fmt.Errorf("killed at %s", op)
	}
	c.done = append(c.done, op)
	return nil
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
