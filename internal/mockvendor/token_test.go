package mockvendor

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

// readClaims reads the middle of a JWT-shaped token.
func readClaims(t *testing.T, token string) map[string]float64 {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not of the shape of a JWT", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]float64
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestToken123panTellsItsLifeInTheAnswerOnly(t *testing.T) {
	s, _ := newServer(t)
	r := login(t, s, "123pan")
	if r.body["code"] != 0.0 || r.body["message"] != "ok" {
		t.Errorf("answer %s", r.text)
	}
	if id, _ := r.body["x-traceID"].(string); id == "" {
		t.Errorf("no x-traceID in %s", r.text)
	}
	if got, want := r.data("expiredAt"), "2026-03-01T20:20:30+08:00"; got != want {
		t.Errorf("expiredAt %s, want %s", got, want)
	}
	claims := readClaims(t, r.token())
	expires, err := time.Parse(time.RFC3339, r.data("expiredAt"))
	if err != nil {
		t.Fatal(err)
	}
	if early := expires.Sub(time.Unix(int64(claims["exp"]), 0)); early != 30*24*time.Hour {
		t.Errorf("the token's own exp is %v before expiredAt", early)
	}
}

func TestTokenHitem3DIsNoJWTAndTellsNoLife(t *testing.T) {
	s, _ := newServer(t)
	for range 50 {
		r := login(t, s, "hitem3d")
		if r.body["code"] != 200.0 || r.body["message"] != "success" || r.data("tokenType") != "Bearer" {
			t.Fatalf("answer %s", r.text)
		}
		token := r.token()
		if !regexp.MustCompile(`^[^.]*\*[^.]*=[^.=][^.]*$`).MatchString(token) {
			t.Fatalf("token %q", token)
		}
		if got := r.data("nonce"); got != "1772360430000hitem3d" {
			t.Fatalf("nonce %q", got)
		}
		if n := len(r.body["data"].(map[string]any)); n != 3 {
			t.Fatalf("data has %d fields: %s", n, r.text)
		}
	}
}

func TestTokenWahoolBringsItsOwnBearerAndMilliseconds(t *testing.T) {
	for _, p := range []string{"wahool", "wahool-authorization"} {
		s, _ := newServer(t)
		r := login(t, s, p)
		if r.body["code"] != 200.0 || r.body["locale"] != 8.0 || r.body["localeDisplay"] != "GMT+8" {
			t.Errorf("%s: answer %s", p, r.text)
		}
		if !strings.HasPrefix(r.data("accessToken"), "Bearer ey") {
			t.Errorf("%s: accessToken %q", p, r.data("accessToken"))
		}
		if got := r.data("expiresIn"); got != "7200000" {
			t.Errorf("%s: expiresIn %q", p, got)
		}
		c := readClaims(t, r.token())
		if c["ttlMillis"] != 7200000 || c["exp"]-c["iat"] != 7200 || c["iat"] != float64(start.Unix()) {
			t.Errorf("%s: claims %v", p, c)
		}
	}
}

func TestTokensAreAllDifferentAndVisible(t *testing.T) {
	s, _ := newServer(t)
	seen := map[string]bool{}
	for _, p := range providers() {
		for range 100 {
			token := login(t, s, p).token()
			if seen[token] {
				t.Fatalf("%s gave %q twice", p, token)
			}
			if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.*=") != "" {
				t.Fatalf("%s: odd characters in %q", p, token)
			}
			seen[token] = true
		}
	}
}

func TestTTLShowsInTheAnswer(t *testing.T) {
	s := New(Options{TTL: 90 * time.Second, Now: func() time.Time { return start }})
	if got, want := login(t, s, "123pan").data("expiredAt"), "2026-03-01T18:22:00+08:00"; got != want {
		t.Errorf("123pan: %s, want %s", got, want)
	}
	r := login(t, s, "wahool")
	if c := readClaims(t, r.token()); r.data("expiresIn") != "90000" || c["exp"]-c["iat"] != 90 {
		t.Errorf("wahool: %s, %v", r.text, c)
	}
}

func TestDateIsTheVendorsClock(t *testing.T) {
	s, c := newServer(t)
	if got, want := login(t, s, "123pan").header.Get("Date"), "Sun, 01 Mar 2026 10:20:30 GMT"; got != want {
		t.Errorf("Date %q, want %q", got, want)
	}
	c.t = c.t.Add(time.Minute)
	s.SetSkew(time.Hour)
	r := login(t, s, "123pan")
	if got, want := r.header.Get("Date"), "Sun, 01 Mar 2026 11:21:30 GMT"; got != want {
		t.Errorf("Date %q, want %q", got, want)
	}
	if got, want := r.data("expiredAt"), "2026-03-01T21:21:30+08:00"; got != want {
		t.Errorf("expiredAt %q, want %q", got, want)
	}
	s.SetSkew(0)
	s.SetNow(nil)
	date, err := time.Parse(time.RFC1123, login(t, s, "wahool").header.Get("Date"))
	if err != nil || time.Since(date) > time.Minute || time.Since(date) < -time.Minute {
		t.Errorf("Date %v, %v", date, err)
	}
}
