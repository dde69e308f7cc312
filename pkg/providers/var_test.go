package providers

import (
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// TestVariableKinds: a value keeps to its place, whatever it says.
func TestVariableKinds(t *testing.T) {
	for is, values := range map[string]map[string]bool{
		IsLabel: {
			"acme": true, "acme-1": true, "a_b": true, "1": true, "ACME": true, strings.Repeat("a", 63): true,
			"evil.example": false, "a.": false, ".a": false, "a/b": false, "a@b": false, "a:1": false, "a?b": false, "a#b": false, "-a": false, "a-": false,
			"a b": false, "a\r\nb": false, "é": false, "https://a": false, "a%2eb": false, "a\\b": false, "[::1]": false, strings.Repeat("a", 64): false, "a\x00": false,
		},
		IsHost: {
			"acme.example.com": true, "10.0.0.1": true, "host:8443": true, "[::1]:80": true, "localhost": true, "A.Example": true,
			"https://acme.example": false, "acme.example/": false, "acme.example/x": false, "user@acme.example": false, "acme.example?x": false, "acme.example#x": false, "host:": false, "host:0": false, "host:99999": false,
			"a..b": false, "a b": false, "acme.example\\@evil.example": false, "a\nb": false, "еxample.com": false, "": false, "[::1": false, "%61.example": false,
		},
		IsSegment: {
			"realm": true, "a b": false, "a.b": true, "ü": true, "a%2fb": true, "~": true, "a:b@c": true, "?x#y": true,
			"a/b": false, "/": false, "..": false, ".": false, `a\b`: false, "a\x00b": false, "a\nb": false, "\u202e": false, "\xff": false, strings.Repeat("a", 1025): false,
		},
		IsNumber: {
			"0": true, "42": true, "-7": true, "1.50": true, "123456789012345678901234567890": true,
			"007": false, "+1": false, "1e5": false, "0x10": false, "1.": false, ".5": false, "": false, "NaN": false, "1 ": false, "١": false, "1,\"x\":2": false, strings.Repeat("1", 41): false,
		},
		IsPEM: {testKeys().rs256: true, testKeys().es256: true, "key": false, testKeys().rs256[:100]: false},
		"":    {"anything at all\t\x00": true, "": false},
	} {
		v := Var{Name: "part", Is: is}
		for value, good := range values {
			err := v.Check(value)
			if (err == nil) != good {
				t.Errorf("%s: %q: %v", is, value, err)
			}
			if err != nil && (!auth.Is(err, auth.Usage) || len(value) > 3 && strings.Contains(err.Error(), value)) {
				t.Errorf("%s: %q: %v", is, value, err)
			}
		}
	}
	if (Var{Name: "x", Is: IsLabel, Optional: true}).Check("") != nil || (Var{Name: "x", Is: IsLabel, Default: "eu"}).Check("") != nil {
		t.Error("an empty value that may be left out")
	}
}

const tenantSpec = `
name: tenant
vars:
  - {name: tenant, is: host}
  - {name: region, is: label, default: eu}
  - {name: realm, is: segment}
  - {name: org, optional: true}
  - {name: app, is: number}
  - {name: secret, secret: true}
endpoint: https://{tenant}/realms/{realm}
api: ["https://api-{region}.example.com/v2", "https://{tenant}"]
request:
  method: POST
  path: /o/{realm}/token
  headers: {X-Org: "{org}", X-Region: "{region}"}
  json: {secret: "{secret}", app: "{app}", apps: ["{app}", "{org}"], text: "{app}", both: "{app}/{org}", time: "{now_ms}", deep: {org: "{org}"}}
  as_text: [text]
  query: {org: "{org}", v: "1"}
token: token
expires: [{at: ttl, as: seconds}]
use: {headers: {Authorization: "Bearer {token}", X-App: "{app}", X-Org: "{org}", X-Id: "{uuid}"}}
`

func tenantCredentials(change map[string]string) auth.Credentials {
	c := auth.Credentials{ID: "cred-1", Endpoint: "http://tenant.example/realms/m", InsecureHTTP: true, Vars: map[string]auth.Secret{}}
	for name, value := range map[string]string{"tenant": "tenant.example", "realm": "a ü?/b"[:5], "app": "42", "secret": nastySecret} {
		c.Vars[name] = auth.NewSecret(value)
	}
	c.Vars["realm"] = auth.NewSecret("ü?b")
	for name, value := range change {
		c.Vars[name] = auth.NewSecret(value)
	}
	return c
}

// TestVariablesInTheirPlaces: hosts, segments, numbers, defaults, and what is
// left out for want of a value.
func TestVariablesInTheirPlaces(t *testing.T) {
	p := fromYAML(t, tenantSpec)
	creds := tenantCredentials(nil)
	with := func(change map[string]string) outcome {
		return exchange(t, p, func(_ *Engine, c *auth.Credentials) {
			digest := c.SpecSHA256
			*c = tenantCredentials(change)
			c.SpecSHA256 = digest
		}, json200(`{"token":"x","ttl":3600}`))
	}
	o := with(nil)
	if o.err != nil {
		t.Fatal(o.err)
	}
	request := o.vendor.requests[0]
	for _, want := range []string{
		"POST /realms/m/o/%C3%BC%3Fb/token?v=1 HTTP/1.1\r\n", "\r\nX-Region: eu\r\n",
		`{"app":42,"apps":[42],"deep":{},"secret":"+3bZ/o%41:&<>\"\\=T31n2é","text":"42","time":1742688000000}`,
	} {
		if !strings.Contains(request, want) {
			t.Errorf("%q\nlacks %q", request, want)
		}
	}
	if strings.Contains(strings.ToLower(request), "org") {
		if !strings.Contains(request, `"deep":{}`) || strings.Contains(request, "X-Org") {
			t.Errorf("an empty variable was sent: %q", request)
		}
	}
	if o = with(map[string]string{"org": "acme", "region": "us"}); !strings.Contains(o.vendor.requests[0], "?org=acme&v=1 ") || !strings.Contains(o.vendor.requests[0], "\r\nX-Org: acme\r\nX-Region: us\r\n") {
		t.Errorf("%q", o.vendor.requests[0])
	}
	if want := map[string]string{"tenant": "tenant.example", "region": "us", "app": "42", "org": "acme"}; len(o.token.Kept) != len(want) {
		t.Errorf("the token brings %v along", o.token.Kept)
	}

	endpoint, err := p.ResolveEndpoint(creds.Vars, false)
	if err != nil || endpoint != "https://tenant.example/realms/%C3%BC%3Fb" {
		t.Error(endpoint, err)
	}
	bases, err := p.APIBases(endpoint, "", o.token)
	if err != nil || len(bases) != 2 || bases[0] != "https://api-us.example.com/v2" || bases[1] != "https://tenant.example" {
		t.Error(bases, err)
	}
	if bases, err = p.APIBases(endpoint, "https://other.example/", o.token); err != nil || len(bases) != 1 || bases[0] != "https://other.example" {
		t.Error(bases, err)
	}
	carried, err := p.Carry(o.token)
	if err != nil || len(carried.Headers) != 4 || carried.Headers[1] != [2]string{"X-App", "42"} || carried.Headers[3] != [2]string{"X-Org", "acme"} || len(carried.Headers[2][1]) != 36 {
		t.Error(carried, err)
	}
	if _, err := p.Carry(auth.Token{Value: auth.NewSecret("x")}); err == nil || !strings.Contains(err.Error(), "app") {
		t.Error(err)
	}
}

// TestVariablesThatWouldLeaveTheirPlace are refused before anything is sent.
func TestVariablesThatWouldLeaveTheirPlace(t *testing.T) {
	p := fromYAML(t, tenantSpec)
	for _, change := range []map[string]string{
		{"tenant": "evil.example/x"}, {"tenant": "a@evil.example"}, {"region": "x.evil.example/"}, {"region": "evil.example#"}, {"realm": "../../admin"}, {"realm": ".."}, {"realm": `a\..\b`},
		{"app": `1,"admin":true`}, {"app": ""}, {"secret": ""}, {"org": "a\r\nX-Evil: 1"},
	} {
		o := exchange(t, p, func(_ *Engine, c *auth.Credentials) {
			digest := c.SpecSHA256
			*c = tenantCredentials(change)
			c.SpecSHA256 = digest
		}, json200(`{"token":"x","ttl":3600}`))
		wantKind(t, o, auth.Usage)
		if len(o.vendor.requests) > 0 {
			t.Errorf("%v was sent", change)
		}
		for _, value := range change {
			if len(value) > 3 && strings.Contains(o.err.Error(), value) {
				t.Errorf("%v shows", change)
			}
		}
		if _, broken := change["org"]; broken {
			continue // not in a URL
		}
		creds := tenantCredentials(change)
		if u, err := p.ResolveEndpoint(creds.Vars, false); err == nil && !strings.HasPrefix(u, "https://tenant.example/realms/") {
			t.Errorf("%v leads to %s", change, u)
		}
	}
	// A header from a stored value: the same check stands before an API call.
	for _, value := range []string{"a\r\nX-Evil: 1", "a\nb", " a", "\x00"} {
		token := auth.Token{Value: auth.NewSecret("x"), Kept: map[string]string{"app": value, "org": "o"}}
		if c, err := p.Carry(token); err == nil {
			t.Errorf("%q is carried: %v", value, c)
		}
	}
}

func TestEndpointThatTheFileLeavesOpen(t *testing.T) {
	p := plain(t, asForm, secondsUse)
	if p.NeedsEndpoint() || len(p.EndpointVars()) != 0 {
		t.Error("a plain endpoint")
	}
	src := strings.Replace(string(p.File()), "endpoint: https://plain.example/base\n", "", 1)
	open := fromYAML(t, src)
	if !open.NeedsEndpoint() {
		t.Error("no endpoint is needed")
	}
	if _, err := open.ResolveEndpoint(nil, false); !auth.Is(err, auth.Usage) {
		t.Error(err)
	}
	tenant := fromYAML(t, tenantSpec)
	if vars := tenant.EndpointVars(); len(vars) != 2 || vars[0].Name != "tenant" || vars[1].Name != "realm" {
		t.Error(vars)
	}
	if shown, err := (&Engine{Provider: tenant}).DryRun(auth.Credentials{}); err != nil || !strings.HasPrefix(shown, "POST https://{tenant}/realms/{realm}/o/{realm}/token?org={org}&v=1\n") || !strings.Contains(shown, `"app":"{app}"`) {
		t.Errorf("%v\n%s", err, shown)
	}
	if shown, err := (&Engine{Provider: open}).DryRun(auth.Credentials{}); err != nil || !strings.HasPrefix(shown, "POST {endpoint}/token\n") {
		t.Errorf("%v\n%s", err, shown)
	}
}

// TestOneUUID: one request sees one, the next another.
func TestOneUUID(t *testing.T) {
	p := plain(t, `form: {id: "{id}", secret: "{secret}", a: "{uuid}", b: "{uuid}"}`, secondsUse)
	seen := map[string]bool{}
	for range 2 {
		o := exchange(t, p, nil, raw("HTTP/1.1 503 X\n\n"), json200(`{"token":"x","ttl":3600}`))
		for _, request := range o.vendor.requests {
			_, form, _ := strings.Cut(request, "\r\n\r\n")
			values := parseForm(t, form)
			if values.Get("a") != values.Get("b") || len(values.Get("a")) != 36 || values.Get("a")[14] != '4' || seen[values.Get("a")] {
				t.Errorf("%q", form)
			}
			seen[values.Get("a")] = true
		}
	}
}
