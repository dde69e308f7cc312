package fleet

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/fakebao"
	"github.com/hauth/hauth/pkg/auth"
)

func newFakeBao(t *testing.T) *fakebao.Server {
	f := fakebao.New()
	t.Cleanup(f.Close)
	return f
}

// openBao opens the fake with query parameters in which FILE stands for a file with
// content.
func openBao(t *testing.T, f *fakebao.Server, query, content string) (Engine, string) {
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
	e, _ := openBao(t, f, "token-file=FILE", "s.canary-token")
	ctx := t.Context()
	nothing, err := e.Read(ctx, "a")
	if err != nil || nothing.Data != nil || time.Since(nothing.Now).Abs() > 20*time.Second {
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
	if f.Most["team/hauth/a"] != 2 {
		t.Errorf("%d old versions are kept", f.Most["team/hauth/a"])
	}
	// A version that somebody has deleted counts all the same.
	f.Set(func(f *fakebao.Server) { f.Secrets["team/hauth/a"].Deleted = true })
	gone, err := e.Read(ctx, "a")
	if err != nil || gone.Data != nil || gone.Version != two.Version {
		t.Fatalf("%+v, %v", gone, err)
	}
	if _, err := e.Swap(ctx, "a", gone, []byte("three"), time.Hour); err != nil {
		t.Fatal(err)
	}
	// Somebody else's secret under the name is not mistaken for none.
	f.Set(func(f *fakebao.Server) {
		f.Secrets["team/hauth/b"] = &fakebao.Secret{Version: 7, Data: map[string]any{"x": "y"}}
	})
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
		prepare              func(*fakebao.Server)
		remedy               auth.Remedy
		retryable            bool
		words                string
	}{
		{name: "a token that has ended", query: "token-file=FILE", content: "s.canary-old", remedy: auth.RemedyEngineLogin, words: "permission denied"},
		{name: "a token that has ended, in Vault's words", query: "token-file=FILE", content: "s.canary-old", prepare: func(f *fakebao.Server) {
			f.Unknown = "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"
		}, remedy: auth.RemedyEngineLogin, words: "invalid token"},
		{name: "an empty token", query: "token-file=FILE", remedy: auth.RemedyEngineLogin, words: "permission denied"},
		{name: "a policy without the right", query: "token-file=FILE", content: "s.canary-token", prepare: func(f *fakebao.Server) { f.Barred = "data" }, remedy: auth.RemedyEngineRights, words: "permission denied"},
		{name: "sealed", query: "token-file=FILE", content: "s.canary-token", prepare: func(f *fakebao.Server) { f.Sealed = true }, remedy: auth.RemedyEngine, retryable: true, words: "Vault is sealed"},
		{name: "version 1", query: "token-file=FILE", content: "s.canary-token", prepare: func(f *fakebao.Server) { f.Old = true }, remedy: auth.RemedyFleetURL, words: "not of KV version 2"},
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
			e, _ := openBao(t, f, tt.query, tt.content)
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
	e, _ := openBao(t, f, "role=ci&jwt-file=FILE", "a.b.c")
	for range 3 {
		if _, err := e.Read(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if f.Logins != 1 {
		t.Errorf("%d logins", f.Logins)
	}
	f.Set(func(f *fakebao.Server) { clear(f.Tokens) })
	if _, err := e.Read(t.Context(), "a"); err != nil || f.Logins != 2 {
		t.Errorf("%d logins, %v", f.Logins, err)
	}
}

// TestBaoAgent wants a token that an agent renews to be read anew.
func TestBaoAgent(t *testing.T) {
	f := newFakeBao(t)
	e, path := openBao(t, f, "token-file=FILE&namespace=team-a", "s.canary-token")
	seen := ""
	f.Before = func(r *http.Request) { seen = r.Header.Get("X-Vault-Namespace") }
	if _, err := e.Read(t.Context(), "a"); err != nil || seen != "team-a" {
		t.Fatalf("%q, %v", seen, err)
	}
	f.Set(func(f *fakebao.Server) {
		clear(f.Tokens)
		f.Tokens["s.renewed"] = true
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
	f.Barred = "metadata"
	e, _ := openBao(t, f, "token-file=FILE", "s.canary-token")
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

// TestBaoRepeatsToken has a server answer with what it was sent.
func TestBaoRepeatsToken(t *testing.T) {
	const said = `{"errors":["who is canary-token?"]}`
	for _, answer := range []string{
		"HTTP/1.1 400 Bad Request\r\nDate: Thu, 26 Nov 2026 18:00:00 GMT\r\n\r\n" + said,
		"HTTP/1.1 403 Forbidden\r\nDate: Thu, 26 Nov 2026 18:00:00 GMT\r\n\r\n" + said,
		"HTTP/1.1 500 Internal Server Error\r\nDate: Thu, 26 Nov 2026 18:00:00 GMT\r\n\r\n" + said,
		"X-Vault-Token: canary-token\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX-Vault-Token canary-token\r\n\r\n",
	} {
		for _, query := range []string{"token-file=FILE", "role=ci&jwt-file=FILE"} {
			f := newFakeBao(t)
			f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				io.WriteString(conn, answer)
			})
			e, _ := openBao(t, f, query, "canary-token")
			_, err := e.Read(t.Context(), "a")
			if failure, ok := auth.AsError(err); !ok || failure.Kind != auth.Store || strings.Contains(failure.Error(), "canary") {
				t.Errorf("%q, %s: %v", answer, query, err)
			}
		}
	}
	f := newFakeBao(t)
	e, path := openBao(t, f, "token-file=FILE", "canary token\nand more")
	_, err := e.Read(t.Context(), "a")
	if failure, ok := auth.AsError(err); !ok || failure.Remedy != auth.RemedyLook || failure.Subject != path || failure.Retryable || strings.Contains(failure.Error(), "canary") {
		t.Errorf("a file that holds no token: %v", err)
	}
}
