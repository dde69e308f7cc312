// Package fakebao stands in for OpenBao in tests: the KV engine of version 2
// under /v1/kv/team/hauth, one policy and the Kubernetes login.
package fakebao

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Token is the one that the server accepts at first.
const Token = "s.canary-token"

// Server is to be changed by [Server.Set] while it is in use.
type Server struct {
	*httptest.Server
	mu      sync.Mutex
	Secrets map[string]*Secret // by path
	Tokens  map[string]bool
	Roles   map[string]string // role: the JWT that it wants
	Logins  int
	Sealed  bool
	Old     bool           // the mount is of version 1
	Most    map[string]int // max_versions by path
	Barred  string         // a kind of path, data or metadata, that the policy does not permit
	Unknown string         // what it says of a token that it does not know
	Before  func(r *http.Request)
}

// Secret is what the engine keeps under a path.
type Secret struct {
	Version int
	Data    map[string]any
	Deleted bool
}

// New starts a Server on loopback.
func New() *Server {
	s := &Server{Secrets: map[string]*Secret{}, Tokens: map[string]bool{Token: true}, Roles: map[string]string{"ci": "a.b.c"}, Most: map[string]int{}, Unknown: "permission denied"}
	s.Server = httptest.NewServer(s)
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Before != nil {
		s.Before(r)
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
	if s.Sealed {
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
		s.Logins++
		if want, ok := s.Roles[body.Role]; !ok || body.JWT != want {
			fail(http.StatusForbidden, "permission denied")
			return
		}
		token := "s.login-" + strings.Repeat("x", s.Logins)
		s.Tokens[token] = true
		answer(http.StatusOK, map[string]any{"auth": map[string]any{"client_token": token}})
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/v1/kv/")
	kind, path, _ := strings.Cut(rest, "/")
	switch {
	case r.Header.Get("X-Vault-Token") == "":
		fail(http.StatusForbidden, "permission denied")
		return
	case !s.Tokens[r.Header.Get("X-Vault-Token")]:
		fail(http.StatusForbidden, s.Unknown)
		return
	case !ok:
		fail(http.StatusNotFound, `no handler for route "`+strings.TrimPrefix(r.URL.Path, "/v1/")+`". route entry not found.`)
		return
	case kind == s.Barred || !strings.HasPrefix(path, "team/hauth/"):
		fail(http.StatusForbidden, "1 error occurred:\n\t* permission denied\n\n")
		return
	}
	kept := s.Secrets[path]
	switch {
	case kind == "metadata":
		s.Most[path] = body.MaxVersions
		w.WriteHeader(http.StatusNoContent)
	case s.Old && r.Method == http.MethodGet:
		fail(http.StatusNotFound)
	case s.Old:
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && kept == nil:
		fail(http.StatusNotFound)
	case r.Method == http.MethodGet:
		metadata := map[string]any{"version": kept.Version, "created_time": "2026-01-02T03:04:05Z", "deletion_time": "", "destroyed": false}
		if kept.Deleted {
			answer(http.StatusNotFound, map[string]any{"data": map[string]any{"data": nil, "metadata": metadata}})
			return
		}
		answer(http.StatusOK, map[string]any{"data": map[string]any{"data": kept.Data, "metadata": metadata}})
	default:
		if kept == nil {
			kept = &Secret{}
		}
		if body.Options.CAS == nil || *body.Options.CAS != kept.Version {
			fail(http.StatusBadRequest, "check-and-set parameter did not match the current version")
			return
		}
		kept.Version, kept.Data, kept.Deleted = kept.Version+1, body.Data, false
		s.Secrets[path] = kept
		answer(http.StatusOK, map[string]any{"data": map[string]any{"version": kept.Version, "created_time": time.Now().UTC(), "destroyed": false}})
	}
}

// Set changes the server between two requests.
func (s *Server) Set(change func(*Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}
