package providers

import (
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// goodSpec is the source that the cases below change, line by line.
const goodSpec = `name: example
title: Example
docs: https://example.com/docs
vars:
  - {name: app_id, label: App ID}
  - {name: app_key, label: App key, secret: true}
endpoint: https://api.example.com/v1
request:
  method: POST
  path: /token
  headers: {X-Kind: cli}
  json: {id: "{app_id}", key: "{app_key}"}
ok: {code: [0]}
token: data.token
expires:
  - {at: data.ttl, as: seconds}
  - {after: 30d}
error: {code: code, message: [msg, message]}
codes: {401: denied}
use: {query: {access_token: "{token}"}}
limits: {live: 2, every: 5m}
`

func TestParse(t *testing.T) {
	spec, err := Parse([]byte(goodSpec))
	if err != nil {
		t.Fatal(err)
	}
	if spec.OK["code"][0] != "0" || spec.Codes["401"] != "denied" || spec.Error.Code[0] != "code" || len(spec.Error.Message) != 2 {
		t.Errorf("%+v", spec)
	}
	if v, ok := spec.FirstPublicVar(); !ok || v.Name != "app_id" || v.Label != "App ID" {
		t.Error(v)
	}
	if vars := spec.SecretVars(); len(vars) != 1 || vars[0].Name != "app_key" {
		t.Error(vars)
	}
}

// TestProblems changes one place of a good file, and wants this problem, at
// this line, and no other.
func TestProblems(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"title: Example", "titel: Example", `line 2: unknown field "titel" (did you mean "title"?)`},
		{"title: Example", "title: [a]", "line 2: title must be text, not a list"},
		{"title: Example", "title: 3", "line 2: title must be text, not a number"},
		{"title: Example", `title: "a\e[31mb"`, "line 2: title must be one line of at most 300 visible characters, without space around it"},
		{"title: Example", "name: again", `line 2: duplicate key "name"`},
		{"title: Example", "title: &a Example", "line 2: anchors, aliases and merge keys are not part of the format"},
		{"title: Example", "title: !!binary aGk=", "line 2: tags are not part of the format"},
		{"title: Example", "title: a\x01b", "line 2: contains a control character"},
		{"title: Example", "title: a\xffb", "line 2: not UTF-8"},
		{"title: Example", "title: 'open", "line 2: not YAML: "},
		{"name: example", "name: Exa_mple", "line 1: name must contain"},
		{"name: example", "name: exam--ple", "line 1: name must contain"},
		{"name: example\n", "\n", "line 1: name is missing"},
		{"docs: https", "docs: ftp", "line 3: docs must be a URL"},
		{"name: app_id", "name: 1d", "line 5: variable name must contain"},
		{"label: App ID}", "label: App ID, size: 3}", `line 5: unknown field "size"`},
		{"secret: true", "secret: yes please", "line 6: vars.1.secret must be true or false, not text"},
		{"secret: true", "secret: false", "line 4: no variable is secret"},
		{"https://api", "http://api", "line 7: endpoint is plain http"},
		{"https://api", "https://u:p@api", "line 7: endpoint contains a user name"},
		{"https://api.example.com/v1", "https://api.example.com/{app_id}", "line 7: endpoint: {app_id} is part of the URL's path, so its variable needs is: segment"},
		{"https://api.example.com/v1", `""`, "line 7: endpoint is empty"},
		{"  method: POST\n", "\n", "line 8: request.method is missing"},
		{"method: POST", "method: DELETE", "line 9: request.method must be GET, POST or PUT"},
		{"method: POST", "method: GET", "line 9: a GET request has no body"},
		{"path: /token", "path: token", "line 10: request.path must be a plain path"},
		{"path: /token", "path: /to?a=b", "line 10: request.path must be a plain path"},
		{"path: /token", "path: /{app_id}", "line 10: request.path: {app_id} is part of the URL's path, so its variable needs is: segment"},
		{"path: /token", "path: /a/../b", "line 10: request.path must be a plain path"},
		{"path: /token", "path: //evil.example", "line 10: request.path must be a plain path"},
		{"X-Kind: cli", "X Kind: cli", `line 11: "X Kind" is not a valid header name`},
		{"X-Kind: cli", "Host: cli", "line 11: header Host is set by hauth itself"},
		{"X-Kind: cli", "content-length: 3", "line 11: header content-length is set by hauth itself"},
		{"X-Kind: cli", "X-A: a, x-a: b", "line 11: header x-a appears more than once"},
		{"X-Kind: cli", `X-A: "a\nb"`, "line 11: header X-A contains a character"},
		{"X-Kind: cli", `X-A: "{nobody}"`, `line 11: request.headers.X-A: there is no variable "nobody"`},
		{"X-Kind: cli", `X-A: "{app id}"`, "line 11: request.headers.X-A: a template may contain {name}, and no other brace"},
		{"  json:", "  form: {a: b}\n  json:", "line 12: request takes json or form, not both"},
		{`id: "{app_id}", `, "", `line 5: variable "app_id" is not used`},
		{`{id: "{app_id}", key: "{app_key}"}`, "[a]", "line 12: request.json must be a mapping, not a list"},
		{"ok: {code: [0]}", "ok: {code: []}", "line 13: ok.code accepts nothing"},
		{"ok: {code: [0]}", "ok: {a..b: [0]}", `line 13: "a..b" is not a valid path`},
		{"ok: {code: [0]}", "ok: {code: [[0]]}", "line 13: ok.code must be text, not a list"},
		{"token: data.token", "token: 'header:X Y'", `line 14: "header:X Y" is not a valid path`},
		{"token: data.token\n", "\n", "line 1: token is missing"},
		{"as: seconds", "as: minutes", "line 16: expires.0.as must be seconds"},
		{"{at: data.ttl, as: seconds}", "{as: seconds}", "line 16: expires.0.at is missing"},
		{"{at: data.ttl, as: seconds}", "{at: data.ttl, after: 3h}", "line 16: expires.0 takes after alone"},
		{"{at: data.ttl, as: seconds}", "{after: 3h}", "line 16: expires.0.after is always readable"},
		{"after: 30d", "after: 29s", "line 17: expires.1.after must be between 30s and 400d"},
		{"after: 30d", "after: 0s", "line 17: expires.1.after must be between 30s and 400d"},
		{"after: 30d", "after: 401d", "line 17: expires.1.after must be between 30s and 400d"},
		{"after: 30d", "after: soon", "line 17: expires.1.after must be a duration"},
		{"after: 30d", "after: 30", "line 17: expires.1.after must be a duration"},
		{"[msg, message]", "{a: b}", "line 18: error.message must be text, not a mapping"},
		{"401: denied", "401: denyed", `line 19: codes.401 must be denied, refused, throttled or transient (did you mean "denied"?)`},
		{"401: denied", "0: denied", "line 19: code 0 stands under ok as well"},
		{`"{token}"`, `"{token}{token}"`, "line 20: use must contain {token} once, in headers, query or form; it contains it 2 times"},
		{`"{token}"`, "token", "line 20: use must contain {token} once, in headers, query or form; it contains it 0 times"},
		{`"{token}"`, `"{token}{app_key}"`, "line 20: use.query.access_token: {app_key} is secret"},
		{"live: 2", "live: -1", "line 21: limits.live must be a number that is 0 or more"},
		{"live: 2", "live: many", "line 21: limits.live must be a number that is 0 or more"},
		{"every: 5m", "every: 25h", "line 21: limits.every must be between 0 and 24h"},
	} {
		t.Run(test.new, func(t *testing.T) {
			src := strings.Replace(goodSpec, test.old, test.new, 1)
			if src == goodSpec {
				t.Fatalf("%q is not in the source", test.old)
			}
			_, err := Parse([]byte(src))
			e, ok := auth.AsError(err)
			if !ok || e.Kind != auth.Usage {
				t.Fatalf("error %v", err)
			}
			have := e.Err.Error()
			if !strings.HasPrefix(have, test.want) || strings.Contains(have, "\n") {
				t.Errorf("have: %s\nwant: %s", have, test.want)
			}
		})
	}
}

func TestVariableNamesThatClash(t *testing.T) {
	for _, name := range []string{"token", "expires_at", "endpoint", "key_file", "a__b", "a_", "_a", "A", "a-b"} {
		src := strings.ReplaceAll(goodSpec, "app_id", name)
		if _, err := Parse([]byte(src)); err == nil || !strings.Contains(err.Error(), "line 5: variable ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for provider, variable := range map[string]string{"age": "identity", "no": "input", "ca": "file"} {
		src := strings.ReplaceAll(strings.Replace(goodSpec, "name: example", "name: "+provider, 1), "app_id", variable)
		if _, err := Parse([]byte(src)); err == nil || !strings.Contains(err.Error(), "is reserved by hauth") {
			t.Errorf("%s: %v", provider, err)
		}
	}
}

func TestEveryProblemIsFound(t *testing.T) {
	src := "name: Bad Name\ncolour: red\nvars: [{name: id}, {name: id}]\nendpoint: http://x.example\ntoken: a..b\n"
	_, problems := parse([]byte(src))
	have := problems.Error()
	for _, want := range []string{"line 1: name", `line 2: unknown field "colour"`, `line 3: variable "id" appears more than once`, "line 3: no variable is secret",
		"line 4: endpoint is plain http", `line 5: "a..b" is not a valid path`, "request.method is missing", "expires is missing", "use is missing"} {
		if !strings.Contains(have, want) {
			t.Errorf("%q is missing in:\n%s", want, have)
		}
	}
}

func TestHostileYAML(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n"
	for name, src := range map[string]string{
		"empty": "", "comment": "# nothing\n", "scalar": "x", "list": "[a]", "null": "~",
		"two documents": goodSpec + "---\n" + goodSpec,
		"bomb":          bomb,
		"merge":         "<<: {name: x}\n" + goodSpec,
		"deep":          "name: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"large":         goodSpec + "#" + strings.Repeat("x", MaxFile),
		"alias to self": "name: &a [*a]\n",
		"odd key":       "{[a]: b}\n",
		"tab":           "name:\n\t- x\n",
	} {
		if _, err := Parse([]byte(src)); !auth.Is(err, auth.Usage) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDepthOfYAML: the bound is the decoder's own, below yaml's.
func TestDepthOfYAML(t *testing.T) {
	for depth, good := range map[int]bool{20: true, 29: true, 31: false, 60: false} {
		body := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		_, err := Parse([]byte(strings.Replace(goodSpec, `key: "{app_key}"`, `key: "{app_key}", z: `+body, 1)))
		if good != (err == nil) || !good && !strings.Contains(err.Error(), "line 12: nested too deeply") {
			t.Errorf("%d: %v", depth, err)
		}
	}
}
