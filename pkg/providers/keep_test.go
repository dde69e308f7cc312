package providers

import (
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

const keepSpec = `
name: keeper
vars: [{name: id}, {name: key, secret: true}]
endpoint: https://keeper.example/login
api: "{base}/v2"
request: {method: POST, path: /token, form: {id: "{id}", key: "{key}"}}
token: access_token
expires: [{at: expires_in, as: seconds}]
keep: {base: instance_url, org: data.org}
use: {headers: {Authorization: "Bearer {token}", X-Org: "{org}"}}
`

// TestKeep: further values of the answer are usable in api and use; a URL
// among them is where the token goes.
func TestKeep(t *testing.T) {
	p := fromYAML(t, keepSpec)
	answer := func(base, org string) string {
		return json200(`{"access_token":"x","expires_in":3600,"instance_url":` + base + `,"data":{"org":` + org + `}}`)
	}
	for base, want := range map[string]string{
		`"https://eu1.keeper.example"`: "https://eu1.keeper.example/v2", `"https://eu1.keeper.example/a/"`: "https://eu1.keeper.example/a/v2", `"https://EU1.keeper.example:443"`: "https://eu1.keeper.example/v2",
		`"http://keeper.example"`: "http://keeper.example/v2", // where the credentials went
	} {
		o := exchange(t, p, nil, answer(base, `"acme"`))
		wantToken(t, o, "x", time.Hour)
		bases, err := p.APIBases("http://keeper.example/login", "", o.token)
		if err != nil || len(bases) != 1 || bases[0] != want {
			t.Errorf("%s: %v, %v", base, bases, err)
		}
		if c, err := p.Carry(o.token); err != nil || c.Headers[1] != [2]string{"X-Org", "acme"} {
			t.Error(c, err)
		}
	}
	for _, base := range []string{
		`"http://evil.example"`, `"ftp://x"`, `"keeper.example"`, `"https://u:p@evil.example"`, `"https://evil.example?x"`, `"https://evil.example#"`, `"https://evil.example/../x"`, `"javascript:x"`, `"https://evil.example\r\nX: 1"`,
		`""`, `7`, `null`, `["https://x.example"]`, `" https://x.example"`, `"https://\u202e.example"`, `"` + strings.Repeat("x", maxKept+1) + `"`,
	} {
		o := exchange(t, p, nil, answer(base, `"acme"`))
		if e := wantKind(t, o, auth.Vendor); !strings.Contains(e.Error(), "instance_url") || len(o.vendor.requests) != 1 {
			t.Errorf("%s: %v", base, e)
		}
	}
	for _, org := range []string{`"a\r\nX-Evil: 1"`, `"a\u0000"`, `" a"`, `{}`, `3`} {
		if e := wantKind(t, exchange(t, p, nil, answer(`"https://x.example"`, org)), auth.Vendor); !strings.Contains(e.Error(), "data.org") {
			t.Error(e)
		}
	}
	// A token without them, of a release that kept nothing.
	for _, err := range []error{second(p.Carry(auth.Token{Value: auth.NewSecret("x")})), second(p.APIBases("https://keeper.example", "", auth.Token{}))} {
		if e, ok := auth.AsError(err); !ok || e.Remedy != auth.RemedyRefresh {
			t.Error(err)
		}
	}
}

// TestKeptPartOfAHost cannot leave it.
func TestKeptPartOfAHost(t *testing.T) {
	p := fromYAML(t, strings.Replace(strings.Replace(keepSpec, `"{base}/v2"`, `"https://{base}.keeper.example/{org}"`, 1), ", X-Org: \"{org}\"", "", 1))
	for base, want := range map[string]string{"eu1": "https://eu1.keeper.example/a%2Fb", "a.b": "https://a.b.keeper.example/a%2Fb", "evil.example/": "", "evil.example#": "", "evil.example?": "", "u@evil.example:1": "", `evil.example\`: "", "x:1": "", "": ""} {
		o := exchange(t, p, nil, json200(`{"access_token":"x","expires_in":3600,"instance_url":"`+strings.ReplaceAll(base, `\`, `\\`)+`","data":{"org":"a/b"}}`))
		if want == "" {
			wantKind(t, o, auth.Vendor)
			if bases, err := p.APIBases("https://keeper.example", "", auth.Token{Kept: map[string]string{"base": base, "org": "x"}}); err == nil {
				t.Errorf("%q leads to %v", base, bases)
			}
			continue
		}
		bases, err := p.APIBases("https://keeper.example", "", o.token)
		if err != nil || bases[0] != want {
			t.Errorf("%q: %v, %v", base, bases, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
