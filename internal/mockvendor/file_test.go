package mockvendor

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// acme is a vendor that uses most features of a file.
func acme() File {
	return File{
		Provider: "acme",
		Vars: []FileVar{
			{Name: "tenant", Is: "segment"}, {Name: "size", Is: "number"}, {Name: "scope", Default: "read:all"},
			{Name: "team", Optional: true}, {Name: "id"}, {Name: "secret", Secret: true},
		},
		Endpoint: "https://api.acme.test/v2/{tenant}",
		API:      "https://data.acme.test/v3",
		Method:   "POST",
		Path:     "/token",
		Headers:  map[string]string{"X-Team": "{team}", "X-Request": "{uuid}"},
		Query:    map[string]string{"at": "{now_s}"},
		JSON: map[string]any{
			"id": "{id}", "secret": "{secret}", "size": "{size}", "n": int64(7), "on": true, "none": nil,
			"list": []any{"a {id}", map[string]any{"team": "{team}"}},
		},
		OK:      map[string][]string{"meta.code": {"0"}},
		Token:   []string{"data.0.token"},
		Expires: []FileExpiry{{At: "data.0.end", As: "datetime", Zone: "+08:00"}},
		Error:   FileError{Code: []string{"meta.code"}, Message: []string{"meta.message"}, Trace: []string{"header:X-Trace"}},
		Codes:   map[string]string{"9": "denied", "10": "throttled", "11": "transient"},
		Use:     FileUse{Headers: map[string]string{"Authorization": "Acme {token}", "X-Id": "{id}"}, Refused: []string{"12"}},
		Live:    2,
	}
}

const (
	acmeID     = "mock-only-acme-id"
	acmeSecret = "mock-only-acme-secret-7f9eab002df3+/%3D&="
)

// fileServer serves one file, with a clock.
func fileServer(t *testing.T, f File) *Server {
	t.Helper()
	return New(Options{Files: []File{f}, Now: func() time.Time { return start }})
}

const acmeBody = `{"id":"` + acmeID + `","list":["a ` + acmeID + `",{"team":"mock-only-acme-team"}],"n":7,"none":null,"on":true,` +
	`"secret":"` + acmeSecret + `","size":4242}`

// acmeRequest is the request of acme's file.
func acmeRequest() *http.Request {
	r := httptest.NewRequest("POST", "/acme/v2/mock-only-acme-tenant/token?at=1772360431", strings.NewReader(acmeBody))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Team", "mock-only-acme-team")
	r.Header.Set("X-Request", "0f8fad5b-d9cb-469f-a165-70867728950e")
	return r
}

func TestFileIsServed(t *testing.T) {
	s := fileServer(t, acme())
	v := s.Vendors("http://127.0.0.1:1")[0]
	if v.Endpoint != "http://127.0.0.1:1/acme/v2/mock-only-acme-tenant" || v.API != "http://127.0.0.1:1/acme/v3" {
		t.Errorf("%+v", v)
	}
	got := do(t, s, acmeRequest())
	data := got.body["data"].([]any)[0].(map[string]any)
	if got.status != 200 || got.body["meta"].(map[string]any)["code"] != 0.0 || data["end"] != "2026-03-01 20:20:30" {
		t.Fatalf("HTTP %d %s", got.status, got.text)
	}
	token, _ := data["token"].(string)
	call := func(change func(*http.Request)) reply {
		r := httptest.NewRequest("GET", "/acme/v3/things/1", nil)
		r.Header.Set("Authorization", "Acme "+token)
		r.Header.Set("X-Id", acmeID)
		change(r)
		return do(t, s, r)
	}
	if got := call(func(*http.Request) {}); got.data("account") != "demo" || got.data("path") != "/v3/things/1" {
		t.Errorf("%s", got.text)
	}
	for name, change := range map[string]func(*http.Request){
		"no token":   func(r *http.Request) { r.Header.Del("Authorization") },
		"bearer":     func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) },
		"other":      func(r *http.Request) { r.Header.Set("Authorization", "Acme x"+token) },
		"no id":      func(r *http.Request) { r.Header.Del("X-Id") },
		"another id": func(r *http.Request) { r.Header.Set("X-Id", "x") },
		"id twice":   func(r *http.Request) { r.Header.Add("X-Id", acmeID) },
	} {
		got := call(change)
		if got.status != 200 || got.body["meta"].(map[string]any)["code"] != 12.0 || got.data("account") != "" || got.header.Get("X-Trace") == "" {
			t.Errorf("%s: HTTP %d %s", name, got.status, got.text)
		}
	}
	// Two tokens may be valid at once: the third ends the first.
	do(t, s, acmeRequest())
	do(t, s, acmeRequest())
	if got := call(func(*http.Request) {}); got.data("account") != "" {
		t.Errorf("still alive: %s", got.text)
	}
}

func TestFileRefusesWhatItDoesNotWrite(t *testing.T) {
	query := func(r *http.Request, raw string) { r.URL.RawQuery = raw }
	for name, tt := range map[string]struct {
		change  func(*http.Request)
		body    func(string) string
		outcome string
	}{
		"as written": {outcome: OutcomeToken},
		"without what is optional": {
			change:  func(r *http.Request) { r.Header.Del("X-Team") },
			body:    func(s string) string { return strings.Replace(s, `{"team":"mock-only-acme-team"}`, `{}`, 1) },
			outcome: OutcomeToken,
		},
		"in another order, with blanks": {
			body:    func(s string) string { return `{ "none" : null,` + strings.Replace(s[1:], `,"none":null`, "", 1) },
			outcome: OutcomeToken,
		},

		"wrong secret":         {body: func(s string) string { return strings.Replace(s, "-secret-", "-secreT-", 1) }, outcome: OutcomeDenied},
		"another team":         {change: func(r *http.Request) { r.Header.Set("X-Team", "x") }, outcome: OutcomeDenied},
		"wrong id in the list": {body: func(s string) string { return strings.Replace(s, "a mock", "b mock", 1) }, outcome: OutcomeDenied},

		"number as text": {body: func(s string) string { return strings.Replace(s, "4242", `"4242"`, 1) }, outcome: OutcomeDenied},
		"another number": {body: func(s string) string { return strings.Replace(s, `"n":7`, `"n":8`, 1) }, outcome: OutcomeMalformed},
		"7.0 for 7":      {body: func(s string) string { return strings.Replace(s, `"n":7`, `"n":7.0`, 1) }, outcome: OutcomeMalformed},
		"false for true": {body: func(s string) string { return strings.Replace(s, "true", "false", 1) }, outcome: OutcomeMalformed},
		"a key more":     {body: func(s string) string { return strings.Replace(s, "{", `{"more":1,`, 1) }, outcome: OutcomeMalformed},
		"a key twice":    {body: func(s string) string { return strings.Replace(s, "{", `{"n":7,`, 1) }, outcome: OutcomeMalformed},
		"a key less":     {body: func(s string) string { return strings.Replace(s, `"n":7,`, "", 1) }, outcome: OutcomeMalformed},
		"a longer list":  {body: func(s string) string { return strings.Replace(s, `}],`, `},1],`, 1) }, outcome: OutcomeMalformed},
		"no list": {body: func(s string) string {
			return strings.Replace(s, `["a `+acmeID+`",{"team":"mock-only-acme-team"}]`, `{}`, 1)
		}, outcome: OutcomeMalformed},
		"cut short":       {body: func(s string) string { return s[:len(s)-1] }, outcome: OutcomeMalformed},
		"something after": {body: func(s string) string { return s + "{}" }, outcome: OutcomeMalformed},
		"a form":          {change: func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, outcome: OutcomeMalformed},
		"no UUID":         {change: func(r *http.Request) { r.Header.Set("X-Request", "1") }, outcome: OutcomeMalformed},
		"two UUIDs":       {change: func(r *http.Request) { r.Header.Add("X-Request", r.Header.Get("X-Request")) }, outcome: OutcomeMalformed},
		"Authorization":   {change: func(r *http.Request) { r.Header.Set("Authorization", "Basic x") }, outcome: OutcomeMalformed},
		"an old time":     {change: func(r *http.Request) { query(r, "at=1772360000") }, outcome: OutcomeMalformed},
		"milliseconds":    {change: func(r *http.Request) { query(r, "at=1772360431000") }, outcome: OutcomeMalformed},
		"no time":         {change: func(r *http.Request) { query(r, "") }, outcome: OutcomeMalformed},
		"two times":       {change: func(r *http.Request) { query(r, "at=1772360431&at=1772360431") }, outcome: OutcomeMalformed},
		"a parameter":     {change: func(r *http.Request) { query(r, "at=1772360431&x=1") }, outcome: OutcomeMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			s := fileServer(t, acme())
			r := acmeRequest()
			if tt.change != nil {
				tt.change(r)
			}
			if tt.body != nil {
				body := tt.body(acmeBody)
				if body == acmeBody {
					t.Fatal("the case changes nothing")
				}
				setBody(r, body)
			}
			got := do(t, s, r)
			if q := lastOutcome(t, s); q.Outcome != tt.outcome {
				t.Errorf("%+v: %s", q, got.text)
			}
			if strings.Contains(got.text, "secret") && tt.outcome != OutcomeToken {
				t.Errorf("the answer repeats what was sent: %s", got.text)
			}
			if code := got.body["meta"].(map[string]any)["code"]; tt.outcome != OutcomeToken && (got.status != 200 || code != 9.0) {
				t.Errorf("HTTP %d %s", got.status, got.text)
			}
		})
	}
	for _, tt := range []struct {
		method, path string
		status       int
	}{{"GET", "/acme/v2/mock-only-acme-tenant/token", 405}, {"POST", "/acme/v2/other/token", 200}, {"POST", "/123pan/api/v1/access_token", 404}} {
		s := fileServer(t, acme())
		if got := do(t, s, httptest.NewRequest(tt.method, tt.path, nil)); got.status != tt.status || strings.Contains(got.text, `"token"`) {
			t.Errorf("%s %s: HTTP %d %s", tt.method, tt.path, got.status, got.text)
		}
	}
}

func TestFileFails(t *testing.T) {
	for mode, want := range map[string]struct {
		status int
		code   float64
	}{"denied": {200, 9}, "throttled": {429, 10}, "system": {500, 11}} {
		s := fileServer(t, acme())
		if err := s.SetFail("acme", mode); err != nil {
			t.Fatal(err)
		}
		got := do(t, s, acmeRequest())
		meta, _ := got.body["meta"].(map[string]any)
		if got.status != want.status || meta["code"] != want.code || meta["message"] == "" {
			t.Errorf("%s: HTTP %d %s", mode, got.status, got.text)
		}
	}
}

// Vendors that say nothing of failures are taken to follow RFC 6749.
func TestFileFollowsRFC6749(t *testing.T) {
	s := fileServer(t, File{
		Provider: "plain", Vars: []FileVar{{Name: "client_id"}, {Name: "client_secret", Secret: true}},
		Method: "POST", Path: "/token", Form: map[string]string{"grant_type": "client_credentials"},
		Basic: []string{"{client_id}", "{client_secret}"}, BasicForm: true,
		Token: []string{"access_token"}, Expires: []FileExpiry{{At: "expires_in", As: "seconds"}},
		Use: FileUse{Query: map[string]string{"access_token": "{token}"}},
	})
	request := func(secret string) *http.Request {
		r := httptest.NewRequest("POST", "/plain/token", strings.NewReader("grant_type=client_credentials"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", basic("mock-only-plain-client-id:"+secret))
		return r
	}
	secret := s.sites[0].credentials["client_secret"]
	for name, sent := range map[string]string{"raw": secret, "for a path": url.PathEscape(secret), "twice": url.QueryEscape(url.QueryEscape(secret))} {
		if got := do(t, s, request(sent)); got.status != 401 {
			t.Errorf("a secret escaped %s: HTTP %d %s", name, got.status, got.text)
		}
	}
	if got := do(t, s, request("wrong")); got.status != 401 || got.body["error"] != "invalid_client" || got.body["error_description"] == "" {
		t.Errorf("HTTP %d %s", got.status, got.text)
	}
	got := do(t, s, request(url.QueryEscape(secret)))
	token, _ := got.body["access_token"].(string)
	if got.body["expires_in"] != 7200.0 || token == "" {
		t.Fatalf("%s", got.text)
	}
	call := httptest.NewRequest("GET", "/plain/x?"+url.Values{"access_token": {token}, "page": {"2"}}.Encode(), nil)
	if got := do(t, s, call); got.data("account") != "demo" {
		t.Errorf("%s", got.text)
	}
	s.Revoke("plain", "all")
	if got := do(t, s, call); got.status != 401 || strings.Contains(got.text, token) {
		t.Errorf("HTTP %d %s", got.status, got.text)
	}
}

func TestFileRotates(t *testing.T) {
	s := fileServer(t, File{
		Provider: "turn", Vars: []FileVar{{Name: "refresh_token", Secret: true}},
		Method: "POST", Path: "/token", Form: map[string]string{"refresh_token": "{refresh_token}"},
		Token: []string{"header:X-Token"}, Rotate: map[string]string{"refresh_token": "next.refresh_token"},
		Keep: map[string]string{"instance_url": "where", "shard": "shard"}, API: "{instance_url}",
		Use: FileUse{Form: map[string]string{"token": "{token}", "shard": "{shard}"}},
	})
	ask := func(secret string) reply {
		r := httptest.NewRequest("POST", "http://127.0.0.1:5/turn/token", strings.NewReader(url.Values{"refresh_token": {secret}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return do(t, s, r)
	}
	first := s.Vendors("")[0].Credentials["refresh_token"]
	got := ask(first)
	next, _ := got.body["next"].(map[string]any)
	second, _ := next["refresh_token"].(string)
	if second == "" || second == first || got.body["where"] != "http://127.0.0.1:5/turn" || got.body["shard"] != "mock-only-shard" {
		t.Fatalf("%s", got.text)
	}
	if s.Vendors("")[0].Credentials["refresh_token"] != second {
		t.Error("the new secret is not shown")
	}
	if q := ask(first); q.status != 401 || lastOutcome(t, s).Outcome != OutcomeDenied {
		t.Errorf("the old secret works: %s", q.text)
	}
	if again := ask(second); again.status != 200 {
		t.Errorf("the new secret does not work: %s", again.text)
	}

	form := url.Values{"token": {got.header.Get("X-Token")}, "shard": {"any"}, "name": {"value"}}.Encode()
	r := httptest.NewRequest("POST", "/turn/x", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := do(t, s, r); got.data("account") != "demo" || got.body["data"].(map[string]any)["bytes"] != float64(len(form)) {
		t.Errorf("%s", got.text)
	}
}

func TestFileTellsALife(t *testing.T) {
	const life = 90 * time.Minute
	for _, tt := range []struct {
		expiry FileExpiry
		want   string
	}{
		{FileExpiry{At: "e", As: "seconds"}, `5400`},
		{FileExpiry{At: "e", As: "milliseconds"}, `5400000`},
		{FileExpiry{At: "e", As: "epoch_s"}, `1772365830`},
		{FileExpiry{At: "e", As: "epoch_ms"}, `1772365830000`},
		{FileExpiry{At: "e", As: "rfc3339"}, `"2026-03-01T11:50:30Z"`},
		{FileExpiry{At: "e", As: "datetime", Zone: "Z"}, `"2026-03-01 11:50:30"`},
		{FileExpiry{After: life}, ``},
	} {
		s := fileServer(t, File{
			Provider: "life", Method: "GET", Path: "/t", Token: []string{"t"}, Expires: []FileExpiry{tt.expiry},
			Use: FileUse{Headers: map[string]string{"T": "{token}"}},
		})
		s.SetTTL("", life)
		got := do(t, s, httptest.NewRequest("GET", "/life/t", nil))
		if want := `"e":` + tt.want; tt.want == "" == strings.Contains(got.text, `"e":`) || tt.want != "" && !strings.Contains(got.text, want+`,`) {
			t.Errorf("%+v: %s", tt.expiry, got.text)
		}
	}
}
