package providers

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// jwt makes an unsigned token of these claims.
func jwt(claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"none"}`)) + "." + enc([]byte(claims)) + "." + enc([]byte("signature"))
}

func wantKind(t *testing.T, o outcome, kind auth.Kind) *auth.Error {
	t.Helper()
	e, ok := auth.AsError(o.err)
	if !ok || e.Kind != kind {
		t.Fatalf("error %v, want kind %s", o.err, kind.Code())
	}
	return e
}

func wantToken(t *testing.T, o outcome, token string, life time.Duration) {
	t.Helper()
	if o.err != nil {
		t.Fatal(o.err)
	}
	if have := o.token.Value.Reveal(); have != token {
		t.Errorf("token %q, want %q", have, token)
	}
	if o.token.Life() != life {
		t.Errorf("life %v, want %v", o.token.Life(), life)
	}
}

// Naive: HTTP 200 means success.
func TestHitem3DFailsInsideHTTP200(t *testing.T) {
	p := find(t, "hitem3d")
	for _, key := range []string{"msg", "message"} { // naive: only one of them
		o := exchange(t, p, nil, json200(`{"code":40010000,"`+key+`":"client credentials are invalid","data":{}}`))
		if e := wantKind(t, o, auth.Denied); e.VendorMessage != "client credentials are invalid" || e.VendorCode != "40010000" {
			t.Errorf("%+v", e)
		}
		if len(o.vendor.requests) != 1 {
			t.Errorf("a refusal was sent %d times", len(o.vendor.requests))
		}
	}
	o := exchange(t, p, nil,
		json200(`{"code":10000000,"msg":"system error","data":{}}`),
		json200(`{"code":200,"data":{"accessToken":"abc"}}`))
	wantToken(t, o, "abc", 24*time.Hour)
	if len(o.vendor.requests) != 2 {
		t.Errorf("%d requests", len(o.vendor.requests))
	}
}

// Naive: code is compared as a number, or as a string.
func TestHitem3DCodeIsNumberOrText(t *testing.T) {
	for _, code := range []string{`200`, `"200"`} {
		wantToken(t, exchange(t, find(t, "hitem3d"), nil, json200(`{"code":`+code+`,"data":{"accessToken":"abc"}}`)), "abc", 24*time.Hour)
	}
	for _, code := range []string{`200.0`, `2e2`, `"0200"`, `" 200"`, `true`, `null`} {
		o := exchange(t, find(t, "hitem3d"), nil, json200(`{"code":`+code+`,"data":{"accessToken":"abc"}}`))
		if o.err == nil {
			t.Errorf("code %s was taken for success", code)
		}
	}
}

// Naive: OAuth 2 escaping, or base64url.
func TestHitem3DBasicIsRaw(t *testing.T) {
	o := exchange(t, find(t, "hitem3d"), func(_ *Engine, c *auth.Credentials) {
		c.Vars = map[string]auth.Secret{
			"client_id":     auth.NewSecret("kqJeYqXfV4H8pSt4LyxnR_cM3Z1kJTuNeqbCMwKxTSI87yfTrdzu766Dx8t5-6oP"),
			"client_secret": auth.NewSecret("+3bZ/n%2B:31n2Qs+hso~?"),
		}
	}, json200(`{}`))
	_, rest, _ := strings.Cut(o.vendor.requests[0], "Authorization: Basic ")
	encoded, _, _ := strings.Cut(rest, "\r\n")
	have, err := base64.StdEncoding.DecodeString(encoded)
	if want := "kqJeYqXfV4H8pSt4LyxnR_cM3Z1kJTuNeqbCMwKxTSI87yfTrdzu766Dx8t5-6oP:+3bZ/n%2B:31n2Qs+hso~?"; err != nil || string(have) != want {
		t.Errorf("%q, %v", have, err)
	}
}

// Naive: a token is what RFC 6750 allows; nonce is an expiry.
func TestHitem3DTokenHoldsStarAndEquals(t *testing.T) {
	token := "a*b=c/d+e==f{}"
	o := exchange(t, find(t, "hitem3d"), nil, json200(`{"code":200,"data":{"accessToken":"`+token+`","nonce":"1623456789000hitem3d"}}`))
	wantToken(t, o, token, 24*time.Hour)
	if o.token.Source != auth.SourceAssumed {
		t.Errorf("source %s", o.token.Source)
	}
}

// Naive: only 200 is success; the offset is dropped; the JWT's exp is believed.
func TestOneTwoThreePanExpiry(t *testing.T) {
	token := jwt(`{"exp":1742688100,"iat":1742688000}`)
	for _, at := range []string{"2025-03-23T15:48:37+08:00", "2025-03-23T15:48:37+0800", "2025-03-23T07:48:37Z", "2025-03-23T15:48:37.000+08:00"} {
		o := exchange(t, find(t, "123pan"), nil, json200(`{"code":0,"data":{"accessToken":"`+token+`","expiredAt":"`+at+`"}}`))
		wantToken(t, o, token, 7*time.Hour+48*time.Minute+37*time.Second)
		if len(o.notices) > 0 {
			t.Error(o.notices)
		}
	}
	o := exchange(t, find(t, "123pan"), nil, json200(`{"code":200,"data":{"accessToken":"x","expiredAt":"2025-03-23T15:48:37+08:00"}}`))
	wantKind(t, o, auth.Denied)
}

// Naive: the trace id and the Platform header are left out.
func TestOneTwoThreePanTraceAndPlatform(t *testing.T) {
	p := find(t, "123pan")
	o := exchange(t, p, nil, json200(`{"code":401,"message":"tokens number has exceeded the limit","x-traceID":"16f60c4d_kong"}`))
	e := wantKind(t, o, auth.Denied)
	if !strings.Contains(e.Error(), "trace 16f60c4d_kong") || !strings.Contains(e.Error(), "code 401") {
		t.Error(e)
	}
	if !strings.Contains(o.vendor.requests[0], "\r\nPlatform: open_platform\r\n") {
		t.Error("no Platform on the request")
	}
	want := [][2]string{{"Authorization", "Bearer T"}, {"Platform", "open_platform"}}
	if have, err := p.Carry(auth.Token{Value: auth.NewSecret("T")}); err != nil || fmt.Sprint(have.Headers) != fmt.Sprint(want) {
		t.Errorf("%v, %v", have, err)
	}
}

// Naive: "Bearer Bearer", and seconds.
func TestWahoolBearerAndMilliseconds(t *testing.T) {
	token := jwt(`{"ttlMillis":7200000,"iat":1714991299,"exp":1714998499}`)
	for _, prefix := range []string{"Bearer ", "bearer ", "BEARER ", ""} {
		for _, in := range []string{`"7200000"`, `7200000`, `7200000.0`, `7.2e6`} {
			o := exchange(t, find(t, "wahool"), nil, json200(`{"code":200,"data":{"accessToken":"`+prefix+token+`","expiresIn":`+in+`}}`))
			wantToken(t, o, token, 2*time.Hour)
			if o.token.Source != auth.SourceJWT || len(o.notices) > 0 {
				t.Error(o.token.Source, o.notices)
			}
		}
	}
	// No JWT: expiresIn, as milliseconds.
	o := exchange(t, find(t, "wahool"), nil, json200(`{"code":200,"data":{"accessToken":"Bearer opaque","expiresIn":"7200000"}}`))
	wantToken(t, o, "opaque", 2*time.Hour)
	if o.token.Source != auth.SourceField {
		t.Error(o.token.Source)
	}
	carried, err := find(t, "wahool").Carry(o.token)
	if err != nil || carried.Headers[0] != [2]string{"Authorization", "Bearer opaque"} {
		t.Error(carried, err)
	}
	// Only one prefix is the vendor's; a second is no token.
	o = exchange(t, find(t, "wahool"), nil, json200(`{"code":200,"data":{"accessToken":"Bearer Bearer x","expiresIn":"7200000"}}`))
	wantKind(t, o, auth.Vendor)
}

func TestWahoolSourcesThatDisagreeMakeOneNotice(t *testing.T) {
	token := jwt(`{"iat":1714991299,"exp":1714998499}`)
	o := exchange(t, find(t, "wahool"), nil, json200(`{"code":200,"data":{"accessToken":"`+token+`","expiresIn":7200}}`))
	wantToken(t, o, token, 2*time.Hour)
	want := "wahool: the token's life is 2h by the token's own claims and 7.2s by data.expiresIn; using the token's own claims"
	if len(o.notices) != 1 || o.notices[0] != want {
		t.Errorf("%q", o.notices)
	}
}

// Naive: a 307 is followed, body and all.
func TestRedirectIsRefused(t *testing.T) {
	for _, status := range []int{301, 302, 303, 304, 307, 308} {
		o := exchange(t, find(t, "123pan"), nil, raw(fmt.Sprintf("HTTP/1.1 %d %s\nLocation: https://evil.example/x?secret=%s\n\n", status, http.StatusText(status), "s")))
		e := wantKind(t, o, auth.Network)
		if len(o.vendor.requests) != 1 || !strings.Contains(e.Error(), "redirect refused") || !strings.Contains(e.Error(), "evil.example") || strings.Contains(e.Error(), "?") {
			t.Error(len(o.vendor.requests), e)
		}
	}
}

// Naive: times are believed by the local clock.
func TestSkewCancelsOut(t *testing.T) {
	for _, skew := range []time.Duration{0, 2 * time.Second, -2 * time.Second, 5 * time.Second, 3 * time.Hour, -30 * 24 * time.Hour, 500 * 24 * time.Hour} {
		vendorNow := testNow.Add(skew)
		date := vendorNow.Format(http.TimeFormat)
		expires := vendorNow.Add(time.Hour)
		o := exchange(t, find(t, "123pan"), nil, raw("HTTP/1.1 200 OK\nDate: "+date+"\n\n"+
			`{"code":0,"data":{"accessToken":"x","expiredAt":"`+expires.Format(time.RFC3339)+`"}}`))
		switch {
		case skew.Abs() > MaxLife: // no Date at all, and so a life of 500 days
			wantKind(t, o, auth.Vendor)
		case skew.Abs() <= 2*time.Second:
			wantToken(t, o, "x", time.Hour+skew)
			if !o.token.ExpiresAt.Equal(expires) {
				t.Errorf("skew %v: %v, want exactly %v", skew, o.token.ExpiresAt, expires)
			}
		default:
			wantToken(t, o, "x", time.Hour)
			if !o.token.ExpiresAt.Equal(testNow.Add(time.Hour)) {
				t.Errorf("skew %v: %v", skew, o.token.ExpiresAt)
			}
		}
	}
}
