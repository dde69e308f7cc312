package mockvendor

import (
	"crypto/rand"
	"net/http"
	"time"
)

// platform is the value of the header Platform in every request to 123pan.
const platform = "open_platform"

// misleading is by how much the token's own exp is earlier than the
// expiredAt of the answer. The vendor's tokens disagree with the answer in
// this way; a client that believes the token discards it.
const misleading = 30 * 24 * time.Hour

// variantStatus gives a protected call without a live token HTTP 401 as well as
// the code in the body.
const variantStatus = "status"

// pan123 is the 123pan open platform. Documented are the request and the
// success. The codes 401 and 429 are documented for protected calls only, as
// codes "in the body" without saying which HTTP status they come with: that it
// is 200, that a request for a token fails in the same way, and the code 1 are
// assumed.
func pan123() *vendor {
	v := &vendor{
		name:        "123pan",
		credentials: map[string]string{"client_id": "mock-only-123pan-id", "client_secret": "mock-only-123pan-secret-5f1c0a9e7d"},

		method:    http.MethodPost,
		tokenPath: "/api/v1/access_token",
		roots:     []string{"/api/v1/", "/api/v2/", "/upload/v1/", "/upload/v2/"},
		call:      "/api/v1/user/info",

		life:    2 * time.Hour,
		maxLive: 3,

		denied:       failure{http.StatusOK, 401, "client credentials are invalid"},
		throttled:    failure{http.StatusOK, 429, "too many requests"},
		system:       failure{http.StatusOK, 1, "internal error"},
		unauthorized: failure{http.StatusOK, 401, "access_token is invalid"},
		loggedOut:    "tokens number has exceeded the limit",

		mint:    mintPan123,
		carried: bearer(map[string]string{"Platform": platform}),
		write:   inEnvelope(0, "ok", envelopePan123),
	}
	v.check = func(r *http.Request, body []byte, _ time.Time) error {
		if err := checkHeader(r, "Platform", platform); err != nil {
			return err
		}
		return checkJSON(r, body, map[string]string{"clientID": v.credentials["client_id"], "clientSecret": v.credentials["client_secret"]})
	}
	return v
}

// chinaTime is the zone of the vendors' times, made without a zone database.
func chinaTime() *time.Location { return time.FixedZone("", 8*60*60) }

func mintPan123(_ *http.Request, issued time.Time, ttl time.Duration) (string, any) {
	type claims struct {
		Exp int64 `json:"exp"`
		Iat int64 `json:"iat"`
	}
	type data struct {
		AccessToken string `json:"accessToken"`
		ExpiredAt   string `json:"expiredAt"`
	}
	expires := issued.Add(ttl)
	token := jwt(`{"alg":"HS256","typ":"JWT"}`, claims{Exp: expires.Add(-misleading).Unix(), Iat: issued.Unix()}, 32)
	return token, data{token, expires.In(chinaTime()).Format(time.RFC3339)}
}

func envelopePan123(_ string, _ bool, code any, text string, data any) any {
	return struct {
		Code    any    `json:"code"`
		Message string `json:"message"`
		Data    any    `json:"data"`
		TraceID string `json:"x-traceID"`
	}{code, text, data, rand.Text() + "_mock"}
}
