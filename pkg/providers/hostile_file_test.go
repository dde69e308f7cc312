package providers

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// TestHostileProviderFile: a file from somebody else, checked or shown in a CI
// job, steers neither the terminal nor the runner: its texts are refused with
// a reason that is harmless, or shown harmlessly. Paths and literal values of
// the request once were shown as they stood.
func TestHostileProviderFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "plain.yaml")
	for _, text := range injections {
		quoted, err := json.Marshal(text) // JSON's escapes are YAML's
		if err != nil {
			t.Fatal(err)
		}
		q := strings.ToValidUTF8(string(quoted), "?")
		for name, change := range map[string][2]string{
			"name": {"name: plain", "name: " + q}, "title": {"name: plain", "name: plain\ntitle: " + q}, "docs": {"name: plain", "name: plain\ndocs: " + q},
			"note": {"name: plain", "name: plain\nnote: " + q}, "unverified": {"name: plain", "name: plain\nunverified: " + q}, "unknown": {"name: plain", "name: plain\n" + q + ": x"},
			"twice": {"name: plain", "name: plain\nok: {" + q + ": a, " + q + ": a}"}, "label": {"label: secret", "label: " + q}, "variable": {"{name: id", "{name: " + q},
			"endpoint": {"https://plain.example/base", q}, "path": {"/token", q}, "method": {"POST", q}, "token": {"token: token", "token: " + q}, "at": {"at: ttl", "at: " + q}, "as": {"as: seconds", "as: " + q},
			"after": {"at: ttl, as: seconds", "after: " + q}, "ok path": {"token: token", "ok: {" + q + ": a}\ntoken: token"}, "ok": {"token: token", "ok: {a: " + q + "}\ntoken: token"},
			"code": {"token: token", "codes: {" + q + ": " + q + "}\ntoken: token"}, "message": {"token: token", "error: {message: " + q + "}\ntoken: token"}, "use": {"X-Token", q}, "use value": {`"{token}"`, q},
			"header": {asForm, "headers: {" + q + ": \"{id}{secret}\"}"}, "header value": {asForm, "headers: {A: \"{id}{secret}\", B: " + q + "}"}, "JSON": {asForm, `json: {a: "{id}{secret}", ` + q + ": " + q + "}"},
			"form": {asForm, `form: {a: "{id}{secret}", ` + q + ": " + q + "}"}, "query": {asForm, `query: {a: "{id}{secret}", ` + q + ": " + q + "}"}, "limits": {"token: token", "limits: {live: " + q + "}\ntoken: token"},
			"comment": {"name: plain", "name: plain # " + strings.ToValidUTF8(text, "?")}, "syntax": {"name: plain", "name: [" + q},
		} {
			good := fmt.Sprintf(plainSpec, asForm, secondsUse)
			src := strings.Replace(good, change[0], change[1], 1)
			if src == good {
				t.Fatal(name)
			}
			if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
				t.Fatal(err)
			}
			p, err := Catalogue{Dir: dir}.Check(path)
			if err != nil {
				for line := range strings.SplitSeq(err.Error(), "\n") {
					if n := len([]rune(line)); n > 900 {
						t.Errorf("%s: %d characters", name, n)
					}
					harmless(t, line)
				}
				continue
			}
			shown, err := (&Engine{Provider: p}).DryRun(auth.Credentials{Vars: map[string]auth.Secret{"id": auth.NewSecret(text)}})
			if err != nil {
				harmless(t, err.Error())
				continue
			}
			for line := range strings.SplitSeq(strings.TrimSuffix(shown, "\n"), "\n") {
				if strings.HasPrefix(strings.TrimSpace(line), "::") {
					t.Errorf("%s: %q", name, line)
				}
				harmless(t, strings.ReplaceAll(line, "::", ""))
			}
			o := exchange(t, &Provider{Spec: p.Spec, SHA256: p.SHA256}, nil, json200("{}"))
			e := wantKind(t, o, auth.Vendor)
			harmless(t, e.Error(), e.Subject, p.Title, p.Docs, p.Note, p.Unverified, p.Vars[0].Label, p.Vars[1].Label)
		}
	}
}

// TestCommentsThatDeceive: what a reviewer sees of a file must be what it
// says, comments included; "providers show" prints it as it stands.
func TestCommentsThatDeceive(t *testing.T) {
	good := fmt.Sprintf(plainSpec, asForm, secondsUse)
	for text, ok := range map[string]bool{
		"\u202e": false, "\u2066": false, "\u200f": false, "\u061c": false, "\u009b31m": false, "\u0085": false, "\u2028endpoint: https://evil.example": false, "\u2029endpoint: https://evil.example": false, "\x1b[2J": false, "\a": false, "\x00": false, "\x7f": false, "\xff": false,
		"a\rendpoint: https://evil.example": false, "\r\n# a\r\n": true, "\t": true, "说明 🙂 é": true,
	} {
		_, err := Parse([]byte(strings.Replace(good, "name: plain", "name: plain # "+text, 1)))
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil && !strings.Contains(err.Error(), "line 2: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
