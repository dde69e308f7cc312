package providers

import (
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// secondSpec uses everything that goldSpec, of the first form, does not.
const secondSpec = `name: second
source: document
vars:
  - {name: tenant, is: label}
  - {name: realm, is: segment}
  - {name: scope, default: "read:all"}
  - {name: org, optional: true}
  - {name: key_id}
  - {name: private_key, secret: true, is: pem}
  - {name: app_key, secret: true}
  - {name: refresh_token, secret: true}
endpoint: https://{tenant}.example.com/realms/{realm}
api: ["{base}/v2", "https://{tenant}.example.com"]
request:
  method: POST
  path: /o/{realm}/token
  json: {grant: "{jwt}", sign: "{sign}", scope: "{scope}", org: "{org}", refresh: "{refresh_token}", at: "{now_ms}"}
  as_text: [at]
  query: {id: "{uuid}"}
  basic: [key_id, app_key]
  basic_escape: form
token: [access_token, data.token]
expires: [{at: end, as: datetime, zone: "+08:00"}]
error: {code: code}
codes: {7: refused}
use: {headers: {Authorization: "Bearer {token}", X-Key: "{key_id}", X-Base: "{base}", X-Id: "{uuid}"}, refused: {code: [401]}}
jwt: {alg: ES256, key: private_key, header: {kid: "{key_id}"}, claims: {iss: "{key_id}", n: 1, at: "{now_s}"}, life: 10m, jti: true, nbf: true, unit: seconds}
sign: {alg: hmac-sha256, key: app_key, over: [id, "{key_id}", "{app_key}"], as: base64}
rotate: {refresh_token: refresh_token}
keep: {base: instance_url}
`

// TestSecondForm parses everything, and each change of one place makes the
// one problem that says what to write.
func TestSecondForm(t *testing.T) {
	spec, err := Parse([]byte(secondSpec))
	if err != nil {
		t.Fatal(err)
	}
	if !spec.Limits.Rotates || spec.Use.Refused[0] != "401" || spec.Codes["7"] != CodeRefused || !spec.Request.BasicForm || spec.JWT.Life.String() != "10m0s" || spec.Vars[2].Default != "read:all" || !spec.Vars[3].Optional {
		t.Errorf("%+v", spec)
	}
	for _, test := range []struct{ old, new, want string }{
		{"source: document", "source: docs", "line 2: source must be document, client or catalogue"},
		{"is: label", "is: labels", `line 4: vars.0.is must be text, label, host, segment, number or pem (did you mean "label"?)`},
		{"{name: tenant, is: label}", "{name: tenant}", "line 12: endpoint: {tenant} is part of the URL's host, so its variable needs is: label\nline 13: api.1: {tenant}"},
		{"https://{tenant}.example.com/realms", "https://{tenant}/realms", ""},
		{"{name: realm, is: segment}", "{name: realm}", "line 12: endpoint: {realm} is part of the URL's path, so its variable needs is: segment\nline 16: request.path: {realm}"},
		{"is: label}", "is: label, secret: true}", "line 12: endpoint: {tenant} is secret, and would be shown"},
		{"is: label}", "is: label, optional: true}", "line 12: endpoint: {tenant} is optional, and this place cannot be left out"},
		{"https://{tenant}.example.com/realms/{realm}", "http://{tenant}.example.com/{realm}", "line 12: endpoint is plain http"},
		{"https://{tenant}.example.com/realms/{realm}", "https://{tenant}.example.com/{realm}?x=1", "line 12: endpoint contains a query"},
		{"https://{tenant}.example.com/realms/{realm}", "'{tenant}'", "line 12: endpoint: a variable cannot be the whole URL: write https://{tenant} with is: host"},
		{`"{base}/v2", `, `"{bass}/v2", `, `line 13: api.0: there is no variable "bass" (did you mean "base"?)`},
		{`"{base}/v2", `, `"{app_key}", `, "line 13: api.0: {app_key} is secret"},
		{`"{base}/v2", `, `"{now_s}", `, "line 13: api.0: {now_s} cannot stand here"},
		{`grant: "{jwt}"`, `grant: {jwt}`, `line 17: request.json.grant is a mapping: write "{jwt}", in quotes`},
		{`org: "{org}"`, `org: {org}`, `line 17: request.json.org is a mapping: write "{org}", in quotes`},
		{`query: {id: "{uuid}"}`, `query: {id: {uuid}}`, `line 19: request.query.id must be text, not a mapping: write "{uuid}", in quotes`},
		{`org: "{org}"`, `org: "{base}"`, "line 7: variable \"org\" is not used\nline 17: request.json.org: {base} is known only after the response"},
		{`scope: "{scope}"`, `scope: "{scopes}"`, "line 6: variable \"scope\" is not used\nline 17: request.json.scope: there is no variable \"scopes\" (did you mean \"scope\"?)"},
		{`scope: "{scope}"`, `scope: "{scope}{token}"`, `line 17: request.json.scope: there is no variable "token"`},
		{"as_text: [at]", "as_text: [no]", `line 18: request.as_text: there is no text at "no" in request.json`},
		{"basic: [key_id, app_key]", "basic: [org, app_key]", "line 20: request.basic.0: {org} is optional"},
		{"basic_escape: form", "basic_escape: json", "line 21: request.basic_escape must be form, or left out"},
		{"[access_token, data.token]", "[access_token, $.data.token]", `line 22: "$.data.token" is not a valid path: keys and list indexes joined by dots, "." or header:NAME; write data.token`},
		{"[access_token, data.token]", "'data[0].token'", "line 22: \"data[0].token\" is not a valid path: keys and list indexes joined by dots, \".\" or header:NAME; write data.0.token"},
		{"[access_token, data.token]", "[]", "line 22: token is empty"},
		{`[access_token, data.token]`, `[access_token, "{jwt}"]`, "line 22: token: {jwt} stands alone"},
		{`zone: "+08:00"`, `zone: Asia/Shanghai`, "line 23: expires.0.zone must say where the vendor's clock stands"},
		{`, zone: "+08:00"`, "", "line 23: expires.0.zone must say where the vendor's clock stands"},
		{"as: datetime", "as: rfc3339", "line 23: expires.0.zone is for datetime only"},
		{"7: refused", "7: refuse", `line 25: codes.7 must be denied, refused, throttled or transient (did you mean "refused"?)`},
		{`X-Key: "{key_id}"`, `X-Key: "{private_key}"`, "line 26: use.headers.X-Key: {private_key} is secret"},
		{`X-Key: "{key_id}"`, `X-Key: "{jwt}"`, "line 26: use.headers.X-Key: {jwt} can stand in request only"},
		{"refused: {code: [401]}", "refused: {codes: [401]}", `line 26: unknown field "codes" (did you mean "code"?)`},
		{"refused: {code: [401]}", "refused: {code: []}", "line 26: use.refused is empty"},
		{"alg: ES256", "alg: ES512", "line 27: jwt.alg must be RS256, PS256, ES256, EdDSA or HS256"},
		{"key: private_key", "key: privat_key", `line 9: variable "private_key" is not used` + "\n" + `line 27: jwt.key: there is no variable "privat_key" (did you mean "private_key"?)`},
		{"key: private_key", "key: '{private_key}'", "line 9: variable \"private_key\" is not used\nline 27: jwt.key takes the name of a variable, without braces"},
		{"key: private_key", "key: key_id", "line 9: variable \"private_key\" is not used\nline 27: jwt.key: the variable key_id is a key: mark it with secret: true"},
		{"alg: ES256", "alg: HS256", "line 27: jwt.key: HS256 signs with a text"},
		{"secret: true, is: pem", "secret: false, is: pem", "line 9: variable \"private_key\" is a private key: mark it with secret: true"},
		{"kid: ", "alg: none, kid: ", "line 27: jwt.alg says this already"},
		{"n: 1", "exp: 1", "line 27: exp is made from jwt.life"},
		{"n: 1", "jti: x", "line 27: jwt.jti says this already"},
		{"life: 10m", "life: 10s", "line 27: jwt.life must be between 30s and 400d"},
		{", life: 10m", "", "line 27: jwt.life is missing"},
		{"unit: seconds", "unit: minutes", "line 27: jwt.unit must be seconds or milliseconds"},
		{`grant: "{jwt}", `, "", `line 27: the JWT is not used: put "{jwt}" into request`},
		{`iss: "{key_id}"`, `iss: "{sign}"`, "line 27: jwt.claims.iss: {sign} can stand in request only"},
		{"alg: hmac-sha256", "alg: hmac", "line 28: sign.alg must be hmac-sha256, sha256 or md5"},
		{"alg: hmac-sha256", "alg: md5", "line 28: sign.key: md5 has no key; put the secret into over"},
		{"as: base64", "as: b64", "line 28: sign.as must be hex, HEX or base64"},
		{`over: [id, "{key_id}", "{app_key}"], `, "", "line 28: sign.over is missing"},
		{`over: [id, `, `over: ["{org}", `, "line 28: sign.over.0: {org} is optional"},
		{`sign: "{sign}", `, "", `line 28: the signature is not used: put "{sign}" into request`},
		{"rotate: {refresh_token:", "rotate: {refresh_tokens:", `line 29: rotate: there is no variable "refresh_tokens" (did you mean "refresh_token"?)`},
		{"rotate: {refresh_token:", "rotate: {key_id:", "line 29: rotate: the variable key_id is not secret"},
		{"rotate: {refresh_token: refresh_token}", "rotate: {refresh_token: a..b}", `line 29: "a..b" is not a valid path`},
		{"keep: {base:", "keep: {tenant: x, base:", "line 30: keep: the name tenant is taken"},
		{"keep: {base:", "keep: {other: x, base:", `line 30: keep: other is not used: put "{other}" into api or use`},
		{"default: \"read:all\"", "default: 3, secret: true", "line 6: a secret has no default"},
		{"default: \"read:all\"", "default: x, optional: true", "line 6: a variable with a default always has a value"},
		{"is: label}", "is: label, default: a.b}", "line 4: the default of tenant must be one label of a host name"},
		{"name: tenant,", "name: api,", `line 4: variable "api" would clash`},
		{"codes: {7: refused}", "command: [/bin/x]", "line 14: request has no meaning with command: leave it out"},
		{"codes: {7: refused}", "oauth2: client-credentials", `line 25: oauth2 must be client_credentials or refresh_token (did you mean "client_credentials"?)`},
	} {
		t.Run(test.new, func(t *testing.T) {
			src := strings.Replace(secondSpec, test.old, test.new, 1)
			if test.old == "name: tenant," {
				src = strings.ReplaceAll(src, "{tenant}", "{api}")
			}
			if strings.Contains(test.new, "https://{tenant}/") {
				src = strings.Replace(src, "is: label", "is: host", 1)
			}
			if src == secondSpec {
				t.Fatalf("%q is not in the source", test.old)
			}
			_, err := Parse([]byte(src))
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e, ok := auth.AsError(err)
			if !ok || e.Kind != auth.Usage {
				t.Fatalf("error %v", err)
			}
			if have := e.Err.Error(); !strings.HasPrefix(have, test.want) {
				t.Errorf("have: %s\nwant: %s", have, test.want)
			}
		})
	}
}

// TestLintOfOtherWays: a command, and a JWT that is the token, need no
// request; what they have no use for is pointed out.
func TestLintOfOtherWays(t *testing.T) {
	const vars = "name: other\nvars: [{name: id}, {name: key, secret: true}]\nendpoint: https://other.example\nuse: {headers: {Authorization: \"Bearer {token}\"}}\n"
	const local = vars + "token: \"{jwt}\"\njwt: {alg: HS256, key: key, claims: {iss: \"{id}\"}, life: 1h}\n"
	const command = vars + "command: [/opt/acme/mint, --json]\n"
	for src, want := range map[string]string{
		local: "", command: "",
		local + "expires: [{after: 1h}]\n":                                      "line 7: expires has no meaning where {jwt} is the token, which ends with its own exp: leave it out",
		local + "request: {method: GET}\n":                                      "line 7: request has no meaning",
		vars + "token: \"{jwt}\"\n":                                             "line 2: variable \"id\" is not used\nline 2: variable \"key\" is not used\nline 5: token: {jwt} needs a field jwt",
		command + "token: x\n":                                                  "line 6: token has no meaning with command: leave it out",
		vars + "command: [mint]\n":                                              "line 5: command must begin with an absolute path",
		vars + "command: /opt/mint --json\n":                                    "line 5: command must be a list, not text",
		vars + "command: []\n":                                                  "line 5: command is empty",
		vars + "command: [/opt/mint, \"{key}\"]\n":                              "line 5: command: arguments are passed as they are written, and every process can read them; the program gets {key} on stdin",
		command + "rotate: {key: rotated.key}\n":                                "",
		strings.Replace(local, "key: key", "key: id", 1):                        "line 2: variable \"key\" is not used\nline 6: jwt.key: the variable id is a key",
		vars + "oauth2: client_credentials\nrequest: {path: /x}\n":              "line 5: oauth2 needs a variable client_id, or request must say what stands for it: form: {client_id: \"{…}\"}\nline 5: oauth2 needs a variable client_secret",
		vars + "oauth2: refresh_token\nrequest: {path: /x, basic: [id, key]}\n": "line 5: oauth2 needs a variable refresh_token",
		"name: x\n\tvars: []\n":                                                 "line 2: indented with a tab: YAML takes spaces only",
		"name: x\nvars:\n\t- {name: a}\n":                                       "line 3: indented with a tab",
	} {
		_, problems := parse([]byte(absolute(src)))
		if have := problems.Error(); have != want && (want == "" || !strings.HasPrefix(have, want)) {
			t.Errorf("%s\nhave: %s\nwant: %s", src, have, want)
		}
	}
}

// TestNamesOfVariablesThatCameLater: a file of the first form may have a
// variable that is named like one of hauth's own values.
func TestNamesOfVariablesThatCameLater(t *testing.T) {
	for _, name := range []string{"uuid", "now_s", "now_ms", "jwt", "sign", "api"} {
		src := strings.ReplaceAll(goodSpec, "app_id", name)
		p := fromYAML(t, src)
		o := exchange(t, p, nil, json200(`{"code":0,"data":{"token":"x","ttl":3600}}`))
		if o.err != nil || !strings.Contains(o.vendor.requests[0], `"id":"public-`+name+`"`) {
			t.Errorf("%s: %v", name, o.err)
		}
	}
}
