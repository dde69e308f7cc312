package providers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/hauth/hauth/pkg/auth"
)

// JWT describes the JSON Web Token that stands for {jwt}: an assertion in the
// request, or the token itself. Strings in Header and Claims are templates
// that know the Spec's variables, {now_s}, {now_ms} and {uuid}. iat and exp
// are always there.
type JWT struct {
	Alg    string         // one of the Alg constants; empty: there is no JWT
	Key    string         // secret variable: PEM, or text for HS256
	Header map[string]any // beside alg and typ
	Claims map[string]any
	Life   time.Duration // from iat to exp
	JTI    bool          // a random jti
	NBF    bool          // an nbf, 5 s before iat
	Millis bool          // times are in milliseconds, which RFC 7519 does not know
}

// Signature algorithms of RFC 7518 section 3.1 and RFC 8037.
const (
	AlgRS256 = "RS256"
	AlgPS256 = "PS256"
	AlgES256 = "ES256"
	AlgEdDSA = "EdDSA"
	AlgHS256 = "HS256"
)

// notBefore is how long before iat an nbf is, for vendors whose clock is a
// little behind.
const notBefore = 5 * time.Second

// minRSA is the least length of an RSA key, in bits (RFC 7518 section 3.3).
const minRSA = 2048

func (j JWT) asymmetric() bool { return j.Alg != "" && j.Alg != AlgHS256 }

func (d *decoder) jwt(path string, n *yaml.Node, j *JWT) {
	unit := ""
	d.fields(path, n, map[string]reader{
		"alg":    d.text(&j.Alg),
		"key":    d.text(&j.Key),
		"header": d.object(&j.Header),
		"claims": d.object(&j.Claims),
		"life":   d.duration(&j.Life),
		"jti":    d.flag(&j.JTI),
		"nbf":    d.flag(&j.NBF),
		"unit":   d.text(&unit),
	})
	switch unit {
	case "", AsSeconds:
	case AsMilliseconds:
		j.Millis = true
	default:
		d.fail(d.at(path+".unit"), path+".unit must be seconds or milliseconds")
	}
}

// sign makes the JWT that is issued at a time on the vendor's clock. Errors
// are of kind Usage and name the key's variable, never its value.
func (j JWT) sign(s *Spec, creds auth.Credentials, at time.Time, value values) (string, error) {
	claims, err := j.claims(s, at, value)
	if err != nil {
		return "", err
	}
	header, err := s.encodeJSON(j.header(), nil, value)
	if err != nil {
		return "", err
	}
	body, err := compactJSON(claims)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(body)
	signature, err := j.signature([]byte(text), creds.Vars[j.Key].Reveal())
	if err != nil {
		return "", &auth.Error{Kind: auth.Usage, Fact: j.Key + " " + err.Error()}
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// header is the file's own with alg and typ.
func (j JWT) header() map[string]any {
	header := map[string]any{"typ": "JWT"}
	maps.Copy(header, j.Header)
	header["alg"] = j.Alg
	return header
}

func (j JWT) claims(s *Spec, at time.Time, value values) (map[string]any, error) {
	filled, err := expandJSON(j.Claims, "", func(_, template string) (any, error) { return s.jsonText(template, value, false) })
	if err != nil {
		return nil, err
	}
	claims := filled.(map[string]any)
	numeric := time.Time.Unix
	if j.Millis {
		numeric = time.Time.UnixMilli
	}
	claims["iat"], claims["exp"] = numeric(at), numeric(at.Add(j.Life))
	if j.NBF {
		claims["nbf"] = numeric(at.Add(-notBefore))
	}
	if j.JTI {
		claims["jti"] = newUUID()
	}
	return claims, nil
}

// signature signs text with a key. The errors continue "NAME …".
func (j JWT) signature(text []byte, key string) ([]byte, error) {
	if j.Alg == AlgHS256 {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(text)
		return mac.Sum(nil), nil
	}
	private, err := parsePrivateKey(key)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(text)
	switch key := private.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < minRSA {
			return nil, fmt.Errorf("has %d bits; an RSA key needs %d or more", key.N.BitLen(), minRSA)
		}
		switch j.Alg {
		case AlgRS256:
			return rsaResult(rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:]))
		case AlgPS256:
			return rsaResult(rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}))
		}
	case *ecdsa.PrivateKey:
		if j.Alg == AlgES256 && key.Curve == elliptic.P256() {
			r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
			if err != nil {
				return nil, errors.New("cannot be used to sign")
			}
			raw := make([]byte, 64) // r and s, as RFC 7518 section 3.4 has them
			r.FillBytes(raw[:32])
			s.FillBytes(raw[32:])
			return raw, nil
		}
	case ed25519.PrivateKey:
		if j.Alg == AlgEdDSA {
			return ed25519.Sign(key, text), nil
		}
	}
	return nil, fmt.Errorf("must be %s, which %s signs with", keyFor(j.Alg), j.Alg)
}

// rsaResult hides crypto/rsa's own words.
func rsaResult(signature []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, errors.New("cannot be used to sign")
	}
	return signature, nil
}

func keyFor(alg string) string {
	switch alg {
	case AlgES256:
		return "an ECDSA key on the curve P-256"
	case AlgEdDSA:
		return "an Ed25519 key"
	}
	return "an RSA key"
}
