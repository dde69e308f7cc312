package fleet

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeBao answers as the KV engine of version 2 does, with one policy and the
// Kubernetes login.
type fakeBao struct {
	*httptest.Server
	mu      sync.Mutex
	secrets map[string]*baoSecret
	tokens  map[string]bool
	roles   map[string]string // role: the JWT that it wants
	logins  int
	calls   int
	sealed  bool
	old     bool // the mount is of version 1
	most    map[string]int
	barred  string // a kind of path, data or metadata, that the policy does not permit
	before  func(r *http.Request)
}

type baoSecret struct {
	version int
	data    map[string]any
	deleted bool
}

func newFakeBao(t *testing.T) *fakeBao {
	f := &fakeBao{secrets: map[string]*baoSecret{}, tokens: map[string]bool{"s.canary-token": true}, roles: map[string]string{"ci": "a.b.c"}, most: map[string]int{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeBao) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.before != nil {
		f.before(r)
	}
	answer := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if body != nil {
			json.NewEncoder(w).Encode(body)
		}
	}
	fail := func(status int, errors ...string) {
		if errors == nil {
			errors = []string{}
		}
		answer(status, map[string]any{"errors": errors})
	}
	if f.sealed {
		fail(http.StatusServiceUnavailable, "Vault is sealed")
		return
	}
	var body struct {
		Role, JWT   string
		Options     struct{ CAS *int }
		Data        map[string]any
		MaxVersions int `json:"max_versions"`
	}
	json.NewDecoder(r.Body).Decode(&body)
	if r.URL.Path == "/v1/auth/kubernetes/login" {
		f.logins++
		if want, ok := f.roles[body.Role]; !ok || body.JWT != want {
			fail(http.StatusForbidden, "permission denied")
			return
		}
		token := "s.login-" + strings.Repeat("x", f.logins)
		f.tokens[token] = true
		answer(http.StatusOK, map[string]any{"auth": map[string]any{"client_token": token}})
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/v1/kv/")
	kind, path, _ := strings.Cut(rest, "/")
	switch {
	case r.Header.Get("X-Vault-Token") == "":
		fail(http.StatusForbidden, "missing client token")
		return
	case !f.tokens[r.Header.Get("X-Vault-Token")]:
		fail(http.StatusForbidden, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n")
		return
	case !ok:
		fail(http.StatusNotFound, `no handler for route "`+strings.TrimPrefix(r.URL.Path, "/v1/")+`". route entry not found.`)
		return
	case kind == f.barred || !strings.HasPrefix(path, "team/hauth/"):
		fail(http.StatusForbidden, "1 error occurred:\n\t* permission denied\n\n")
		return
	}
	s := f.secrets[path]
	switch {
	case kind == "metadata":
		f.most[path] = body.MaxVersions
		w.WriteHeader(http.StatusNoContent)
	case f.old && r.Method == http.MethodGet:
		fail(http.StatusNotFound)
	case f.old:
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && s == nil:
		fail(http.StatusNotFound)
	case r.Method == http.MethodGet:
		metadata := map[string]any{"version": s.version, "created_time": "2026-01-02T03:04:05Z", "deletion_time": "", "destroyed": false}
		if s.deleted {
			answer(http.StatusNotFound, map[string]any{"data": map[string]any{"data": nil, "metadata": metadata}})
			return
		}
		answer(http.StatusOK, map[string]any{"data": map[string]any{"data": s.data, "metadata": metadata}})
	default:
		if s == nil {
			s = &baoSecret{}
		}
		if body.Options.CAS == nil || *body.Options.CAS != s.version {
			fail(http.StatusBadRequest, "check-and-set parameter did not match the current version")
			return
		}
		s.version, s.data, s.deleted = s.version+1, body.Data, false
		f.secrets[path] = s
		answer(http.StatusOK, map[string]any{"data": map[string]any{"version": s.version, "created_time": time.Now().UTC(), "destroyed": false}})
	}
}

func (f *fakeBao) set(change func(*fakeBao)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}
