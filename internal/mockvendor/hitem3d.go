package mockvendor

import (
	"encoding/base64"
	"errors"
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
	return &vendor{
		name:      "hitem3d",
		tokenPath: "/open-api/v1/auth/token",
		roots:     []string{"/open-api/v1/"},
		call:      "/open-api/v1/balance",

		idVar:     "client_id",
		id:        "mock-only-hitem3d-id_M3Z",
		secretVar: "client_secret",
		secret:    "+mock-only/hitem3d%3Asecret:7+Nd/c2=",

		life: 24 * time.Hour,

		ok:           200,
		okText:       "success",
		denied:       failure{http.StatusOK, 40010000, "client credentials are invalid"},
		throttled:    failure{http.StatusTooManyRequests, 429, "too many requests"},
		system:       failure{http.StatusOK, 10000000, "system error"},
		unauthorized: failure{http.StatusOK, 401, "Unauthorized"},

		check:    checkHitem3D,
		mint:     mintHitem3D,
		envelope: envelopeHitem3D,
	}
}

func checkHitem3D(v *vendor, r *http.Request, body []byte) error {
	if err := checkContentType(r); err != nil {
		return err
	}
	if len(body) > 0 {
		return errors.New("the body must be empty")
	}
	// The raw text of both parts, neither of them escaped.
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(v.id+":"+v.secret))
	if checkHeader(r, "Authorization", basic) != nil {
		return errWrongCredentials
	}
	return nil
}

// mintHitem3D makes a token as they really are: no JWT, with "*" and with an
// "=" inside. The life is nowhere in the answer, and the nonce is no expiry.
func mintHitem3D(issued time.Time, _ time.Duration) (string, any) {
	type data struct {
		AccessToken string `json:"accessToken"`
		TokenType   string `json:"tokenType"`
		Nonce       string `json:"nonce"`
	}
	token := "mock*" + randomText(12) + "=" + randomText(24) + "*" + randomText(12) + "=="
	return token, data{token, "Bearer", strconv.FormatInt(issued.UnixMilli(), 10) + "hitem3d"}
}

func envelopeHitem3D(variant string, failed bool, code int, text string, data any) any {
	if data == nil {
		data = struct{}{}
	}
	var c any = code
	if variant == variantText {
		c = strconv.Itoa(code)
	}
	if failed && variant != variantText {
		return struct {
			Code any    `json:"code"`
			Data any    `json:"data"`
			Msg  string `json:"msg"`
		}{c, data, text}
	}
	return struct {
		Code    any    `json:"code"`
		Message string `json:"message"`
		Data    any    `json:"data"`
	}{c, text, data}
}
