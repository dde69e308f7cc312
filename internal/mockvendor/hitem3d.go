package mockvendor

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// variantText makes codes text, as the document's table has them (its
// examples have numbers), and moves the text of a failure to "message".
const variantText = "text"

// hitem3d is Hitem3D. Documented are the request, the success, and the codes
// 40010000 and 10000000 inside HTTP 200; the throttling is assumed. The
// secret holds every character that an escaping client alters.
func hitem3d() *vendor {
	v := &vendor{
		name:        "hitem3d",
		credentials: map[string]string{"client_id": "mock-only-hitem3d-id_M3Z", "client_secret": "+mock-only/hitem3d%3Asecret:7+Nd/c2="},

		method:    http.MethodPost,
		tokenPath: "/open-api/v1/auth/token",
		roots:     []string{"/open-api/v1/"},
		call:      "/open-api/v1/balance",

		life: 24 * time.Hour,

		denied:       failure{http.StatusOK, 40010000, "client credentials are invalid"},
		throttled:    failure{http.StatusTooManyRequests, 429, "too many requests"},
		system:       failure{http.StatusOK, 10000000, "system error"},
		unauthorized: failure{http.StatusOK, 401, "Unauthorized"},

		mint:    mintHitem3D,
		carried: bearer(nil),
		write:   inEnvelope(200, "success", envelopeHitem3D),
	}
	v.check = func(r *http.Request, body []byte, _ time.Time) error {
		switch err := checkContentType(r, "application/json"); {
		case r.URL.RawQuery != "":
			return errQuery
		case err != nil:
			return err
		case len(body) > 0:
			return errors.New("the body must be empty")
		}
		// The text of both parts is not escaped.
		basic := base64.StdEncoding.EncodeToString([]byte(v.credentials["client_id"] + ":" + v.credentials["client_secret"]))
		if checkHeader(r, "Authorization", "Basic "+basic) != nil {
			return errWrongCredentials
		}
		return nil
	}
	return v
}

// mintHitem3D makes a token like the real ones: not a JWT, with "*" and with
// an "=" inside. The answer does not state the life, and the nonce is not an
// expiry.
func mintHitem3D(_ *http.Request, issued time.Time, _ time.Duration) (string, any) {
	type data struct {
		AccessToken string `json:"accessToken"`
		TokenType   string `json:"tokenType"`
		Nonce       string `json:"nonce"`
	}
	token := "mock*" + randomText(12) + "=" + randomText(24) + "*" + randomText(12) + "=="
	return token, data{token, "Bearer", strconv.FormatInt(issued.UnixMilli(), 10) + "hitem3d"}
}

func envelopeHitem3D(variant string, failed bool, code any, text string, data any) any {
	if data == nil {
		data = struct{}{}
	}
	if variant == variantText {
		code = fmt.Sprint(code)
	}
	if failed && variant != variantText {
		return struct {
			Code any    `json:"code"`
			Data any    `json:"data"`
			Msg  string `json:"msg"`
		}{code, data, text}
	}
	return struct {
		Code    any    `json:"code"`
		Message string `json:"message"`
		Data    any    `json:"data"`
	}{code, text, data}
}
