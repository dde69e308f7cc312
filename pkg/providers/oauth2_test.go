package providers

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

const clientCredentials = `
name: standard
vars: [{name: client_id}, {name: client_secret, secret: true}%s]
endpoint: https://standard.example
oauth2: client_credentials
request:
  path: /oauth/token
%s`

func standard(t *testing.T, vars, rest string) *Provider {
	t.Helper()
	src := strings.Replace(clientCredentials, "%s", vars, 1)
	return fromYAML(t, strings.Replace(src, "%s", rest, 1))
}

// TestPreset: what the file writes itself wins; the rest is RFC 6749's.
func TestPreset(t *testing.T) {
	for name, test := range map[string]struct{ vars, rest, want string }{
		"plain":      {"", "", "POST /oauth/token HTTP/1.1|\r\n\r\nclient_id=public-client_id&client_secret=%2B3bZ%2Fo%2541%3A%26%3C%3E%22%5C%3DT31n2%C3%A9&grant_type=client_credentials"},
		"scope":      {", {name: scope}", "", "&grant_type=client_credentials&scope=public-scope"},
		"basic":      {"", "  basic: [client_id, client_secret]\n", "\r\nAuthorization: Basic |\r\n\r\ngrant_type=client_credentials"},
		"JSON":       {", {name: audience}", "  json: {audience: \"{audience}\"}\n", `{"audience":"public-audience","client_id":"public-client_id","client_secret":"+3bZ/o%41:&<>\"\\=T31n2é","grant_type":"client_credentials"}`},
		"own grant":  {"", "  form: {grant_type: account_credentials}\n", "&grant_type=account_credentials"},
		"GET":        {"", "  method: GET\n", "GET /oauth/token?client_id=public-client_id&client_secret="},
		"query":      {"", "  query: {v: \"1\"}\n", "POST /oauth/token?v=1 HTTP/1.1|\r\n\r\nclient_id="},
		"own use":    {"", "use: {headers: {X-Token: \"{token}\"}}\n", "\r\n\r\nclient_id="},
		"own expiry": {"", "expires: [{after: 1h}]\n", "\r\n\r\nclient_id="},
		"own token":  {"", "token: [token, access_token]\n", "\r\n\r\nclient_id="},
		"own method": {"", "  method: PUT\n", "PUT /oauth/token"},
	} {
		t.Run(name, func(t *testing.T) {
			p := standard(t, test.vars, test.rest)
			o := exchange(t, p, nil, json200(`{"access_token":"x","expires_in":3600,"token_type":"bearer"}`))
			wantToken(t, o, "x", time.Hour)
			for want := range strings.SplitSeq(test.want, "|") {
				if !strings.Contains(o.vendor.requests[0], want) {
					t.Errorf("%q\nlacks %q", o.vendor.requests[0], want)
				}
			}
		})
	}
	if p := standard(t, "", ""); p.TokenType() != "Bearer" || p.Limits.Rotates {
		t.Errorf("%+v", p.Spec)
	}
}

// TestPresetRefreshToken rotates unless the file says otherwise, and needs no
// client secret.
func TestPresetRefreshToken(t *testing.T) {
	const src = `
name: refresh
vars: [{name: client_id}, {name: refresh_token, secret: true}]
endpoint: https://refresh.example
oauth2: refresh_token
request: {path: /token}
`
	p := fromYAML(t, src)
	if !p.Limits.Rotates || !reflect.DeepEqual(p.Rotate, map[string]string{"refresh_token": "refresh_token"}) || len(p.Request.Form) != 3 {
		t.Errorf("%+v", p.Spec)
	}
	if still := fromYAML(t, src+"rotate: {}\n"); still.Limits.Rotates {
		t.Error("rotate: {} does not win")
	}
}

// TestOAuth2Errors: RFC 6749's words without a field, whatever the status.
// They came out as exit 9, and a wrong secret was sent again on every call.
func TestOAuth2Errors(t *testing.T) {
	plainForm := "token: access_token\nexpires: [{at: expires_in, as: seconds}]\nuse: {headers: {Authorization: \"Bearer {token}\"}}\n"
	for code, want := range map[string]struct {
		kind   auth.Kind
		fact   string
		remedy auth.Remedy
	}{
		"invalid_client":          {auth.Denied, "credentials refused by the vendor", auth.RemedyLogin},
		"invalid_grant":           {auth.Denied, "credentials refused by the vendor", auth.RemedyLogin},
		"unauthorized_client":     {auth.Denied, "credentials refused by the vendor", auth.RemedyLogin},
		"access_denied":           {auth.Denied, "credentials refused by the vendor", auth.RemedyLogin},
		"invalid_scope":           {auth.Denied, "credentials refused by the vendor", auth.RemedyLogin},
		"slow_down":               {auth.Throttled, "throttled by the vendor", ""},
		"temporarily_unavailable": {auth.Vendor, "the vendor reported an internal error", ""},
	} {
		body := `{"error":"` + code + `","error_description":"because"}`
		for _, rest := range []string{plainForm, "error: {message: [error_description]}\n" + plainForm, "error: {code: error, message: error_description}\n" + plainForm, "error: {code: code, message: msg}\n" + plainForm} {
			p := plain(t, asForm, rest)
			for _, status := range []string{"200 OK", "400 Bad Request", "401 Unauthorized", "403 Forbidden"} {
				o := exchange(t, p, nil, raw("HTTP/1.1 "+status+"\nContent-Type: application/json\n\n"+body))
				e := wantKind(t, o, want.kind)
				fact := want.fact
				if status != "200 OK" {
					fact += ": HTTP " + status[:3]
				}
				if e.Fact != fact || e.VendorCode != code || e.VendorMessage != "because" || e.Remedy != want.remedy {
					t.Errorf("%s in HTTP %s: %+v", code, status, e)
				}
				if transient := code == "temporarily_unavailable"; transient != (len(o.vendor.requests) == 2) {
					t.Errorf("%s in HTTP %s: %d requests", code, status, len(o.vendor.requests))
				}
			}
		}
	}
	// codes comes first; so does a vendor's own code where the file describes one.
	p := plain(t, asForm, "codes: {invalid_client: throttled}\n"+plainForm)
	wantKind(t, exchange(t, p, nil, json200(`{"error":"invalid_client"}`)), auth.Throttled)
	p = plain(t, asForm, "error: {code: code}\n"+plainForm)
	if e := wantKind(t, exchange(t, p, nil, json200(`{"code":17,"error":"invalid_client"}`)), auth.Denied); e.VendorCode != "17" || e.Remedy != auth.RemedyLookUp {
		t.Errorf("%+v", e)
	}
	// A token is a success, with an empty or a friendly error beside it.
	p = plain(t, asForm, plainForm)
	for _, word := range []string{`""`, `null`, `"ok"`, `0`, `"invalid_client"`} {
		wantToken(t, exchange(t, p, nil, json200(`{"error":`+word+`,"access_token":"x","expires_in":3600}`)), "x", time.Hour)
	}
	// Words for people are not codes where the file describes other errors.
	p = plain(t, asForm, "error: {message: [message]}\n"+plainForm)
	if e := wantKind(t, exchange(t, p, nil, raw("HTTP/1.1 400 X\n\n{\"error\":\"Bad Request\",\"message\":\"no such app\"}")), auth.Vendor); e.VendorCode != "" || e.VendorMessage != "no such app" {
		t.Errorf("%+v", e)
	}
}

// TestRefusalsNameNoCause: only what means it is "credentials refused".
func TestRefusalsNameNoCause(t *testing.T) {
	p := plain(t, asForm, "docs: https://docs.example/errors\nok: {code: [\"0\"]}\nerror: {code: code, message: msg}\ncodes: {\"40164\": refused, \"40001\": denied}\n"+secondsUse)
	for name, test := range map[string]struct {
		answer, text string
		remedy       auth.Remedy
	}{
		"denied":       {json200(`{"code":40001,"msg":"bad secret"}`), `credentials refused by the vendor (code 40001: "bad secret")`, auth.RemedyLogin},
		"refused":      {json200(`{"code":40164,"msg":"ip not allowed"}`), `refused by the vendor (code 40164: "ip not allowed")`, auth.RemedyLookUp},
		"unknown code": {json200(`{"code":7,"msg":"huh"}`), `refused by the vendor: expected code to be 0; the response has code, msg (code 7: "huh")`, auth.RemedyLookUp},
		"HTTP 401":     {raw("HTTP/1.1 401 X\n\n"), `credentials refused by the vendor: HTTP 401`, auth.RemedyLogin},
		"HTTP 403":     {raw("HTTP/1.1 403 X\n\n"), `refused by the vendor: HTTP 403`, auth.RemedyLookUp},
		"wrong ok":     {json200(`{"code":"200","msg":"ok","token":"t","ttl":3600,"data":{"a":{"b":{"c":1}},"l":[1]}}`), `refused by the vendor: expected code to be 0; the response has code, data.a.b, data.l, msg, token, ttl (code 200: "ok")`, auth.RemedyLookUp},
	} {
		o := exchange(t, p, nil, test.answer)
		e := wantKind(t, o, auth.Denied)
		if e.Error() != test.text || e.Remedy != test.remedy || e.Remedy == auth.RemedyLookUp && e.Subject != "https://docs.example/errors" || len(o.vendor.requests) != 1 || e.Retryable {
			t.Errorf("%s: %+v\n%s", name, e, e)
		}
	}
}

// TestBasicEscape: RFC 6749 section 2.3.1 only where the file asks for it.
func TestBasicEscape(t *testing.T) {
	p := plain(t, "basic: [id, secret]\n  basic_escape: form", secondsUse)
	o := exchange(t, p, func(_ *Engine, c *auth.Credentials) { c.Vars["id"] = auth.NewSecret("a:b c") }, json200(`{"token":"x","ttl":3600}`))
	wantToken(t, o, "x", time.Hour)
	if want := "\r\nAuthorization: Basic YSUzQWIrYzolMkIzYlolMkZvJTI1NDElM0ElMjYlM0MlM0UlMjIlNUMlM0RUMzFuMiVDMyVBOQ==\r\n"; !strings.Contains(o.vendor.requests[0], want) {
		t.Errorf("%q", o.vendor.requests[0])
	}
}

// TestTokenPaths: the first that is present.
func TestTokenPaths(t *testing.T) {
	p := plain(t, asForm, "token: [data.token, token, header:X-Token]\nexpires: [{after: 1h}]\nuse: {headers: {X-T: \"{token}\"}}")
	for answer, want := range map[string]string{
		`{"data":{"token":"a"},"token":"b"}`: "a", `{"data":{},"token":"b"}`: "b", `{"data":{"token":""},"token":"b"}`: "b", `{"data":{"token":7},"token":"b"}`: "b",
	} {
		wantToken(t, exchange(t, p, nil, json200(answer)), want, time.Hour)
	}
	wantToken(t, exchange(t, p, nil, raw("HTTP/1.1 200 OK\nX-Token: c\n\n{}")), "c", time.Hour)
	if e := wantKind(t, exchange(t, p, nil, json200(`{"code":0,"Data":{"token":"secret-of-the-vendor"}}`)), auth.Vendor); e.Error() != "no token in the response at data.token or token or header:X-Token; the response has Data.token, code" {
		t.Error(e)
	}
}

// TestExpiryFailures: absent, unreadable and out of range are three messages,
// and none of them rounds into its own bound.
func TestExpiryFailures(t *testing.T) {
	for _, test := range []struct{ expires, body, want string }{
		{"{at: ttl, as: seconds}", `{"token":"t","Ttl":1}`, "no expiry in the response at ttl; the response has Ttl, token"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":null}`, "no expiry in the response at ttl; the response has token, ttl"},
		{"{at: ttl, as: rfc3339}", `{"token":"t","ttl":"2026-11-26 13:21:25"}`, "unusable expiry in the response: ttl cannot be read as rfc3339 (it looks like 0000-00-00 00:00:00)"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":-1}`, "unusable expiry in the response: ttl cannot be read as seconds (it looks like -0)"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":"a secret of the vendor's own"}`, "unusable expiry in the response: ttl cannot be read as seconds (it looks like a aaaaaa aa aaa aaaaaa'a aaa)"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":0}`, "unusable expiry in the response: ttl is 0"},
		{"{at: ttl, as: seconds}, {at: exp, as: epoch_s}", `{"token":"t","ttl":0}`, "unusable expiry in the response: ttl is 0; exp is absent"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":{}}`, "unusable expiry in the response: ttl is an object or a list"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":29.9996}`, "the token's life is out of range: 29.999s by ttl, shorter than the minimum of 30s"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":34560001}`, "the token's life is out of range: 400d1s by ttl, longer than the maximum of 400d"},
		{"{at: ttl, as: seconds}", `{"token":"t","ttl":34560000.5}`, "the token's life is out of range: 400d500ms by ttl, longer than the maximum of 400d"},
		{"{as: jwt}", `{"token":"t"}`, "unusable expiry in the response: the token is not a JWT with an exp"},
	} {
		p := plain(t, asForm, "token: token\nexpires: ["+test.expires+"]\nuse: {headers: {X-T: \"{token}\"}}")
		if e := wantKind(t, exchange(t, p, nil, json200(test.body)), auth.Vendor); e.Error() != test.want {
			t.Errorf("%s:\nhave: %s\nwant: %s", test.body, e, test.want)
		}
	}
	// 0 is the vendor's way not to say one: the next way counts.
	p := plain(t, asForm, "token: token\nexpires: [{at: ttl, as: seconds}, {after: 2h}]\nuse: {headers: {X-T: \"{token}\"}}")
	for _, body := range []string{`{"token":"t","ttl":0}`, `{"token":"t","ttl":"0"}`, `{"token":"t","ttl":-1}`, `{"token":"t","ttl":null}`} {
		wantToken(t, exchange(t, p, nil, json200(body)), "t", 2*time.Hour)
	}
}

func TestDatetime(t *testing.T) {
	for zone, texts := range map[string]map[string]bool{
		"+08:00": {"2025-03-23 10:00:00": true, "2025-03-23T10:00:00": true, "2025/03/23 10:00:00": true, "20250323100000": true, " 2025-03-23 10:00:00 ": true, "2025-03-23T02:00:00Z": true, "2025-03-23 10:00": false, "23.03.2025 10:00:00": false, "": false},
		"Z":      {"2025-03-23 02:00:00": true}, "UTC": {"2025-03-23 02:00:00": true}, "-05:30": {"2025-03-22 20:30:00": true},
	} {
		p := plain(t, asForm, "token: token\nexpires: [{at: end, as: datetime, zone: \""+zone+"\"}]\nuse: {headers: {X-T: \"{token}\"}}")
		for text, good := range texts {
			o := exchange(t, p, nil, json200(`{"token":"t","end":"`+text+`"}`))
			if !good {
				wantKind(t, o, auth.Vendor)
				continue
			}
			wantToken(t, o, "t", 2*time.Hour)
		}
	}
}
