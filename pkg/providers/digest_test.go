package providers

import (
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// goldenDigest is the digest of secondSpec. If it changes, every account of a
// user's own provider has to log in again: a new field of binding must be left
// out where it is empty.
const goldenDigest = "66e9cbc4ed166d7f8cae08e91de82bce626ae419eee64910ffecce289086400b"

// TestDigest: what binds an account changes with where its secret goes and
// how the answer is read, and with nothing else.
func TestDigest(t *testing.T) {
	digest := func(src string) string { return fromSource(t, absolute(src)).digest() }
	want := digest(secondSpec)
	if want != goldenDigest {
		t.Errorf("the digest is %s", want)
	}
	replace := func(old, new string) string {
		src := strings.Replace(secondSpec, old, new, 1)
		if src == secondSpec {
			t.Fatalf("%q is not in the source", old)
		}
		return src
	}
	for name, src := range map[string]string{
		"a comment":              "# comment\n" + secondSpec,
		"line ends":              strings.ReplaceAll(secondSpec, "\n", "\r\n"),
		"a title":                secondSpec + "title: Second\ndocs: https://x.example\nnote: n\nunverified: u\n",
		"a source":               replace("source: document", "source: client"),
		"a label":                replace("{name: key_id}", "{name: key_id, label: Key}"),
		"a new code":             replace("codes: {7: refused}", "codes: {7: refused, 8: throttled}"),
		"another ok":             secondSpec + "ok: {code: [0]}\n",
		"a limit":                secondSpec + "limits: {live: 3}\n",
		"where errors stand":     replace("error: {code: code}", "error: {code: [code, errcode], message: msg}"),
		"what refuses a token":   replace("refused: {code: [401]}", "refused: {code: [401, 402]}"),
		"the order of variables": strings.Replace(replace("  - {name: key_id}\n", ""), "  - {name: app_key", "  - {name: key_id}\n  - {name: app_key", 1),
		"the order of fields":    replace("rotate: {refresh_token: refresh_token}\nkeep: {base: instance_url}\n", "keep: {base: instance_url}\nrotate: {refresh_token: refresh_token}\n"),
		"quotes":                 replace("method: POST", `"method": 'POST'`),
		"what is default":        replace("{name: key_id}", "{name: key_id, is: text}"),
		"a shorthand":            replace("basic: [key_id, app_key]", `basic: ["{key_id}", "{app_key}"]`),
		"a header's case":        replace("Authorization: ", "authorization: "),
		"a slash":                replace("/realms/{realm}\n", "/realms/{realm}/\n"),
	} {
		if digest(src) != want {
			t.Errorf("%s changes the digest", name)
		}
	}
	for name, src := range map[string]string{
		"the endpoint":     replace("https://{tenant}.example.com/realms", "https://{tenant}.example.org/realms"),
		"an API":           replace(`"https://{tenant}.example.com"]`, `"https://{tenant}.example.org"]`),
		"the path":         replace("/o/{realm}/token", "/p/{realm}/token"),
		"the method":       replace("method: POST", "method: PUT"),
		"the body":         replace(`org: "{org}"`, `organization: "{org}"`),
		"a number as text": replace("  as_text: [at]\n", ""),
		"the query":        replace(`query: {id: "{uuid}"}`, `query: {ids: "{uuid}"}`),
		"basic":            replace("basic: [key_id, app_key]", "basic: [app_key, key_id]"),
		"its escape":       replace("  basic_escape: form\n", ""),
		"the token":        replace("[access_token, data.token]", "[data.token, access_token]"),
		"the use":          replace("X-Base:", "X-Other:"),
		"the claims":       replace("n: 1", "n: 2"),
		"the algorithm":    replace("alg: ES256", "alg: RS256"),
		"the life":         replace("life: 10m", "life: 11m"),
		"what is signed":   replace(`[id, "{key_id}"`, `[di, "{key_id}"`),
		"what rotates":     replace("rotate: {refresh_token: refresh_token}", "rotate: {refresh_token: data.refresh_token}"),
		"what is kept":     replace("keep: {base: instance_url}", "keep: {base: other_url}"),
		"a kind":           replace("is: label", "is: number"),
		"a default":        replace("read:all", "write:all"),
		"what may lack":    replace("{name: org, optional: true}", "{name: org}"),
	} {
		if digest(src) == want {
			t.Errorf("%s does not change the digest", name)
		}
	}
	const command = "name: c\nvars: [{name: key, secret: true}]\nendpoint: https://c.example\nuse: {headers: {X: \"{token}\"}}\ncommand: [/opt/mint, %s]\n"
	if digest(strings.Replace(command, "%s", "a", 1)) == digest(strings.Replace(command, "%s", "b", 1)) {
		t.Error("a command's arguments do not change the digest")
	}
	// The preset is what it stands for.
	preset := "name: p\nvars: [{name: client_id}, {name: client_secret, secret: true}]\nendpoint: https://p.example\noauth2: client_credentials\n"
	written := strings.Replace(preset, "oauth2: client_credentials\n", "request: {method: POST, form: {grant_type: client_credentials, client_id: \"{client_id}\", client_secret: \"{client_secret}\"}}\ntoken: access_token\nexpires: [{at: expires_in, as: seconds}]\nuse: {headers: {Authorization: \"Bearer {token}\"}}\n", 1)
	if digest(preset) != digest(written) {
		t.Error("a preset written out has another digest")
	}
}

func fromSource(t *testing.T, src string) *Spec {
	t.Helper()
	spec, err := Parse([]byte(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return spec
}

// TestAccountsOfTheFirstForm were bound to the file's own digest, and stay
// valid with the file as it is.
func TestAccountsOfTheFirstForm(t *testing.T) {
	dir := t.TempDir()
	c := Catalogue{Dir: dir}
	write(t, dir, "example.yaml", goodSpec)
	first, err := c.Find("example")
	if err != nil {
		t.Fatal(err)
	}
	raw := auth.NewSecret(goodSpec).SHA256()
	write(t, dir, "example.yaml", "# comment\n"+goodSpec)
	second, err := c.Find("example")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "example.yaml", strings.Replace(goodSpec, "path: /token", "path: /other", 1))
	third, err := c.Find("example")
	if err != nil {
		t.Fatal(err)
	}
	builtIn := find(t, "123pan")
	for _, test := range []struct {
		p      *Provider
		digest string
		want   bool
	}{
		{first, raw, true}, {first, first.SHA256, true}, {second, first.SHA256, true}, {second, raw, false}, {third, first.SHA256, false}, {third, raw, false},
		{first, "", false}, {builtIn, "", true}, {builtIn, raw, false}, {builtIn, first.SHA256, false},
	} {
		if test.p.Accepts(test.digest) != test.want {
			t.Errorf("%s accepts %.8s: want %t", test.p.Name, test.digest, test.want)
		}
	}
}
