package mockvendor

import (
	"net/http"
	"strconv"
	"time"
)

// wahool is the Wahool seller API, whose two documents give one request and
// one answer on two paths. Only success is documented: every failure here is
// assumed. Each of the two names has its own keys and tokens.
func wahool(name, tokenPath string) *vendor {
	v := &vendor{
		name:        name,
		credentials: map[string]string{"access_key": "mock-only-" + name + "-key", "secret_key": "mock-only-" + name + "-secret-b84e61d3f2"},

		method:    http.MethodPost,
		tokenPath: tokenPath,
		roots:     []string{"/seller/202405/"},
		call:      "/seller/202405/product/inventory/list",

		life: 2 * time.Hour,

		denied:       failure{http.StatusOK, 401, "accessKey or secretKey is invalid"},
		throttled:    failure{http.StatusTooManyRequests, 429, "too many requests"},
		system:       failure{http.StatusInternalServerError, 500, "internal server error"},
		unauthorized: failure{http.StatusUnauthorized, 401, "unauthorized"},

		mint:    mintWahool,
		carried: bearer(nil),
		write:   inEnvelope(200, "success", envelopeWahool),
	}
	v.check = func(r *http.Request, body []byte, _ time.Time) error {
		return checkJSON(r, body, map[string]string{"accessKey": v.credentials["access_key"], "secretKey": v.credentials["secret_key"]})
	}
	return v
}

// mintWahool makes the answer that the example shows, not the one that the
// table describes: "Bearer " is part of the value, and expiresIn is a number
// of milliseconds as text, where the table says seconds.
func mintWahool(_ *http.Request, issued time.Time, ttl time.Duration) (string, any) {
	type claims struct {
		TTLMillis     int64 `json:"ttlMillis"`
		OpenAccountID int   `json:"openAccountId"`
		Iat           int64 `json:"iat"`
		Exp           int64 `json:"exp"`
	}
	type data struct {
		AccessToken string `json:"accessToken"`
		ExpiresIn   string `json:"expiresIn"`
	}
	token := jwt(`{"alg":"HS512"}`, claims{
		TTLMillis:     ttl.Milliseconds(),
		OpenAccountID: 1,
		Iat:           issued.Unix(),
		Exp:           issued.Add(ttl).Unix(),
	}, 64)
	return token, data{"Bearer " + token, strconv.FormatInt(ttl.Milliseconds(), 10)}
}

func envelopeWahool(_ string, _ bool, code any, text string, data any) any {
	return struct {
		Code          any    `json:"code"`
		Message       string `json:"message"`
		Data          any    `json:"data"`
		Locale        int    `json:"locale"`
		LocaleDisplay string `json:"localeDisplay"`
	}{code, text, data, 8, "GMT+8"}
}
