package mockvendor

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
)

// refusalCode is the code of refused credentials, inside HTTP 200.
func refusalCode(provider string) float64 {
	if provider == "hitem3d" {
		return 40010000
	}
	return 401
}

// assertRefused checks the vendor's refusal, and that it repeats no secret.
func assertRefused(t *testing.T, s *Server, provider, outcome string, r reply) {
	t.Helper()
	if r.status != 200 || r.body["code"] != refusalCode(provider) {
		t.Errorf("HTTP %d %s", r.status, r.text)
	}
	if got := lastOutcome(t, s).Outcome; got != outcome {
		t.Errorf("outcome %s, want %s: %s", got, outcome, r.text)
	}
	if strings.Contains(r.text, "secret-") || strings.Contains(r.text, "hitem3d%3A") {
		t.Errorf("the answer repeats what was sent: %s", r.text)
	}
	message := "message"
	if provider == "hitem3d" {
		message = "msg"
	}
	if text, _ := r.body[message].(string); text == "" {
		t.Errorf("no %s in %s", message, r.text)
	}
	if trace, _ := r.body["x-traceID"].(string); provider == "123pan" && trace == "" {
		t.Errorf("no trace in %s", r.text)
	}
}

func setBody(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

func TestHeadersAreRefusedWhenNotAsDocumented(t *testing.T) {
	for _, tt := range []struct {
		provider, name string
		values         []string
		outcome        string
	}{
		{"123pan", "Platform", nil, OutcomeMalformed},
		{"123pan", "Platform", []string{"Open_Platform"}, OutcomeMalformed},
		{"123pan", "Platform", []string{"open_platform", "open_platform"}, OutcomeMalformed},
		{"123pan", "Content-Type", nil, OutcomeMalformed},
		{"123pan", "Content-Type", []string{"text/json"}, OutcomeMalformed},
		{"123pan", "Content-Type", []string{"application/json; charset=gbk"}, OutcomeMalformed},
		{"123pan", "Content-Type", []string{"application/json", "application/json"}, OutcomeMalformed},
		{"123pan", "Content-Type", []string{"application/json; charset=UTF-8"}, OutcomeToken},
		{"hitem3d", "Content-Type", nil, OutcomeMalformed},
		{"hitem3d", "Content-Type", []string{"application/x-www-form-urlencoded"}, OutcomeMalformed},
		{"hitem3d", "Authorization", nil, OutcomeDenied},
		{"hitem3d", "Authorization", []string{"Basic"}, OutcomeDenied},
		{"wahool", "Content-Type", []string{"application/x-www-form-urlencoded"}, OutcomeMalformed},
		{"wahool-authorization", "Content-Type", nil, OutcomeMalformed},
	} {
		t.Run(fmt.Sprintf("%s/%s/%q", tt.provider, tt.name, tt.values), func(t *testing.T) {
			s, _ := newServer(t)
			r := tokenRequest(t, tt.provider)
			r.Header[http.CanonicalHeaderKey(tt.name)] = tt.values
			got := do(t, s, r)
			if tt.outcome == OutcomeToken {
				if got.token() == "" {
					t.Errorf("refused: %s", got.text)
				}
				return
			}
			assertRefused(t, s, tt.provider, tt.outcome, got)
		})
	}
}

func TestHitem3DWantsRawBasic(t *testing.T) {
	id, secret := "mock-only-hitem3d-id_M3Z", "+mock-only/hitem3d%3Asecret:7+Nd/c2="
	raw := id + ":" + secret
	for name, header := range map[string]string{
		"wrong secret":   basic(raw + "x"),
		"query-escaped":  basic(url.QueryEscape(id) + ":" + url.QueryEscape(secret)),
		"path-escaped":   basic(url.PathEscape(id) + ":" + url.PathEscape(secret)),
		"unescaped":      basic(id + ":" + strings.ReplaceAll(secret, "%3A", ":")),
		"plus to space":  basic(id + ":" + strings.ReplaceAll(secret, "+", " ")),
		"URL alphabet":   strings.NewReplacer("+", "-", "/", "_").Replace(basic(raw + "??>")),
		"no padding":     strings.TrimRight(basic(raw), "="),
		"lower scheme":   "b" + basic(raw)[1:],
		"twice Basic":    "Basic " + basic(raw),
		"bearer":         "Bearer " + secret,
		"trailing space": basic(raw) + " ",
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newServer(t)
			r := tokenRequest(t, "hitem3d")
			if header == r.Header.Get("Authorization") {
				t.Fatal("the case changes nothing")
			}
			r.Header.Set("Authorization", header)
			assertRefused(t, s, "hitem3d", OutcomeDenied, do(t, s, r))
		})
	}
	for _, c := range "+/%:" {
		if !strings.ContainsRune(secret, c) {
			t.Errorf("the secret holds no %c", c)
		}
	}
}

func TestABodyThatBreaksOffGetsNoAnswer(t *testing.T) {
	s, _ := newServer(t)
	r := tokenRequest(t, "123pan")
	r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF))
	if got := do(t, s, r); got.text != "" {
		t.Errorf("answer %q", got.text)
	}
	if q := lastOutcome(t, s); q.Outcome != OutcomeGone || q.Status != 0 {
		t.Errorf("log %+v", q)
	}
}

func TestMethodsAndPaths(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		status       int
		outcome      string
		allow        string
	}{
		{"GET", "/123pan/api/v1/access_token", 405, OutcomeNoMethod, "POST"},
		{"PUT", "/hitem3d/open-api/v1/auth/token", 405, OutcomeNoMethod, "POST"},
		{"HEAD", "/wahool/seller/202405/auth/get-access-token", 405, OutcomeNoMethod, "POST"},
		{"OPTIONS", "/wahool-authorization/seller/202405/shop", 405, OutcomeNoMethod, "GET, HEAD, POST, PUT, PATCH, DELETE"},
		{"TRACE", "/123pan/upload/v2/file/create", 405, OutcomeNoMethod, "GET, HEAD, POST, PUT, PATCH, DELETE"},
		{"GET", "/123pan/upload/v3/file/create", 404, OutcomeNoPath, ""},
		{"POST", "/123pan", 404, OutcomeNoPath, ""},
		{"POST", "/123pan/", 404, OutcomeNoPath, ""},
		{"POST", "/123pan/access_token", 404, OutcomeNoPath, ""},
		{"POST", "/123pan/api/v1/", 404, OutcomeNoPath, ""},
		{"POST", "/123pan/api/v1/access_token/", 404, OutcomeNoPath, ""},
		{"POST", "/123pan//api/v1/access_token", 404, OutcomeNoPath, ""},
		{"POST", "/123pan/api%2Fv1/access_token", 404, OutcomeNoPath, ""},
		{"POST", "/hitem3d/api/v1/access_token", 404, OutcomeNoPath, ""},
		{"POST", "/wahool/seller/202405/authorization", 404, OutcomeNoPath, ""},
		{"POST", "/wahool-authorization/seller/202405/auth/get-access-token", 404, OutcomeNoPath, ""},
		{"GET", "/nobody/api/v1/x", 404, OutcomeNoPath, ""},
		{"GET", "/", 404, OutcomeNoPath, ""},
		{"GET", "//123pan/api/v1/user", 404, OutcomeNoPath, ""},
		{"POST", "/123PAN/api/v1/access_token", 404, OutcomeNoPath, ""},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			s, _ := newServer(t)
			r := httptest.NewRequest(tt.method, "http://mock.test"+tt.path, nil)
			got := do(t, s, r)
			q := lastOutcome(t, s)
			if got.status != tt.status || q.Outcome != tt.outcome || q.Status != tt.status || got.header.Get("Allow") != tt.allow {
				t.Errorf("HTTP %d, Allow %q, log %+v", got.status, got.header.Get("Allow"), q)
			}
			if q.Path != tt.path || q.Method != tt.method {
				t.Errorf("log %+v", q)
			}
			if q.Provider != "" && got.body["code"] != float64(tt.status) {
				t.Errorf("not in the vendor's manner: %s", got.text)
			}
		})
	}
}

func TestAQueryWithARequestForATokenIsRefused(t *testing.T) {
	for _, p := range providers() {
		s, _ := newServer(t)
		r := tokenRequest(t, p)
		r.URL.RawQuery = "clientSecret=secret-in-query"
		assertRefused(t, s, p, OutcomeMalformed, do(t, s, r))
		if q := lastOutcome(t, s); strings.Contains(q.Path, "secret-in-query") {
			t.Errorf("the log keeps the query: %v", q)
		}
	}
}
