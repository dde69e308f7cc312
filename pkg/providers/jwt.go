package providers

import (
	"encoding/base64"
	"strings"
	"time"
)

// jwtLife reads the life out of a JWT's claims. Nothing is verified: the
// token came from the vendor over TLS, and only its age is of interest.
//
// exp minus iat is the vendor's own measure and needs no clock. Only where
// iat shows that the vendor handed out an older token once more does what is
// left by the vendor's Date count.
func jwtLife(token string, c clock) (time.Duration, bool) {
	claims, ok := jwtClaims(token)
	if !ok {
		return 0, false
	}
	exp, ok := claim(claims, "exp")
	if !ok {
		return 0, false
	}
	iat, ok := claim(claims, "iat")
	if !ok {
		return c.until(exp), true
	}
	if !exp.After(iat) {
		return 0, false
	}
	if c.vendorNow.Sub(iat) > reissued && c.vendorNow.Before(exp) {
		return c.until(exp), true
	}
	return exp.Sub(iat), true
}

// reissued is the age from which a token counts as handed out once more; less
// is delay and the clocks of a vendor's own machines.
const reissued = time.Minute

// jwtClaims decodes the middle of a compact JWS, as strictly as any answer.
func jwtClaims(token string) (map[string]any, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil, false
	}
	v, err := readJSON(raw)
	claims, ok := v.(map[string]any)
	return claims, err == nil && ok
}

// claim reads a NumericDate of RFC 7519: seconds, perhaps with a fraction.
func claim(claims map[string]any, name string) (time.Time, bool) {
	text, p := (&answer{tree: claims}).lookup(name)
	if p != scalar {
		return time.Time{}, false
	}
	n, ok := number(text, maxEpoch)
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(int64(n), 0), true
}
