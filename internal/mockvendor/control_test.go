package mockvendor

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// controlRequest is a request to the control surface, as curl sends it.
func controlRequest(method, target string) *http.Request {
	return httptest.NewRequest(method, "http://127.0.0.1:8181"+target, nil)
}

// post steers s over HTTP and expects the status.
func post(t *testing.T, s *Server, query string, status int) reply {
	t.Helper()
	r := do(t, s, controlRequest("POST", "/_mock/?"+query))
	if r.status != status {
		t.Fatalf("%s: HTTP %d %s", query, r.status, r.text)
	}
	return r
}

func TestControlCounts(t *testing.T) {
	s, _ := newServer(t)
	login(t, s, "hitem3d")
	login(t, s, "hitem3d")
	for _, r := range []reply{
		do(t, s, controlRequest("GET", "/_mock/")),
		post(t, s, "", 200),
	} {
		if len(r.body) != 4 || r.body["hitem3d"] != 2.0 || r.body["wahool"] != 0.0 {
			t.Errorf("HTTP %d %s", r.status, r.text)
		}
	}
	if n := len(s.Log()); n != 2 {
		t.Errorf("control is in the log: %v", s.Log())
	}
	if n := s.Tokens("nobody"); n != 0 {
		t.Errorf("%d", n)
	}
}

func TestControlSteers(t *testing.T) {
	s, _ := newServer(t)
	post(t, s, "provider=wahool&fail=denied&ttl=45s", 200)
	assertRefused(t, s, "wahool", OutcomeDenied, do(t, s, tokenRequest(t, "wahool")))
	login(t, s, "123pan")
	post(t, s, "provider=wahool&fail=", 200)
	if got := login(t, s, "wahool").data("expiresIn"); got != "45000" {
		t.Errorf("expiresIn %s", got)
	}
	post(t, s, "ttl=0", 200)
	if got := login(t, s, "wahool").data("expiresIn"); got != "7200000" {
		t.Errorf("expiresIn %s", got)
	}
	post(t, s, "skew=-1h&latency=0s", 200)
	if got := login(t, s, "wahool").header.Get("Date"); got != "Sun, 01 Mar 2026 09:20:30 GMT" {
		t.Errorf("Date %s", got)
	}
	post(t, s, "fail=throttled", 200)
	for _, p := range providers() {
		do(t, s, tokenRequest(t, p))
		if q := lastOutcome(t, s); q.Outcome != OutcomeThrottled {
			t.Errorf("%s: %+v", p, q)
		}
	}
}

func TestVariantText(t *testing.T) {
	s, _ := newServer(t)
	post(t, s, "provider=hitem3d&variant=text", 200)
	if r := login(t, s, "hitem3d"); r.body["code"] != "200" || r.body["message"] != "success" {
		t.Errorf("%s", r.text)
	}
	if err := s.SetFail("hitem3d", "denied"); err != nil {
		t.Fatal(err)
	}
	r := do(t, s, tokenRequest(t, "hitem3d"))
	if r.body["code"] != "40010000" || r.body["message"] != "client credentials are invalid" || r.body["msg"] != nil {
		t.Errorf("%s", r.text)
	}
	post(t, s, "variant=", 200)
	r = do(t, s, tokenRequest(t, "hitem3d"))
	if r.body["code"] != 40010000.0 || r.body["msg"] != "client credentials are invalid" || r.body["message"] != nil {
		t.Errorf("%s", r.text)
	}
}

func TestControlRefusesAndChangesNothing(t *testing.T) {
	s, _ := newServer(t)
	token := login(t, s, "123pan").token()
	for _, query := range []string{
		"provider=nobody",
		"provider=nobody&fail=denied",
		"fail=nonsense&ttl=45s",
		"fail=denied&ttl=soon",
		"fail=denied&ttl=-1s",
		"fail=denied&latency=-1s",
		"fail=denied&latency=5",
		"fail=denied&skew=far",
		"fail=denied&variant=xml",
		"fail=denied&colour=red",
		"fail=denied&fail=denied",
		"fail=denied&%zz",
		"fail=denied;ttl=45s",
		"fail=denied&revoke=" + strings.Repeat("0", 64),
		"fail=denied&revoke=all&revoke=all",
		"fail=nonsense&revoke=all",
		"provider=nobody&revoke=all",
	} {
		if r := post(t, s, query, 400); r.body["error"] == "" || r.body["error"] == nil {
			t.Errorf("%s: %s", query, r.text)
		}
		r := login(t, s, "wahool")
		if r.data("expiresIn") != "7200000" || r.header.Get("Date") != "Sun, 01 Mar 2026 10:20:30 GMT" {
			t.Errorf("%s changed something: %s", query, r.text)
		}
		if r := do(t, s, callRequest("123pan", token)); r.data("account") != "demo" {
			t.Errorf("%s logged a token out: %s", query, r.text)
		}
	}
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{"PUT", "/_mock/", 405}, {"GET", "/_mock", 404}, {"POST", "/_mock/other", 404}, {"POST", "/_mock//", 404},
	} {
		if r := do(t, s, controlRequest(tt.method, tt.path)); r.status != tt.status {
			t.Errorf("%s %s: HTTP %d", tt.method, tt.path, r.status)
		}
	}
}

func TestControlRevokes(t *testing.T) {
	s, _ := newServer(t)
	for _, p := range providers() {
		first, second := login(t, s, p).token(), login(t, s, p).token()
		other := map[bool]string{true: "wahool", false: "123pan"}[p == "123pan"]
		spared := login(t, s, other).token()
		digest := sha256.Sum256([]byte(first))
		post(t, s, "provider="+p+"&revoke="+strings.ToUpper(hex.EncodeToString(digest[:])), 200)
		assertUnauthorized(t, p, do(t, s, callRequest(p, first)))
		if got := do(t, s, callRequest(p, second)); got.data("account") != "demo" {
			t.Errorf("%s: the other token is out too: %s", p, got.text)
		}
		post(t, s, "provider="+p+"&revoke=all", 200)
		assertUnauthorized(t, p, do(t, s, callRequest(p, second)))
		if got := do(t, s, callRequest(other, spared)); got.data("account") != "demo" {
			t.Errorf("%s: revoked at %s: %s", other, p, got.text)
		}
		login(t, s, p)
	}
}

func TestVariantStatus(t *testing.T) {
	s, _ := newServer(t)
	post(t, s, "provider=123pan&variant=status", 200)
	got := do(t, s, callRequest("123pan", "dead"))
	if got.status != 401 || got.body["code"] != 401.0 {
		t.Errorf("HTTP %d %s", got.status, got.text)
	}
	// The refusal of a request for a token is another matter.
	r := tokenRequest(t, "123pan")
	setBody(r, `{"clientID":"a","clientSecret":"b"}`)
	assertRefused(t, s, "123pan", OutcomeDenied, do(t, s, r))
}

func TestSettersRefuseWhatIsNotKnown(t *testing.T) {
	s, _ := newServer(t)
	for name, err := range map[string]error{
		"fail":          s.SetFail("", "nonsense"),
		"fail provider": s.SetFail("nobody", "denied"),
		"ttl":           s.SetTTL("", -time.Second),
		"ttl provider":  s.SetTTL("nobody", time.Second),
		"latency":       s.SetLatency("", -time.Second),
		"variant":       s.SetVariant("", "xml"),
		"revoke":        s.Revoke("", "some"),
		"no provider":   s.Revoke("nobody", "all"),
	} {
		if err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if got := login(t, s, "wahool").data("expiresIn"); got != "7200000" {
		t.Errorf("expiresIn %s", got)
	}
}
