package mockvendor

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// signJWT signs as a client does.
func signJWT(t *testing.T, alg, key string, header, claims map[string]any) string {
	t.Helper()
	enc := base64.RawURLEncoding.EncodeToString
	text := enc([]byte(encode(header))) + "." + enc([]byte(encode(claims)))
	digest := sha256.Sum256([]byte(text))
	if alg == "HS256" {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(text))
		return text + "." + enc(mac.Sum(nil))
	}
	block, _ := pem.Decode([]byte(key))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	var signature []byte
	switch private := private.(type) {
	case *rsa.PrivateKey:
		if alg == "PS256" {
			signature, err = rsa.SignPSS(rand.Reader, private, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		} else {
			signature, err = rsa.SignPKCS1v15(nil, private, crypto.SHA256, digest[:])
		}
	case *ecdsa.PrivateKey:
		r, s, e := ecdsa.Sign(rand.Reader, private, digest[:])
		signature, err = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), e
	case ed25519.PrivateKey:
		signature = ed25519.Sign(private, []byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + enc(signature)
}

// assertions is a vendor that takes a signed JWT.
func assertions(alg string) File {
	return File{
		Provider: "jot", Vars: []FileVar{{Name: "id"}, {Name: "key", Secret: true}},
		JWT: FileJWT{
			Alg: alg, Key: "key", Header: map[string]any{"kid": "{id}"},
			Claims: map[string]any{"iss": "{id}", "aud": "https://jot.test", "at": "{now_ms}"},
			Life:   10 * time.Minute, JTI: true, NBF: true,
		},
		Method: "GET", Path: "/t", Headers: map[string]string{"Authorization": "Bearer {jwt}"},
		Token: []string{"t"}, Use: FileUse{Headers: map[string]string{"T": "{token}"}},
	}
}

func goodClaims() (header, claims map[string]any) {
	now := start.Unix()
	return map[string]any{"alg": "", "typ": "JWT", "kid": "mock-only-jot-id"}, map[string]any{
		"iss": "mock-only-jot-id", "aud": "https://jot.test", "at": start.UnixMilli(),
		"iat": now, "exp": now + 600, "nbf": now - 5, "jti": "1",
	}
}

func TestFileVerifiesJWTs(t *testing.T) {
	for _, alg := range []string{"RS256", "PS256", "ES256", "EdDSA", "HS256"} {
		s := fileServer(t, assertions(alg))
		key := s.sites[0].credentials["key"]
		other := fileServer(t, assertions(alg)).sites[0].credentials["key"]
		if alg == "HS256" {
			other = "another key"
		} else if key == other {
			t.Fatalf("%s: the same key twice", alg)
		}
		ask := func(key string, change func(header, claims map[string]any)) string {
			header, claims := goodClaims()
			header["alg"] = alg
			change(header, claims)
			r := httptest.NewRequest("GET", "/jot/t", nil)
			r.Header.Set("Authorization", "Bearer "+signJWT(t, alg, key, header, claims))
			do(t, s, r)
			return lastOutcome(t, s).Outcome
		}
		nothing := func(_, _ map[string]any) {}
		if got := ask(key, nothing); got != OutcomeToken {
			t.Errorf("%s: a good one is %s", alg, got)
		}
		if got := ask(other, nothing); got != OutcomeDenied {
			t.Errorf("%s: another key is %s", alg, got)
		}
		if alg != "HS256" {
			continue
		}
		for name, change := range map[string]func(header, claims map[string]any){
			"alg":               func(h, _ map[string]any) { h["alg"] = "none" },
			"typ":               func(h, _ map[string]any) { delete(h, "typ") },
			"kid":               func(h, _ map[string]any) { h["kid"] = "x" },
			"header more":       func(h, _ map[string]any) { h["x"] = 1 },
			"iss":               func(_, c map[string]any) { c["iss"] = "x" },
			"aud":               func(_, c map[string]any) { delete(c, "aud") },
			"claims more":       func(_, c map[string]any) { c["x"] = 1 },
			"time as text":      func(_, c map[string]any) { c["at"] = fmt.Sprint(start.UnixMilli()) },
			"time elsewhere":    func(_, c map[string]any) { c["at"] = start.UnixMilli() - 3600_000 },
			"life":              func(_, c map[string]any) { c["exp"] = start.Unix() + 601 },
			"no exp":            func(_, c map[string]any) { delete(c, "exp") },
			"not yet":           func(_, c map[string]any) { c["iat"], c["exp"] = start.Unix()+900, start.Unix()+1500 },
			"over":              func(_, c map[string]any) { c["iat"], c["exp"] = start.Unix()-601, start.Unix()-1 },
			"milliseconds":      func(_, c map[string]any) { c["iat"], c["exp"] = start.UnixMilli(), start.UnixMilli()+600_000 },
			"no nbf":            func(_, c map[string]any) { delete(c, "nbf") },
			"nbf after the iat": func(_, c map[string]any) { c["nbf"] = start.Unix() + 1 },
			"no jti":            func(_, c map[string]any) { delete(c, "jti") },
		} {
			if got := ask(key, change); got == OutcomeToken {
				t.Errorf("%s is taken", name)
			}
		}
		for _, broken := range []string{"", "a.b", "a.b.c", "e30.e30.e30", "!.!.!"} {
			r := httptest.NewRequest("GET", "/jot/t", nil)
			r.Header.Set("Authorization", "Bearer "+broken)
			do(t, s, r)
			if got := lastOutcome(t, s).Outcome; got == OutcomeToken {
				t.Errorf("%q is taken", broken)
			}
		}
	}
}

// A token that the client signs is accepted when it arrives, and can be
// revoked.
func TestFileTakesTokensThatTheClientSigned(t *testing.T) {
	f := assertions("HS256")
	f.Method, f.Path, f.Headers, f.Token = "", "", nil, []string{"{jwt}"}
	f.JWT.Millis, f.JWT.JTI, f.JWT.NBF = true, false, false
	s := fileServer(t, f)
	header, claims := goodClaims()
	header["alg"] = "HS256"
	for _, name := range []string{"jti", "nbf"} {
		delete(claims, name)
	}
	claims["iat"], claims["exp"] = start.UnixMilli(), start.UnixMilli()+600_000
	call := func(claims map[string]any) reply {
		r := httptest.NewRequest("GET", "/jot/x", nil)
		r.Header.Set("T", signJWT(t, "HS256", s.sites[0].credentials["key"], header, claims))
		return do(t, s, r)
	}
	if got := call(claims); got.data("account") != "demo" {
		t.Errorf("%s", got.text)
	}
	s.Revoke("", "all")
	if got := call(claims); got.status != 401 {
		t.Errorf("revoked: %s", got.text)
	}
	later := maps.Clone(claims)
	later["iat"], later["exp"] = start.UnixMilli()+1000, start.UnixMilli()+601_000
	if got := call(later); got.data("account") != "demo" {
		t.Errorf("a new one: %s", got.text)
	}
	if n := s.Tokens("jot"); n != 0 {
		t.Errorf("%d requests for a token", n)
	}
}

func TestFileVerifiesDigests(t *testing.T) {
	now := fmt.Sprint(start.UnixMilli())
	hmacOf := func(key, text string) []byte {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(text))
		return mac.Sum(nil)
	}
	for _, tt := range []struct {
		alg, as string
		sign    func(key, text string) string
	}{
		{"hmac-sha256", "base64", func(key, text string) string { return base64.StdEncoding.EncodeToString(hmacOf(key, text)) }},
		{"hmac-sha256", "HEX", func(key, text string) string { return strings.ToUpper(hex.EncodeToString(hmacOf(key, text))) }},
		{"sha256", "hex", func(_, text string) string { sum := sha256.Sum256([]byte(text)); return hex.EncodeToString(sum[:]) }},
		{"md5", "hex", func(_, text string) string { sum := md5.Sum([]byte(text)); return hex.EncodeToString(sum[:]) }},
	} {
		s := fileServer(t, File{
			Provider: "sig", Vars: []FileVar{{Name: "id"}, {Name: "key", Secret: true}},
			Sign:   FileSign{Alg: tt.alg, Key: "key", Over: []string{"{id}", "at", "{now_ms}", "{key}"}, As: tt.as},
			Method: "POST", Path: "/t", JSON: map[string]any{"at": "{now_ms}", "sign": "{sign}"}, AsText: []string{"at"},
			Token: []string{"t"}, Use: FileUse{Headers: map[string]string{"T": "{token}"}},
		})
		key := s.sites[0].credentials["key"]
		ask := func(at, sign string) string {
			body, _ := json.Marshal(map[string]string{"at": at, "sign": sign})
			r := httptest.NewRequest("POST", "/sig/t", strings.NewReader(string(body)))
			r.Header.Set("Content-Type", "application/json")
			do(t, s, r)
			return lastOutcome(t, s).Outcome
		}
		text := func(at, key string) string { return "mock-only-sig-idat" + at + key }
		if got := ask(now, tt.sign(key, text(now, key))); got != OutcomeToken {
			t.Errorf("%s %s: a good one is %s", tt.alg, tt.as, got)
		}
		if got := ask(now, tt.sign("x", text(now, "x"))); got != OutcomeDenied {
			t.Errorf("%s %s: another key is %s", tt.alg, tt.as, got)
		}
		if got := ask(fmt.Sprint(start.UnixMilli()+1), tt.sign(key, text(now, key))); got != OutcomeDenied {
			t.Errorf("%s %s: another time than the signed one is %s", tt.alg, tt.as, got)
		}
		if got := ask("1", tt.sign(key, text("1", key))); got != OutcomeMalformed {
			t.Errorf("%s %s: an old time is %s", tt.alg, tt.as, got)
		}
	}
}
