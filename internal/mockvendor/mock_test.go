package mockvendor

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// start is a time with a fraction of a second, which no answer may show.
var start = time.Date(2026, 3, 1, 10, 20, 30, 750_000_000, time.UTC)

// testClock stands still until it is moved. Not for concurrent use.
type testClock struct{ t time.Time }

func (c *testClock) now() time.Time { return c.t }

func newServer(t *testing.T) (*Server, *testClock) {
	t.Helper()
	c := &testClock{start}
	return New(Options{Now: c.now}), c
}

// reply is a vendor's answer, its body read loosely.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func (r reply) data(name string) string {
	data, _ := r.body["data"].(map[string]any)
	s, _ := data[name].(string)
	return s
}

// token is what goes after "Bearer ".
func (r reply) token() string { return strings.TrimPrefix(r.data("accessToken"), "Bearer ") }

// do gives r to s without a network.
func do(t *testing.T, s http.Handler, r *http.Request) reply {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	out := reply{status: w.Code, header: w.Header(), text: w.Body.String()}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out.body); err != nil {
			t.Fatalf("%s %s: %v in %q", r.Method, r.URL.Path, err, out.text)
		}
	}
	return out
}

// tokenRequest is the request of the provider's document.
func tokenRequest(t *testing.T, provider string) *http.Request {
	t.Helper()
	var path, body string
	header := http.Header{"Content-Type": {"application/json"}}
	switch provider {
	case "123pan":
		path = "/123pan/api/v1/access_token"
		header.Set("Platform", "open_platform")
		body = `{"clientID":"mock-only-123pan-id","clientSecret":"mock-only-123pan-secret-5f1c0a9e7d"}`
	case "hitem3d":
		path = "/hitem3d/open-api/v1/auth/token"
		header.Set("Authorization", basic("mock-only-hitem3d-id_M3Z:+mock-only/hitem3d%3Asecret:7+Nd/c2="))
	case "wahool":
		path = "/wahool/seller/202405/auth/get-access-token"
		body = `{"accessKey":"mock-only-wahool-key","secretKey":"mock-only-wahool-secret-b84e61d3f2"}`
	case "wahool-authorization":
		path = "/wahool-authorization/seller/202405/authorization"
		body = `{"accessKey":"mock-only-wahool-authorization-key","secretKey":"mock-only-wahool-authorization-secret-b84e61d3f2"}`
	default:
		t.Fatalf("no request for %q", provider)
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header = header
	return r
}

func basic(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }

// callRequest is a protected call with the token.
func callRequest(provider, token string) *http.Request {
	path := map[string]string{
		"123pan":               "/123pan/api/v1/user/info",
		"hitem3d":              "/hitem3d/open-api/v1/balance",
		"wahool":               "/wahool/seller/202405/shop",
		"wahool-authorization": "/wahool-authorization/seller/202405/shop",
	}[provider]
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	if provider == "123pan" {
		r.Header.Set("Platform", "open_platform")
	}
	return r
}

// login fetches a token as documented.
func login(t *testing.T, s *Server, provider string) reply {
	t.Helper()
	r := do(t, s, tokenRequest(t, provider))
	if r.status != 200 || r.token() == "" {
		t.Fatalf("%s: no token: HTTP %d %s", provider, r.status, r.text)
	}
	return r
}

func providers() []string {
	return []string{"123pan", "hitem3d", "wahool", "wahool-authorization"}
}

// okCode is the code of success.
func okCode(provider string) float64 {
	if provider == "123pan" {
		return 0
	}
	return 200
}

// lastOutcome is how the log calls the latest request.
func lastOutcome(t *testing.T, s *Server) Request {
	t.Helper()
	log := s.Log()
	if len(log) == 0 {
		t.Fatal("the log is empty")
	}
	return log[len(log)-1]
}
