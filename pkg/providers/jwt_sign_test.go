package providers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// testKeys are made once: an RSA key takes a while.
var testKeys = sync.OnceValue(func() (k struct {
	rsa     *rsa.PrivateKey
	short   *rsa.PrivateKey
	ecdsa   *ecdsa.PrivateKey
	p384    *ecdsa.PrivateKey
	ed25519 ed25519.PrivateKey

	rs256, es256, eddsa string // the first of each kind, in PEM
}) {
	k.rsa, _ = rsa.GenerateKey(rand.Reader, 2048)
	k.short, _ = rsa.GenerateKey(rand.Reader, 1024)
	k.ecdsa, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	k.p384, _ = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, k.ed25519, _ = ed25519.GenerateKey(rand.Reader)
	for text, key := range map[*string]any{&k.rs256: k.rsa, &k.es256: k.ecdsa, &k.eddsa: k.ed25519} {
		der, _ := x509.MarshalPKCS8PrivateKey(key)
		*text = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	}
	return k
})

func pemOf(t *testing.T, kind string, key any) string {
	t.Helper()
	var der []byte
	var err error
	switch key := key.(type) {
	case []byte:
		der = key
	case *rsa.PrivateKey:
		der = x509.MarshalPKCS1PrivateKey(key)
		if kind == "PRIVATE KEY" {
			der, err = x509.MarshalPKCS8PrivateKey(key)
		}
	case *ecdsa.PrivateKey:
		if der, err = x509.MarshalECPrivateKey(key); kind == "PRIVATE KEY" {
			der, err = x509.MarshalPKCS8PrivateKey(key)
		}
	default:
		der, err = x509.MarshalPKCS8PrivateKey(key)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

const localSpec = `
name: local
vars: [{name: id}, {name: key, secret: true%s}]
endpoint: https://local.example
jwt:
  alg: %s
  key: key
  header: {kid: "{id}"}
  claims: {iss: "{id}", at: "{now_s}"}
  life: 20m
  jti: true
  nbf: true
token: "{jwt}"
use: {headers: {Authorization: "Bearer {token}"}}
`

func local(t *testing.T, alg, is string) *Provider {
	t.Helper()
	return fromYAML(t, strings.Replace(strings.Replace(localSpec, "%s", is, 1), "%s", alg, 1))
}

// verified returns the claims of a JWT whose signature is good.
func verified(t *testing.T, token, alg string, verify func(text, signature []byte) bool) map[string]any {
	t.Helper()
	text, signature, _ := strings.Cut(token[strings.IndexByte(token, '.')+1:], ".")
	text = token[:strings.IndexByte(token, '.')+1] + text
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !verify([]byte(text), raw) {
		t.Errorf("%s: the signature is not good (%v)", alg, err)
	}
	var header, claims map[string]any
	for i, part := range strings.Split(text, ".") {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err == nil {
			err = json.Unmarshal(raw, []any{&header, &claims}[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if header["alg"] != alg || header["typ"] != "JWT" || header["kid"] != "public-id" {
		t.Errorf("%s: %v", alg, header)
	}
	return claims
}

// TestLocalMinting: nothing is sent, every algorithm verifies, and the token
// ends with its own exp.
func TestLocalMinting(t *testing.T) {
	k := testKeys()
	digest := func(text []byte) []byte { sum := sha256.Sum256(text); return sum[:] }
	rs := func(text, s []byte) bool {
		return rsa.VerifyPKCS1v15(&k.rsa.PublicKey, crypto.SHA256, digest(text), s) == nil
	}
	ps := func(text, s []byte) bool {
		return rsa.VerifyPSS(&k.rsa.PublicKey, crypto.SHA256, digest(text), s, &rsa.PSSOptions{SaltLength: 32}) == nil
	}
	es := func(text, s []byte) bool {
		return len(s) == 64 && ecdsa.Verify(&k.ecdsa.PublicKey, digest(text), new(big.Int).SetBytes(s[:32]), new(big.Int).SetBytes(s[32:]))
	}
	ed := func(text, s []byte) bool { return ed25519.Verify(k.ed25519.Public().(ed25519.PublicKey), text, s) }
	hs := func(text, s []byte) bool {
		mac := hmac.New(sha256.New, []byte(nastySecret))
		mac.Write(text)
		return hmac.Equal(mac.Sum(nil), s)
	}
	escaped := strings.ReplaceAll(pemOf(t, "PRIVATE KEY", k.rsa), "\n", `\n`)
	for _, test := range []struct {
		alg, key string
		verify   func(text, signature []byte) bool
	}{
		{AlgRS256, pemOf(t, "PRIVATE KEY", k.rsa), rs}, {AlgRS256, pemOf(t, "RSA PRIVATE KEY", k.rsa), rs}, {AlgRS256, escaped, rs}, {AlgPS256, pemOf(t, "PRIVATE KEY", k.rsa), ps},
		{AlgES256, pemOf(t, "EC PRIVATE KEY", k.ecdsa), es}, {AlgES256, pemOf(t, "PRIVATE KEY", k.ecdsa), es}, {AlgEdDSA, pemOf(t, "PRIVATE KEY", k.ed25519), ed}, {AlgHS256, nastySecret, hs},
		{AlgES256, pemOf(t, "EC PARAMETERS", []byte{6, 1, 1}) + pemOf(t, "EC PRIVATE KEY", k.ecdsa), es},
	} {
		p := local(t, test.alg, "")
		o := exchange(t, p, func(_ *Engine, c *auth.Credentials) { c.Vars["key"] = auth.NewSecret(test.key) }, "")
		wantToken(t, o, o.token.Value.Reveal(), 20*time.Minute)
		if len(o.vendor.requests) != 0 || o.token.Source != auth.SourceJWT || o.token.CredentialID != "cred-1" || !o.token.VendorAt.Equal(testNow) {
			t.Errorf("%s: %+v", test.alg, o.token)
		}
		claims := verified(t, o.token.Value.Reveal(), test.alg, test.verify)
		iat := float64(testNow.Unix())
		if claims["iss"] != "public-id" || claims["at"] != iat || claims["iat"] != iat || claims["nbf"] != iat-5 || claims["exp"] != iat+1200 || len(claims["jti"].(string)) != 36 {
			t.Errorf("%s: %v", test.alg, claims)
		}
	}
	if !local(t, AlgHS256, "").SignsLocally() || plain(t, asForm, secondsUse).SignsLocally() {
		t.Error("SignsLocally")
	}
}

// TestSignedTimesFollowTheVendor: where its clock is known.
func TestSignedTimesFollowTheVendor(t *testing.T) {
	for unit, factor := range map[string]float64{"seconds": 1, "milliseconds": 1000} {
		p := fromYAML(t, string(local(t, AlgHS256, "").File())+"")
		p = fromYAML(t, strings.Replace(string(p.File()), "life: 20m", "life: 20m\n  unit: "+unit, 1))
		o := exchange(t, p, func(e *Engine, _ *auth.Credentials) { e.ClockSkew = -time.Hour }, "")
		wantToken(t, o, o.token.Value.Reveal(), 20*time.Minute)
		claims, _ := jwtClaims(o.token.Value.Reveal())
		if iat, _ := claims["iat"].(json.Number).Float64(); iat != float64(testNow.Add(-time.Hour).Unix())*factor {
			t.Errorf("%s: %v", unit, claims)
		}
	}
}

// TestKeysThatAreNone are refused before anything is sent, by what is wrong
// with them, and never shown.
func TestKeysThatAreNone(t *testing.T) {
	k := testKeys()
	good := pemOf(t, "PRIVATE KEY", k.ecdsa)
	public, err := x509.MarshalPKIXPublicKey(&k.ecdsa.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	sealed := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00"}, Bytes: []byte("x")})
	for name, test := range map[string]struct{ key, want string }{
		"text":               {nastySecret, "key must be a private key in PEM, from -----BEGIN to -----END"},
		"cut short":          {good[:len(good)/2], "key must be a private key in PEM"},
		"one line":           {strings.ReplaceAll(good, "\n", " "), "key must be a private key in PEM"},
		"a path":             {"/home/me/key.pem", "key must be a private key in PEM"},
		"damaged":            {pemOf(t, "PRIVATE KEY", []byte("not DER at all, but some bytes")), "key is PEM, but not a private key that can be read"},
		"a public key":       {pemOf(t, "PUBLIC KEY", public), "key must be a private key; this is a public key"},
		"a certificate":      {pemOf(t, "CERTIFICATE", public), "key must be a private key; this is a certificate"},
		"OpenSSH":            {pemOf(t, "OPENSSH PRIVATE KEY", public), "key is a key in OpenSSH's own format"},
		"under a passphrase": {string(sealed), "key is a key under a passphrase"},
		"PKCS#8, the same":   {pemOf(t, "ENCRYPTED PRIVATE KEY", public), "key is a key under a passphrase"},
		"RSA":                {pemOf(t, "PRIVATE KEY", k.rsa), "key must be an ECDSA key on the curve P-256, which ES256 signs with"},
		"another curve":      {pemOf(t, "PRIVATE KEY", k.p384), "key must be an ECDSA key on the curve P-256"},
		"Ed25519":            {pemOf(t, "PRIVATE KEY", k.ed25519), "key must be an ECDSA key on the curve P-256"},
	} {
		o := exchange(t, local(t, AlgES256, ""), func(_ *Engine, c *auth.Credentials) { c.Vars["key"] = auth.NewSecret(test.key) }, "")
		if e := wantKind(t, o, auth.Usage); !strings.HasPrefix(e.Error(), test.want) || strings.Contains(e.Error(), test.key) || len(o.vendor.requests) > 0 {
			t.Errorf("%s: %v", name, e)
		}
	}
	o := exchange(t, local(t, AlgRS256, ""), func(_ *Engine, c *auth.Credentials) {
		c.Vars["key"] = auth.NewSecret(pemOf(t, "PRIVATE KEY", k.short))
	}, "")
	if e := wantKind(t, o, auth.Usage); e.Error() != "key has 1024 bits; an RSA key needs 2048 or more" {
		t.Error(e)
	}
}

const assertionSpec = `
name: assertion
vars: [{name: id}, {name: key, secret: true}]
endpoint: https://assertion.example
jwt: {alg: HS256, key: key, claims: {iss: "{id}"}, life: 5m}
request:
  method: POST
  path: /token
  form: {assertion: "{jwt}", again: "{jwt}"}
token: access_token
expires: [{at: expires_in, as: seconds}]
use: {headers: {Authorization: "Bearer {token}"}}
`

// TestAssertion: the JWT is made for each request, is the same wherever one
// request names it, and shows nowhere.
func TestAssertion(t *testing.T) {
	p := fromYAML(t, assertionSpec)
	var echo string
	o := exchange(t, p, nil, raw("HTTP/1.1 503 X\n\n"), json200(`{"access_token":"x","expires_in":3600}`))
	wantToken(t, o, "x", time.Hour)
	_, form, _ := strings.Cut(o.vendor.requests[0], "\r\n\r\n")
	again, assertion, _ := strings.Cut(strings.TrimPrefix(form, "again="), "&assertion=")
	if again != assertion || strings.Count(assertion, ".") != 2 {
		t.Errorf("%q", form)
	}
	echo = assertion
	o = exchange(t, p, nil, raw("HTTP/1.1 400 X\nX-Echo: "+echo+"\n\n"+`{"error":"invalid_grant","error_description":"bad `+echo+`"}`))
	e := wantKind(t, o, auth.Denied)
	for _, line := range append(o.trace, e.Error(), e.VendorMessage) {
		if strings.Contains(line, echo[:40]) {
			t.Errorf("the assertion shows: %s", line)
		}
	}
	shown, err := (&Engine{Provider: p}).DryRun(testCredentials(p))
	if err != nil || !strings.Contains(shown, "again={jwt}&assertion={jwt}\n\n{jwt}, signed with key:\n{\"alg\":\"HS256\",\"typ\":\"JWT\"}\n{\"exp\":\"{now_s}+300\",\"iat\":\"{now_s}\",\"iss\":\"public-id\"}\n") {
		t.Errorf("%v\n%s", err, shown)
	}
}

// TestClockThatIsWrong: a signed time that is refused says whose clock is off.
func TestClockThatIsWrong(t *testing.T) {
	p := fromYAML(t, assertionSpec)
	refusal := func(date string) string {
		return raw("HTTP/1.1 400 X\n" + date + "\n{\"error\":\"invalid_grant\"}")
	}
	for date, want := range map[string]string{"Date: Sun, 23 Mar 2025 00:05:00 GMT\n": "5m0s behind", "Date: Sat, 22 Mar 2025 23:00:00 GMT\n": "1h0m0s ahead", testDate: "", "": ""} {
		e := wantKind(t, exchange(t, p, nil, refusal(date)), auth.Denied)
		if (e.Remedy == auth.RemedyClock) != (want != "") || want != "" && e.Subject != want {
			t.Errorf("%q: %q, %q", date, e.Remedy, e.Subject)
		}
	}
	e := wantKind(t, exchange(t, p, func(e *Engine, _ *auth.Credentials) { e.ClockSkew = 5 * time.Minute }, refusal("Date: Sun, 23 Mar 2025 00:05:00 GMT\n")), auth.Denied)
	if e.Remedy != auth.RemedyLogin {
		t.Error(e.Remedy)
	}
}

const signSpec = `
name: signed
vars: [{name: id}, {name: key, secret: true}]
endpoint: https://signed.example
sign: {alg: %s, over: [id, "{id}", t, "{now_ms}", "{key}"], as: %s%s}
request:
  method: POST
  path: /token
  form: {id: "{id}", t: "{now_ms}", sign: "{sign}"}
token: access_token
expires: [{at: expires_in, as: seconds}]
use: {headers: {Authorization: "Bearer {token}"}}
`

// TestSign: known digests, and an over that holds the secret shows it nowhere.
func TestSign(t *testing.T) {
	for _, test := range []struct{ alg, as, key string }{
		{"md5", "hex", ""},
		{"sha256", "HEX", ""},
		{"hmac-sha256", "base64", ", key: key"},
	} {
		src := signSpec
		for _, part := range []string{test.alg, test.as, test.key} {
			src = strings.Replace(src, "%s", part, 1)
		}
		p := fromYAML(t, src)
		o := exchange(t, p, nil, json200(`{"access_token":"x","expires_in":3600}`))
		wantToken(t, o, "x", time.Hour)
		_, form, _ := strings.Cut(o.vendor.requests[0], "\r\n\r\n")
		values := parseForm(t, form)
		text := "idpublic-idt1742688000000" + nastySecret
		if want := expectedDigest(test.alg, test.as, text, nastySecret); values.Get("sign") != want || values.Get("t") != "1742688000000" {
			t.Errorf("%s: %q, want %q", test.alg, form, want)
		}
		shown, err := (&Engine{Provider: p}).DryRun(testCredentials(p))
		if err != nil || strings.Contains(shown, nastySecret) || !strings.Contains(shown, "over:\nid{id}t{now_ms}{key}\n") || !strings.Contains(shown, "sign={sign}&t={now_ms}") {
			t.Errorf("%v\n%s", err, shown)
		}
		echo := raw("HTTP/1.1 400 X\n\n" + `{"error":"invalid_grant","error_description":"string to sign: ` + "idpublic-idt1742688000000+3bZ/o%41:&<>" + `, sign ` + values.Get("sign") + `"}`)
		e := wantKind(t, exchange(t, p, nil, echo), auth.Denied)
		if strings.Contains(e.Error(), values.Get("sign")) {
			t.Errorf("the signature shows: %v", e)
		}
		for _, line := range o.trace {
			if strings.Contains(line, nastySecret) || strings.Contains(line, values.Get("sign")) {
				t.Errorf("shown: %s", line)
			}
		}
	}
}

func parseForm(t *testing.T, form string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func expectedDigest(alg, as, text, key string) string {
	var sum []byte
	switch alg {
	case "md5":
		d := md5.Sum([]byte(text))
		sum = d[:]
	case "sha256":
		d := sha256.Sum256([]byte(text))
		sum = d[:]
	default:
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(text))
		sum = mac.Sum(nil)
	}
	switch as {
	case "base64":
		return base64.StdEncoding.EncodeToString(sum)
	case "HEX":
		return fmt.Sprintf("%X", sum)
	}
	return fmt.Sprintf("%x", sum)
}
