package mockvendor

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFailModes(t *testing.T) {
	type want struct {
		status int
		code   any // nil: no JSON
	}
	wants := map[string]map[string]want{
		"denied": {
			"123pan": {200, 401.0}, "hitem3d": {200, 40010000.0}, "wahool": {200, 401.0}, "wahool-authorization": {200, 401.0},
		},
		"throttled": {
			"123pan": {200, 429.0}, "hitem3d": {429, 429.0}, "wahool": {429, 429.0}, "wahool-authorization": {429, 429.0},
		},
		"system": {
			"123pan": {200, 1.0}, "hitem3d": {200, 10000000.0}, "wahool": {500, 500.0}, "wahool-authorization": {500, 500.0},
		},
		"html": {
			"123pan": {502, nil}, "hitem3d": {502, nil}, "wahool": {502, nil}, "wahool-authorization": {502, nil},
		},
	}
	for mode, byProvider := range wants {
		for p, want := range byProvider {
			t.Run(mode+"/"+p, func(t *testing.T) {
				s, _ := newServer(t)
				token := login(t, s, p).token()
				if err := s.SetFail(p, mode); err != nil {
					t.Fatal(err)
				}
				got := do(t, s, tokenRequest(t, p))
				if got.status != want.status || got.body["code"] != want.code || got.token() != "" {
					t.Errorf("HTTP %d %s", got.status, got.text)
				}
				if isHTML := strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && strings.Contains(got.text, "<html>"); isHTML != (mode == "html") {
					t.Errorf("%s %s", got.header.Get("Content-Type"), got.text)
				}
				after := ""
				if mode == "throttled" {
					after = "30"
				}
				if h := got.header.Get("Retry-After"); h != after {
					t.Errorf("Retry-After %q", h)
				}
				if got.header.Get("Date") != "Sun, 01 Mar 2026 10:20:30 GMT" {
					t.Errorf("Date %q", got.header.Get("Date"))
				}
				if q := lastOutcome(t, s); q.Outcome != mode || q.Status != want.status {
					t.Errorf("log %+v", q)
				}
				if n := s.Tokens(p); n != 2 {
					t.Errorf("%d requests counted", n)
				}
				// A failing token endpoint does not affect the API.
				if got := do(t, s, callRequest(p, token)); got.data("account") != "demo" {
					t.Errorf("call: %s", got.text)
				}
				for _, other := range providers() {
					if other != p {
						login(t, s, other)
					}
				}
				if err := s.SetFail("", ""); err != nil {
					t.Fatal(err)
				}
				login(t, s, p)
			})
		}
	}
	for _, mode := range FailModes() {
		if _, tested := wants[mode]; !tested && mode != "hang" {
			t.Errorf("%s is not tested", mode)
		}
	}
}

func TestFailFromTheBeginning(t *testing.T) {
	s := New(Options{Fail: "denied"})
	for _, p := range providers() {
		assertRefused(t, s, p, OutcomeDenied, do(t, s, tokenRequest(t, p)))
	}
	unknown := New(Options{Fail: "nonsense"})
	if got := do(t, unknown, tokenRequest(t, "123pan")); got.status != 500 {
		t.Errorf("HTTP %d %s", got.status, got.text)
	}
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Latency: 3 * time.Second})
		began := time.Now()
		token := login(t, s, "123pan").token()
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("token after %v", d)
		}
		began = time.Now()
		do(t, s, callRequest("123pan", token))
		if d := time.Since(began); d != 3*time.Second {
			t.Errorf("call after %v", d)
		}
		if err := s.SetLatency("123pan", 0); err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		login(t, s, "123pan")
		if d := time.Since(began); d != 0 {
			t.Errorf("token after %v", d)
		}

		// Counted on arrival; a client that goes early gets nothing.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		got := do(t, s, tokenRequest(t, "wahool").WithContext(ctx))
		if d := time.Since(began); d != time.Second || got.text != "" || s.Tokens("wahool") != 1 {
			t.Errorf("after %v: %q, %d counted", d, got.text, s.Tokens("wahool"))
		}
		if q := lastOutcome(t, s); q.Outcome != OutcomeGone {
			t.Errorf("log %+v", q)
		}
	})
}

func TestFailModesListIsTheCallersOwn(t *testing.T) {
	FailModes()[0] = "changed"
	if want := []string{"denied", "throttled", "system", "html", "hang"}; !slices.Equal(FailModes(), want) {
		t.Errorf("%v", FailModes())
	}
}
