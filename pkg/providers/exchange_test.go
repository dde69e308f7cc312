package providers

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

const plainSpec = `
name: plain
vars: [{name: id, label: id}, {name: secret, label: secret, secret: true}]
endpoint: https://plain.example/base
request:
  method: POST
  path: /token
  %s
%s
`

// plain makes a provider with a request and the rest of a Spec.
func plain(t *testing.T, request, rest string) *Provider {
	t.Helper()
	return fromYAML(t, fmt.Sprintf(plainSpec, request, rest))
}

const (
	asForm     = `form: {id: "{id}", secret: "{secret}"}`
	secondsUse = "token: token\nexpires: [{at: ttl, as: seconds}]\nuse: {headers: {X-Token: \"{token}\"}}"
)

func TestRequestForms(t *testing.T) {
	escaped := url.QueryEscape(nastySecret)
	for request, want := range map[string]string{
		asForm: "\r\n\r\nid=public-id&secret=" + escaped,
		`query: {id: "{id}", secret: "{secret}"}`:                                  "POST /base/token?id=public-id&secret=" + escaped + " HTTP/1.1\r\n",
		`headers: {X-Id: "{id}", X-Key: "k={secret};v=1"}`:                         "\r\nX-Key: k=" + nastySecret + ";v=1\r\n",
		`json: {b: [1, 2.5, true, null, {x: "{secret}"}], a: "{id}/{id}"}`:         "\r\n\r\n{\"a\":\"public-id/public-id\",\"b\":[1,2.5,true,null,{\"x\":\"+3bZ/o%41:&<>\\\"\\\\=T31n2é\"}]}",
		"basic: [id, secret]\n  form: {grant_type: client_credentials}":            "\r\n\r\ngrant_type=client_credentials",
		"basic: [\"{id}\", \"{secret}\"]\n  headers: {Content-Type: text/x-other}": "\r\nContent-Type: text/x-other\r\n",
	} {
		o := exchange(t, plain(t, request, secondsUse), nil, json200(`{"token":"x","ttl":"3600"}`))
		wantToken(t, o, "x", time.Hour)
		if !strings.Contains(o.vendor.requests[0], want) {
			t.Errorf("%s:\n%q\nlacks %q", request, o.vendor.requests[0], want)
		}
	}
}

func TestRequestValuesThatCannotTravel(t *testing.T) {
	inHeader := plain(t, `headers: {X-Id: "{id}", X-Key: "{secret}"}`, secondsUse)
	asJSON := plain(t, `json: {a: "{id}", b: "{secret}"}`, secondsUse)
	asBasic := plain(t, `basic: [id, secret]`, secondsUse)
	for _, test := range []struct {
		p          *Provider
		id, secret string
	}{
		{inHeader, "id", "a\r\nX-Evil: 1"}, {inHeader, "id", "a\x00"}, {inHeader, "id", "trailing "},
		{asJSON, "id", "not\xffutf8"}, {asBasic, "a:b", "secret"}, {asJSON, "id", ""}, {asJSON, "", "secret"},
	} {
		o := exchange(t, test.p, func(_ *Engine, c *auth.Credentials) {
			c.Vars = map[string]auth.Secret{"id": auth.NewSecret(test.id), "secret": auth.NewSecret(test.secret)}
		}, json200(`{}`))
		wantKind(t, o, auth.Usage)
		if len(o.vendor.requests) > 0 || len(test.secret) > 3 && strings.Contains(o.err.Error(), test.secret) {
			t.Errorf("%q: sent, or shown: %v", test.secret, o.err)
		}
	}
}

func TestCredentialsAreBound(t *testing.T) {
	for name, change := range map[string]func(*Engine, *auth.Credentials){
		"file changed":    func(_ *Engine, c *auth.Credentials) { c.SpecSHA256 = strings.Repeat("0", 64) },
		"no digest":       func(_ *Engine, c *auth.Credentials) { c.SpecSHA256 = "" },
		"plain http":      func(_ *Engine, c *auth.Credentials) { c.InsecureHTTP = false },
		"no endpoint":     func(_ *Engine, c *auth.Credentials) { c.Endpoint = "" },
		"user in it":      func(_ *Engine, c *auth.Credentials) { c.Endpoint = "https://u:p@plain.example" },
		"unknown CA file": func(e *Engine, _ *auth.Credentials) { e.Client, e.CAFile = nil, "no/such/file" },
	} {
		t.Run(name, func(t *testing.T) {
			o := exchange(t, plain(t, asForm, secondsUse), change, json200(`{"token":"x","ttl":3600}`))
			wantKind(t, o, auth.Usage)
			if len(o.vendor.requests) > 0 {
				t.Error("sent all the same")
			}
		})
	}
	o := exchange(t, plain(t, asForm, secondsUse), func(_ *Engine, c *auth.Credentials) { c.Endpoint = "http://other.example:81/x/" }, json200(`{"token":"x","ttl":3600}`))
	wantToken(t, o, "x", time.Hour)
	if !strings.HasPrefix(o.vendor.requests[0], "POST /x/token HTTP/1.1\r\nHost: other.example:81\r\n") {
		t.Errorf("%q", o.vendor.requests[0])
	}
	if o.token.Endpoint != "http://other.example:81/x/" || o.token.CredentialID != "cred-1" || o.token.Type != "" {
		t.Errorf("%+v", o.token)
	}
}

// TestRetries: one at most, and never for what will not pass.
func TestRetries(t *testing.T) {
	ok := json200(`{"code":0,"token":"x","ttl":3600}`)
	status := func(code int, header string) string {
		return raw(fmt.Sprintf("HTTP/1.1 %d X\n%s\n{\"code\":7}", code, header))
	}
	p := plain(t, asForm, "ok: {code: [\"0\", \"\"]}\nerror: {code: code}\ncodes: {\"9\": transient, \"8\": throttled}\n"+secondsUse)
	for name, test := range map[string]struct {
		first    string
		requests int
		kind     auth.Kind // of the failure, when there is no second request
	}{
		"closed":              {"", 2, 0},
		"502":                 {status(502, ""), 2, 0},
		"503":                 {status(503, ""), 2, 0},
		"503, in a second":    {status(503, "Retry-After: 1\n"), 2, 0},
		"503, in two seconds": {status(503, "Retry-After: 2\n"), 1, auth.Vendor},
		"504":                 {status(504, ""), 2, 0},
		"500":                 {status(500, ""), 1, auth.Vendor},
		"transient code":      {json200(`{"code":9}`), 2, 0},
		"throttled code":      {json200(`{"code":8}`), 1, auth.Throttled},
		"429":                 {status(429, ""), 1, auth.Throttled},
		"401":                 {status(401, ""), 1, auth.Denied},
		"403":                 {status(403, ""), 1, auth.Denied},
		"404":                 {status(404, ""), 1, auth.Vendor},
		"foreign code":        {json200(`{"code":5}`), 1, auth.Denied},
		"refusal in 503":      {raw("HTTP/1.1 503 X\n\n{\"code\":8}"), 1, auth.Throttled},
		"broken off":          {raw("HTTP/1.1 200 OK\nContent-Length: 100\n\n{"), 1, auth.Network},
		"no HTTP":             {"SSH-2.0-OpenSSH\r\n", 1, auth.Network},
		"not JSON":            {json200(`<x>`), 1, auth.Vendor},
	} {
		t.Run(name, func(t *testing.T) {
			o := exchange(t, p, nil, test.first, ok)
			if len(o.vendor.requests) != test.requests {
				t.Fatalf("%d requests: %v", len(o.vendor.requests), o.err)
			}
			if test.requests == 1 {
				wantKind(t, o, test.kind)
				return
			}
			wantToken(t, o, "x", time.Hour)
			if gap := o.vendor.times[1].Sub(o.vendor.times[0]); gap < 150*time.Millisecond || gap > 1100*time.Millisecond {
				t.Errorf("after %v", gap)
			}
			if again := exchange(t, p, nil, test.first); len(again.vendor.requests) != 2 || again.err == nil {
				t.Errorf("%d requests, %v", len(again.vendor.requests), again.err)
			}
			hurried := exchange(t, p, func(e *Engine, _ *auth.Credentials) { e.Timeout = 100 * time.Millisecond }, test.first, ok)
			if len(hurried.vendor.requests) != 1 || hurried.err == nil {
				t.Errorf("past the deadline: %d requests, %v", len(hurried.vendor.requests), hurried.err)
			}
		})
	}
}

func TestDeadlineAndInterruption(t *testing.T) {
	p := plain(t, asForm, secondsUse)
	synctest.Test(t, func(t *testing.T) {
		v := &rawVendor{answers: []string{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}}
		e := &Engine{Provider: p, Client: v.client(), Timeout: 3 * time.Second}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := e.Exchange(ctx, testCredentials(p)); !auth.Is(err, auth.Interrupted) {
			t.Error(err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		e.Client = hangingClient()
		_, err := e.Exchange(ctx, testCredentials(p))
		if e, ok := auth.AsError(err); !ok || e.Kind != auth.Network || !e.Retryable || time.Since(start) != time.Second {
			t.Error(err, time.Since(start))
		}
		start = time.Now()
		if _, err := e.Exchange(t.Context(), testCredentials(p)); !auth.Is(err, auth.Network) || time.Since(start) != 3*time.Second {
			t.Error(err, time.Since(start))
		}
		e.Timeout = 0
		start = time.Now()
		if _, err := e.Exchange(t.Context(), testCredentials(p)); !auth.Is(err, auth.Network) || time.Since(start) != headerTimeout {
			t.Error(err, time.Since(start))
		}
	})
}

func TestAnswersOutOfBounds(t *testing.T) {
	body := `{"token":"x","ttl":3600}`
	pad := func(n int) string { return body + strings.Repeat(" ", n-len(body)) }
	p := plain(t, asForm, secondsUse)
	wantToken(t, exchange(t, p, nil, json200(pad(maxAnswer))), "x", time.Hour)
	wantToken(t, exchange(t, p, nil, json200("\ufeff"+body)), "x", time.Hour)
	for name, answer := range map[string]string{
		"over 1 MiB":       json200(pad(maxAnswer + 1)),
		"gzip":             raw("HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + body),
		"twice a key":      json200(`{"token":"x","ttl":3600,"ttl":3600}`),
		"twice, deep":      json200(`{"token":"x","ttl":3600,"z":[{"a":1,"a":1}]}`),
		"other case":       json200(`{"Token":"x","ttl":3600}`),
		"after the end":    json200(body + "x"),
		"two values":       json200(body + body),
		"too deep":         json200(`{"token":"x","ttl":3600,"z":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `}`),
		"null":             json200(`null`),
		"list":             json200(`[` + body + `]`),
		"empty token":      json200(`{"token":"","ttl":3600}`),
		"space in it":      json200(`{"token":"a b","ttl":3600}`),
		"newline in it":    json200(`{"token":"a\nb","ttl":3600}`),
		"newline after":    json200(`{"token":"a\n","ttl":3600}`),
		"escape in it":     json200(`{"token":"a\u001b[0m","ttl":3600}`),
		"not ASCII":        json200(`{"token":"é","ttl":3600}`),
		"too long":         json200(`{"token":"` + strings.Repeat("x", maxToken+1) + `","ttl":3600}`),
		"5 seconds":        json200(`{"token":"x","ttl":5}`),
		"10 years":         json200(`{"token":"x","ttl":315360000}`),
		"no life":          json200(`{"token":"x"}`),
		"life is negative": json200(`{"token":"x","ttl":-3600}`),
		"life is huge":     json200(`{"token":"x","ttl":1e300}`),
		"life is hex":      json200(`{"token":"x","ttl":"0xE10"}`),
	} {
		t.Run(name, func(t *testing.T) {
			o := exchange(t, p, nil, answer)
			if e := wantKind(t, o, auth.Vendor); e.Retryable || len(o.vendor.requests) != 1 {
				t.Error(e)
			}
		})
	}
	wantToken(t, exchange(t, p, nil, json200(`{"token":"`+strings.Repeat("x", maxToken)+`","ttl":30}`)), strings.Repeat("x", maxToken), 30*time.Second)
}

// TestNothingLeaks has a vendor that echoes everything it knows.
func TestNothingLeaks(t *testing.T) {
	token := "tok-" + strings.Repeat("Z9*", 10)
	forms := func(s string) []string {
		return []string{s, base64.StdEncoding.EncodeToString([]byte(s)), hex.EncodeToString([]byte(s)), url.QueryEscape(s)}
	}
	echo := strings.Join(append(forms("kL9vQ2xW7rT4"), forms(token)...), " ")
	for _, request := range []string{asForm, `query: {id: "{id}", secret: "{secret}"}`, `basic: [id, secret]`, `headers: {A: "{id}", B: "{secret}"}`} {
		p := plain(t, request, "ok: {code: [\"0\"]}\nerror: {code: code, message: msg, trace: trace}\n"+secondsUse)
		for _, answer := range []string{
			raw("HTTP/1.1 200 OK\nX-Echo: kL9vQ2xW7rT4\nServer: kL9vQ2xW7rT4\n\n" + fmt.Sprintf(`{"code":%q,"msg":%q,"trace":%q,"token":%q}`, echo, echo, echo, token)),
			raw("HTTP/1.1 500 X\nContent-Type: kL9vQ2xW7rT4\n\nkL9vQ2xW7rT4"),
			raw("HTTP/1.1 302 X\nLocation: https://kL9vQ2xW7rT4.example/kL9vQ2xW7rT4\n\n"),
			"kL9vQ2xW7rT4 kL9vQ2xW7rT4\r\n\r\n",
			"",
		} {
			o := exchange(t, p, func(_ *Engine, c *auth.Credentials) { c.Vars["secret"] = auth.NewSecret("kL9vQ2xW7rT4") }, answer)
			if o.err == nil {
				t.Fatal("no error")
			}
			for _, line := range append(o.trace, fmt.Sprintf("%+v %v", o.err, o.err)) {
				for _, form := range append(forms("kL9vQ2xW7rT4"), forms(token)...) {
					if strings.Contains(line, form) {
						t.Errorf("%s: %q shows in %q", request, form, line)
					}
				}
			}
		}
	}
}

func TestVendorCodeIsShort(t *testing.T) {
	p := plain(t, asForm, "ok: {code: [\"0\"]}\nerror: {code: code}\n"+secondsUse)
	e := wantKind(t, exchange(t, p, nil, json200(`{"code":"`+strings.Repeat("é\\u001b", 100)+`"}`)), auth.Denied)
	if n := len([]rune(e.VendorCode)); n != maxVendorCode || strings.Contains(e.VendorCode, "\x1b") {
		t.Errorf("%d: %q", n, e.VendorCode)
	}
}
