package fleet

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// bao opens the fake with query parameters in which FILE stands for a file with
// content.
func (f *fakeBao) open(t *testing.T, query, content string) (Engine, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	target, err := Parse("bao+"+f.URL+"/kv/team/hauth?"+strings.ReplaceAll(query, "FILE", path), false)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := Open(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	return engine, path
}

func TestBao(t *testing.T) {
	f := newFakeBao(t)
	e, _ := f.open(t, "token-file=FILE", "s.canary-token")
	ctx := t.Context()
	nothing, err := e.Read(ctx, "a")
	if err != nil || nothing.Data != nil || time.Since(nothing.Now).Abs() > 2*time.Second {
		t.Fatalf("%+v, %v", nothing, err)
	}
	one, err := e.Swap(ctx, "a", nothing, []byte("\x00one\xff"), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Swap(ctx, "a", nothing, []byte("x"), time.Hour); !errors.Is(err, ErrConflict) {
		t.Errorf("made a second time: %v", err)
	}
	two, err := e.Swap(ctx, "a", one, []byte("two"), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Swap(ctx, "a", one, []byte("x"), time.Hour); !errors.Is(err, ErrConflict) {
		t.Errorf("replaced a second time: %v", err)
	}
	if f.most["team/hauth/a"] != 2 {
		t.Errorf("%d old versions are kept", f.most["team/hauth/a"])
	}
	// A version that somebody has deleted counts all the same.
	f.set(func(f *fakeBao) { f.secrets["team/hauth/a"].deleted = true })
	gone, err := e.Read(ctx, "a")
	if err != nil || gone.Data != nil || gone.Version != two.Version {
		t.Fatalf("%+v, %v", gone, err)
	}
	if _, err := e.Swap(ctx, "a", gone, []byte("three"), time.Hour); err != nil {
		t.Fatal(err)
	}
	// Somebody else's secret under the name is not mistaken for none.
	f.set(func(f *fakeBao) { f.secrets["team/hauth/b"] = &baoSecret{version: 7, data: map[string]any{"x": "y"}} })
	other, err := e.Read(ctx, "b")
	if err != nil || other.Version != "7" {
		t.Fatalf("%+v, %v", other, err)
	}
	if r, err := Probe(ctx, e, Target{}, Seal{}, time.Now); err != nil {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBaoFailures(t *testing.T) {
	for _, tt := range []struct {
		name, query, content string
		prepare              func(*fakeBao)
		remedy               auth.Remedy
		retryable            bool
		words                string
	}{
		{name: "a token that has ended", query: "token-file=FILE", content: "s.canary-old", remedy: auth.RemedyEngineLogin, words: "invalid token"},
		{name: "an empty token", query: "token-file=FILE", remedy: auth.RemedyEngineLogin, words: "missing client token"},
		{name: "a policy without the right", query: "token-file=FILE", content: "s.canary-token", prepare: func(f *fakeBao) { f.barred = "data" }, remedy: auth.RemedyEngineRights, words: "permission denied"},
		{name: "sealed", query: "token-file=FILE", content: "s.canary-token", prepare: func(f *fakeBao) { f.sealed = true }, remedy: auth.RemedyEngine, retryable: true, words: "Vault is sealed"},
		{name: "version 1", query: "token-file=FILE", content: "s.canary-token", prepare: func(f *fakeBao) { f.old = true }, remedy: auth.RemedyFleetURL, words: "not of KV version 2"},
		{name: "no such role", query: "role=cd&jwt-file=FILE", content: "a.b.c", remedy: auth.RemedyEngineLogin, words: "permission denied"},
		{name: "another pod", query: "role=ci&jwt-file=FILE", content: "canary.b.d", remedy: auth.RemedyEngineLogin, words: "permission denied"},
		{name: "no such login", query: "role=ci&jwt-file=FILE&auth=jwt", content: "a.b.c", remedy: auth.RemedyEngineLogin, words: ""},
		{name: "outside a pod", query: "role=ci", remedy: auth.RemedyLook, words: "serviceaccount/token: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFakeBao(t)
			if tt.prepare != nil {
				tt.prepare(f)
			}
			e, _ := f.open(t, tt.query, tt.content)
			entry, err := e.Read(t.Context(), "a")
			if err == nil {
				_, err = e.Swap(t.Context(), "a", entry, []byte("x"), time.Hour)
			}
			failure, ok := auth.AsError(err)
			if !ok || failure.Kind != auth.Store || failure.Remedy != tt.remedy || failure.Retryable != tt.retryable || !strings.Contains(err.Error(), tt.words) {
				t.Fatalf("%+v", err)
			}
			if strings.Contains(failure.Error()+failure.Subject, "canary") || !strings.Contains(failure.Error(), "/kv/team/hauth") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestBaoLogin wants one login for many calls, and another one when its token
// has ended.
func TestBaoLogin(t *testing.T) {
	f := newFakeBao(t)
	e, _ := f.open(t, "role=ci&jwt-file=FILE", "a.b.c")
	for range 3 {
		if _, err := e.Read(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if f.logins != 1 {
		t.Errorf("%d logins", f.logins)
	}
	f.set(func(f *fakeBao) { clear(f.tokens) })
	if _, err := e.Read(t.Context(), "a"); err != nil || f.logins != 2 {
		t.Errorf("%d logins, %v", f.logins, err)
	}
}

// TestBaoAgent wants a token that an agent renews to be read anew.
func TestBaoAgent(t *testing.T) {
	f := newFakeBao(t)
	e, path := f.open(t, "token-file=FILE&namespace=team-a", "s.canary-token")
	seen := ""
	f.before = func(r *http.Request) { seen = r.Header.Get("X-Vault-Namespace") }
	if _, err := e.Read(t.Context(), "a"); err != nil || seen != "team-a" {
		t.Fatalf("%q, %v", seen, err)
	}
	f.set(func(f *fakeBao) {
		clear(f.tokens)
		f.tokens["s.renewed"] = true
	})
	if err := os.WriteFile(path, []byte("s.renewed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Read(t.Context(), "a"); err != nil {
		t.Error(err)
	}
}

// TestBaoRights wants the right to set metadata not to be needed.
func TestBaoRights(t *testing.T) {
	f := newFakeBao(t)
	f.barred = "metadata"
	e, _ := f.open(t, "token-file=FILE", "s.canary-token")
	if _, err := e.Swap(t.Context(), "a", Entry{Version: "0"}, []byte("x"), time.Hour); err != nil {
		t.Error(err)
	}
}

// TestHTTPServers wants odd servers to be named, not trusted.
func TestHTTPServers(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example/", http.StatusTemporaryRedirect)
		},
		"not JSON":   func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("<html>")) },
		"no date":    func(w http.ResponseWriter, r *http.Request) { w.Header()["Date"] = nil; w.Write([]byte("{}")) },
		"a flood":    func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 2*maxAnswer)) },
		"an error":   func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"too many":   func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"hung up on": func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
	} {
		f := newFakeBao(t)
		f.Config.Handler = handler
		token := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(token, []byte("s.x"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, url := range []string{"bao+" + f.URL + "/kv/p?token-file=" + token, "etcd+" + f.URL + "/p"} {
			target, err := Parse(url, false)
			if err != nil {
				t.Fatal(err)
			}
			engine, err := Open(target)
			if err != nil {
				t.Fatal(err)
			}
			_, err = engine.Read(t.Context(), "a")
			if e, ok := auth.AsError(err); !ok || e.Kind != auth.Store || !e.Retryable || strings.Contains(e.Error(), "evil") {
				t.Errorf("%s, %s: %v", name, target, err)
			}
		}
	}
}
