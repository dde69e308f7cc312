package providers

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

const rotateSpec = `
name: rotating
vars: [{name: id}, {name: secret, secret: true}, {name: refresh_token, secret: true}]
endpoint: https://rotating.example
request: {method: POST, path: /token, form: {id: "{id}", secret: "{secret}", refresh_token: "{refresh_token}"}}
token: data.access_token
expires: [{at: data.expires_in, as: seconds}]
use: {headers: {Authorization: "Bearer {token}"}}
`

const oldRefresh, newRefresh = "refresh-token-before-7x", "refresh-token-after-9z"

func refreshing(_ *Engine, c *auth.Credentials) {
	c.Vars["refresh_token"] = auth.NewSecret(oldRefresh)
}

// TestRotation: a grant brings whole credentials, under the ID that they had.
func TestRotation(t *testing.T) {
	p := fromYAML(t, rotateSpec+"rotate: {refresh_token: data.refresh_token}\n")
	if !p.Limits.Rotates {
		t.Error("the limits do not say that it rotates")
	}
	for refresh, want := range map[string]string{`"` + newRefresh + `"`: newRefresh, `"` + oldRefresh + `"`: "", `null`: "", `12345678`: "12345678"} {
		o := exchange(t, p, refreshing, json200(`{"data":{"access_token":"x","expires_in":3600,"refresh_token":`+refresh+`}}`))
		wantToken(t, o, "x", time.Hour)
		if (o.rotated != nil) != (want != "") {
			t.Errorf("%s: %v", refresh, o.rotated)
			continue
		}
		if want == "" {
			continue
		}
		r := o.rotated
		if r.ID != "cred-1" || r.Endpoint != "http://rotating.example" || !r.InsecureHTTP || r.SpecSHA256 != p.SHA256 || len(r.Vars) != 3 ||
			r.Vars["refresh_token"].Reveal() != want || r.Vars["secret"].Reveal() != nastySecret || o.token.CredentialID != "cred-1" {
			t.Errorf("%s: %+v", refresh, r)
		}
	}
	wantToken(t, exchange(t, p, refreshing, json200(`{"data":{"access_token":"x","expires_in":3600}}`)), "x", time.Hour)
}

// TestRotationLeavesTheOldCredentials: whoever holds them sees no change.
func TestRotationLeavesTheOldCredentials(t *testing.T) {
	p := fromYAML(t, rotateSpec+"rotate: {refresh_token: data.refresh_token}\n")
	var creds auth.Credentials
	o := exchange(t, p, func(e *Engine, c *auth.Credentials) { refreshing(e, c); creds = *c }, json200(`{"data":{"access_token":"x","expires_in":3600,"refresh_token":"`+newRefresh+`"}}`))
	if o.err != nil || creds.Vars["refresh_token"].Reveal() != oldRefresh {
		t.Error("the credentials that were sent have changed", o.err)
	}
}

// TestRotationThatComesWithAFailure is not lost: whatever else is wrong with
// the answer, the old credentials may be dead.
func TestRotationThatComesWithAFailure(t *testing.T) {
	p := fromYAML(t, rotateSpec+"rotate: {refresh_token: data.refresh_token}\nok: {code: [\"0\"]}\n")
	for name, body := range map[string]string{
		"no expiry":  `{"code":0,"data":{"access_token":"x","refresh_token":"` + newRefresh + `"}}`,
		"bad token":  `{"code":0,"data":{"access_token":"a b","expires_in":3600,"refresh_token":"` + newRefresh + `"}}`,
		"another ok": `{"code":200,"data":{"access_token":"x","expires_in":3600,"refresh_token":"` + newRefresh + `"}}`,
	} {
		o := exchange(t, p, refreshing, json200(body))
		if o.err == nil || o.rotated == nil || o.rotated.Vars["refresh_token"].Reveal() != newRefresh || !o.token.Value.IsEmpty() {
			t.Errorf("%s: %v, %v", name, o.rotated, o.err)
		}
		for _, line := range append(o.trace, o.err.Error()) {
			if strings.Contains(line, newRefresh) || strings.Contains(line, oldRefresh) {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
	// Under whatever name it came.
	p = fromYAML(t, rotateSpec+"rotate: {refresh_token: next}\nerror: {code: code, message: msg}\n")
	o := exchange(t, p, refreshing, json200(`{"code":7,"msg":"use `+newRefresh+`","next":"`+newRefresh+`"}`))
	if e := wantKind(t, o, auth.Denied); e.VendorMessage != "use [redacted]" {
		t.Error(e)
	}
	p = fromYAML(t, rotateSpec+"rotate: {refresh_token: data.refresh_token}\nok: {code: [\"0\"]}\n")
	for name, body := range map[string]string{
		"refused": `{"code":7,"data":{"refresh_token":"` + newRefresh + `"}}`,
		"object":  `{"code":0,"data":{"access_token":"x","expires_in":3600,"refresh_token":{}}}`,
		"control": `{"code":0,"data":{"access_token":"x","expires_in":3600,"refresh_token":"a\nb"}}`,
		"empty":   `{"code":0,"data":{"access_token":"x","expires_in":3600,"refresh_token":""}}`,
	} {
		o := exchange(t, p, refreshing, json200(body))
		if o.err == nil || o.rotated != nil {
			t.Errorf("%s: %v, %v", name, o.rotated, o.err)
		}
	}
}

// TestUndeclaredRotation: a file that does not say that its vendor rotates
// lost the only live refresh token, and said "good for 30d".
func TestUndeclaredRotation(t *testing.T) {
	p := fromYAML(t, rotateSpec)
	for body, rotates := range map[string]bool{
		`{"data":{"access_token":"x","expires_in":3600,"refresh_token":"` + newRefresh + `"}}`:           true,
		`{"data":{"access_token":"x","expires_in":3600},"refresh_token":"` + newRefresh + `"}`:           true,
		`{"data":{"access_token":"x","expires_in":3600,"refresh_token":"` + oldRefresh + `"}}`:           false,
		`{"data":{"access_token":"x","expires_in":3600,"refresh_token":""}}`:                             false,
		`{"data":{"access_token":"x","expires_in":3600,"refresh_token":null,"secret":"masked-***"}}`:     false,
		`{"data":{"access_token":"x","expires_in":3600,"other":{"refresh_token":"` + newRefresh + `"}}}`: false,
	} {
		o := exchange(t, p, func(e *Engine, c *auth.Credentials) { refreshing(e, c); e.Login = true }, json200(body))
		if !rotates {
			wantToken(t, o, "x", time.Hour)
		} else if e := wantKind(t, o, auth.Usage); e.Remedy != auth.RemedyRotate || e.Subject != "refresh_token" || strings.Contains(e.Error(), newRefresh) {
			t.Errorf("%+v", e)
		}
		// Later the token is worth having all the same, and a notice says what is lost.
		o = exchange(t, p, refreshing, json200(body))
		wantToken(t, o, "x", time.Hour)
		if (len(o.notices) > 0) != rotates || strings.Contains(strings.Join(o.notices, ""), newRefresh) {
			t.Errorf("%s: %q", body, o.notices)
		}
	}
}

// TestRotatingIsSentOnce: no second request once the first may have left.
func TestRotatingIsSentOnce(t *testing.T) {
	ok := json200(`{"data":{"access_token":"x","expires_in":3600,"refresh_token":"` + newRefresh + `"}}`)
	rotating := fromYAML(t, rotateSpec+"rotate: {refresh_token: data.refresh_token}\nerror: {code: code}\ncodes: {9: transient}\n")
	steady := fromYAML(t, rotateSpec+"error: {code: code}\ncodes: {9: transient}\n")
	for name, first := range map[string]string{"closed": "", "502": raw("HTTP/1.1 502 X\n\n"), "503": raw("HTTP/1.1 503 X\n\n"), "transient": json200(`{"code":9}`)} {
		if o := exchange(t, rotating, refreshing, first, ok); len(o.vendor.requests) != 1 || o.err == nil {
			t.Errorf("%s: %d requests, %v", name, len(o.vendor.requests), o.err)
		}
		if o := exchange(t, steady, refreshing, first, ok); len(o.vendor.requests) != 2 {
			t.Errorf("%s, not rotating: %d requests", name, len(o.vendor.requests))
		}
	}
	// A connection that was never made: nothing has left.
	synctest.Test(t, func(t *testing.T) {
		v := &rawVendor{answers: []string{ok}}
		client := v.client()
		transport := client.Transport.(*http.Transport)
		dial, dials := transport.DialContext, 0
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials++; dials == 1 {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
			}
			return dial(ctx, network, addr)
		}
		creds := testCredentials(rotating)
		refreshing(nil, &creds)
		grant, err := (&Engine{Provider: rotating, Client: client, Now: func() time.Time { return testNow }}).Exchange(t.Context(), creds)
		if err != nil || dials != 2 || grant.Rotated == nil {
			t.Error(err, dials)
		}
	})
}
