package mockvendor

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// assertUnauthorized checks the vendor's documented 401, and its HTTP status.
func assertUnauthorized(t *testing.T, provider string, r reply) {
	t.Helper()
	status := 200
	if strings.HasPrefix(provider, "wahool") {
		status = 401
	}
	if r.status != status || r.body["code"] != 401.0 {
		t.Errorf("%s: HTTP %d %s", provider, r.status, r.text)
	}
	if provider == "hitem3d" && r.body["msg"] != "Unauthorized" {
		t.Errorf("%s: %s", provider, r.text)
	}
	if r.data("account") != "" {
		t.Errorf("%s: data nevertheless: %s", provider, r.text)
	}
}

func TestCallWithALiveToken(t *testing.T) {
	for _, p := range providers() {
		for _, method := range []string{"GET", "POST"} {
			s, _ := newServer(t)
			r := callRequest(p, login(t, s, p).token())
			r.Method = method
			got := do(t, s, r)
			if got.status != 200 || got.body["code"] != okCode(p) || got.data("account") != "demo" {
				t.Errorf("%s %s: HTTP %d %s", p, method, got.status, got.text)
			}
			if q := lastOutcome(t, s); q.Outcome != OutcomeCall || q.Provider != p {
				t.Errorf("%s: log %+v", p, q)
			}
			if n := s.Tokens(p); n != 1 {
				t.Errorf("%s: %d requests for a token", p, n)
			}
		}
	}
}

func TestCallsWithoutTheRightHeaders(t *testing.T) {
	for _, p := range providers() {
		s, _ := newServer(t)
		first := login(t, s, p)
		token := first.token()
		for name, change := range map[string]func(h http.Header){
			"none":          func(h http.Header) { h.Del("Authorization") },
			"Bearer Bearer": func(h http.Header) { h.Set("Authorization", "Bearer Bearer "+token) },
			"bare":          func(h http.Header) { h.Set("Authorization", token) },
			"lower case":    func(h http.Header) { h.Set("Authorization", "bearer "+token) },
			"two spaces":    func(h http.Header) { h.Set("Authorization", "Bearer  "+token) },
			"twice":         func(h http.Header) { h.Add("Authorization", "Bearer "+token) },
			"cut short":     func(h http.Header) { h.Set("Authorization", "Bearer "+token[:len(token)-1]) },
			"empty":         func(h http.Header) { h.Set("Authorization", "Bearer ") },
		} {
			r := callRequest(p, token)
			change(r.Header)
			t.Run(p+"/"+name, func(t *testing.T) { assertUnauthorized(t, p, do(t, s, r)) })
		}
		for _, other := range providers() {
			if other != p {
				assertUnauthorized(t, other, do(t, s, callRequest(other, token)))
			}
		}
	}
	s, _ := newServer(t)
	r := callRequest("123pan", login(t, s, "123pan").token())
	r.Header.Del("Platform")
	assertUnauthorized(t, "123pan", do(t, s, r))
}

func TestATokenDiesWithItsLife(t *testing.T) {
	for p, life := range map[string]time.Duration{
		"123pan": 2 * time.Hour, "hitem3d": 24 * time.Hour, "wahool": 2 * time.Hour, "wahool-authorization": 2 * time.Hour,
	} {
		s, c := newServer(t)
		token := login(t, s, p).token()
		c.t = start.Add(life - time.Nanosecond)
		if got := do(t, s, callRequest(p, token)); got.data("account") != "demo" {
			t.Errorf("%s: dead too early: %s", p, got.text)
		}
		c.t = start.Add(life)
		assertUnauthorized(t, p, do(t, s, callRequest(p, token)))
	}
}

func TestAFourthTokenLogsTheOldestOut(t *testing.T) {
	s, c := newServer(t)
	var tokens []string
	for range 4 {
		tokens = append(tokens, login(t, s, "123pan").token())
	}
	got := do(t, s, callRequest("123pan", tokens[0]))
	assertUnauthorized(t, "123pan", got)
	if got.body["message"] != "tokens number has exceeded the limit" {
		t.Errorf("message %v", got.body["message"])
	}
	for _, token := range tokens[1:] {
		if got := do(t, s, callRequest("123pan", token)); got.data("account") != "demo" {
			t.Errorf("a later one is out too: %s", got.text)
		}
	}

	// Expired tokens do not count.
	c.t = c.t.Add(2 * time.Hour)
	fresh := []string{login(t, s, "123pan").token(), login(t, s, "123pan").token(), login(t, s, "123pan").token()}
	for _, token := range fresh {
		if got := do(t, s, callRequest("123pan", token)); got.data("account") != "demo" {
			t.Errorf("revoked by a dead token: %s", got.text)
		}
	}

	// The other vendors document no such limit.
	first := login(t, s, "wahool").token()
	for range 10 {
		login(t, s, "wahool")
	}
	if got := do(t, s, callRequest("wahool", first)); got.data("account") != "demo" {
		t.Errorf("wahool: %s", got.text)
	}
}

func TestARefusedRequestEndsNoToken(t *testing.T) {
	s, _ := newServer(t)
	token := login(t, s, "123pan").token()
	for range 5 {
		r := tokenRequest(t, "123pan")
		setBody(r, `{"clientID":"a","clientSecret":"b"}`)
		assertRefused(t, s, "123pan", OutcomeDenied, do(t, s, r))
	}
	if got := do(t, s, callRequest("123pan", token)); got.data("account") != "demo" {
		t.Errorf("%s", got.text)
	}
	if n := s.Tokens("123pan"); n != 6 {
		t.Errorf("%d requests for a token counted", n)
	}
}

func TestACallTellsWhatArrived(t *testing.T) {
	for _, p := range providers() {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			s, _ := newServer(t)
			r := callRequest(p, login(t, s, p).token())
			r.Method, r.URL.RawQuery = method, "secret=in-query"
			setBody(r, "hello")
			got := do(t, s, r)
			data, _ := got.body["data"].(map[string]any)
			path := strings.TrimPrefix(r.URL.Path, "/"+p)
			if data["method"] != method || data["path"] != path || data["bytes"] != 5.0 ||
				data["sha256"] != "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" {
				t.Errorf("%s %s: %s", p, method, got.text)
			}
			if strings.Contains(got.text, "in-query") {
				t.Errorf("%s: the query is repeated: %s", p, got.text)
			}
		}
	}
}

func TestARefusedCallReadsNoBody(t *testing.T) {
	for _, p := range providers() {
		s, _ := newServer(t)
		r := callRequest(p, "dead")
		r.Method = "POST"
		r.Body = io.NopCloser(iotest.ErrReader(errors.New("read")))
		assertUnauthorized(t, p, do(t, s, r))
	}
}

func TestACallsBodyIsNotKept(t *testing.T) {
	const size = 64 << 20
	s, _ := newServer(t)
	r := callRequest("123pan", login(t, s, "123pan").token())
	r.Method, r.Body = "PUT", io.NopCloser(io.LimitReader(filler{}, size))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := do(t, s, r)
	runtime.ReadMemStats(&after)
	if data, _ := got.body["data"].(map[string]any); data["bytes"] != float64(size) {
		t.Errorf("%s", got.text)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("%d bytes of memory for a body of %d", grown, size)
	}
}

func TestACallWhoseBodyBreaksOffGetsNoAnswer(t *testing.T) {
	s, _ := newServer(t)
	r := callRequest("123pan", login(t, s, "123pan").token())
	r.Method, r.Body = "POST", io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF))
	if got := do(t, s, r); got.text != "" {
		t.Errorf("answer %q", got.text)
	}
	if q := lastOutcome(t, s); q.Outcome != OutcomeGone || q.Status != 0 {
		t.Errorf("log %+v", q)
	}
}
