package mockvendor

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"maps"
	"math/big"
	"strings"
	"time"
)

// signatures verifies what the request has as {jwt} and {sign}.
func (m *match) signatures() error {
	if text, ok := m.made["jwt"]; ok {
		if _, err := m.jwt(text); err != nil {
			return err
		}
	}
	if text, ok := m.made["sign"]; ok && text != m.sign() {
		return errWrongCredentials
	}
	return nil
}

// sign is the digest that the file describes, over the values of the
// request.
func (m *match) sign() string {
	s := m.file.Sign
	var h hash.Hash
	switch s.Alg {
	case "hmac-sha256":
		h = hmac.New(sha256.New, []byte(m.known[s.Key]))
	case "md5":
		h = md5.New()
	default:
		h = sha256.New()
	}
	for _, part := range s.Over {
		h.Write([]byte(m.fill(part)))
	}
	switch sum := h.Sum(nil); s.As {
	case "base64":
		return base64.StdEncoding.EncodeToString(sum)
	case "HEX":
		return strings.ToUpper(hex.EncodeToString(sum))
	default:
		return hex.EncodeToString(sum)
	}
}

// jwt verifies a JSON Web Token by the file: header, claims, times and
// signature. It returns the token's end.
func (m *match) jwt(text string) (expires time.Time, err error) {
	j := m.file.JWT
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return time.Time{}, errors.New("the JWT does not have three parts")
	}
	var raw [3][]byte
	for i, part := range parts {
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return time.Time{}, errors.New("the JWT is not base64url")
		}
	}
	header := map[string]any{"typ": "JWT"}
	maps.Copy(header, j.Header)
	header["alg"] = j.Alg
	got, err := readJSON(raw[0])
	if err != nil {
		return time.Time{}, err
	}
	if err := m.json(header, got, "header"); err != nil {
		return time.Time{}, err
	}
	if !verified(j.Alg, m.known[j.Key], []byte(parts[0]+"."+parts[1]), raw[2]) {
		return time.Time{}, errWrongCredentials
	}
	return m.claims(raw[1])
}

// claims compares the claims with the file's, and looks at the times that the
// client adds to them.
func (m *match) claims(raw []byte) (expires time.Time, err error) {
	j := m.file.JWT
	tree, err := readJSON(raw)
	if err != nil {
		return time.Time{}, err
	}
	claims, ok := tree.(map[string]any)
	if !ok {
		return time.Time{}, errors.New("the claims must be an object")
	}
	unit := time.Second
	if j.Millis {
		unit = time.Millisecond
	}
	take := func(name string) (time.Time, bool) {
		number, ok := claims[name].(json.Number)
		n, err := number.Int64()
		delete(claims, name)
		if unit == time.Millisecond {
			return time.UnixMilli(n), ok && err == nil
		}
		return time.Unix(n, 0), ok && err == nil
	}
	issued, hasIssued := take("iat")
	expires, hasExpires := take("exp")
	if !hasIssued || !hasExpires || expires.Sub(issued) != j.Life {
		return time.Time{}, errors.New("iat and exp of the JWT do not match the file")
	}
	if issued.Sub(m.now) > clockLeeway || !m.now.Before(expires) {
		return time.Time{}, errors.New("the JWT is not valid at present")
	}
	if j.NBF {
		if from, ok := take("nbf"); !ok || from.After(issued) || issued.Sub(from) > time.Minute {
			return time.Time{}, errors.New("nbf of the JWT does not match the file")
		}
	}
	if j.JTI {
		if id, _ := claims["jti"].(string); id == "" {
			return time.Time{}, errors.New("the JWT has no jti")
		}
		delete(claims, "jti")
	}
	want := j.Claims
	if want == nil {
		want = map[string]any{}
	}
	if err := m.json(want, claims, "claims"); err != nil {
		return time.Time{}, err
	}
	if wrong := m.wrongMade(); wrong != "" {
		return time.Time{}, errors.New(wrong)
	}
	return expires, nil
}

// verified reports whether a signature over text was made with the key.
func verified(alg, key string, text, signature []byte) bool {
	if alg == "HS256" {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(text)
		return hmac.Equal(mac.Sum(nil), signature)
	}
	digest := sha256.Sum256(text)
	switch public := publicKey(key).(type) {
	case *rsa.PublicKey:
		if alg == "PS256" {
			return rsa.VerifyPSS(public, crypto.SHA256, digest[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		}
		return alg == "RS256" && rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature) == nil
	case *ecdsa.PublicKey:
		if alg != "ES256" || len(signature) != 64 {
			return false
		}
		return ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	case ed25519.PublicKey:
		return alg == "EdDSA" && ed25519.Verify(public, text, signature)
	}
	return false
}

// verifyToken accepts a token that the client has signed for itself.
func (f *fileVendor) verifyToken(token string, now time.Time) (expires time.Time, ok bool) {
	expires, err := f.match(now).jwt(token)
	return expires, err == nil
}
