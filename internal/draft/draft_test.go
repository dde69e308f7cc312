package draft_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/hauth/hauth/internal/draft"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

var update = flag.Bool("update", false, "write the drafts of testdata")

// options are the few of curl's that the tests use. Package cmd has the table
// of all.
func options() draft.Options {
	letters := map[byte]string{'X': "request", 'H': "header", 'd': "data", 'u': "user", 'F': "form", 'G': "get", 's': "silent", 'S': "show-error", 'v': "verbose", 'o': "output", 'L': "location", 'k': "insecure", 'A': "user-agent", 'b': "cookie"}
	without := map[string]bool{"get": true, "silent": true, "show-error": true, "verbose": true, "location": true, "insecure": true}
	with := map[string]bool{"max-time": true, "data-raw": true, "data-urlencode": true, "data-binary": true, "json": true, "url": true, "cert": true, "oauth2-bearer": true, "url-query": true}
	for _, name := range letters {
		with[name] = !without[name]
	}
	return draft.Options{
		Long:  func(name string) (string, bool, bool) { return name, with[name], with[name] || without[name] },
		Short: func(letter byte) (string, bool, bool) { name, ok := letters[letter]; return name, with[name], ok },
	}
}

// canary is part of every credential in the commands in testdata.
const canary = "CANARY"

// TestFromCurl compares the drafts of commands as documents show them. Each is
// a provider file that lacks what it marks, and nothing else; and it repeats
// no credential.
func TestFromCurl(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := draft.FromCurl("acme", string(src), options())
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".txt")+".yaml", d.Text)
			if text := d.Text + strings.Join(d.Remarks, "\n"); strings.Contains(text, canary) {
				t.Error("a credential stands in the draft")
			}
			onlyTODO(t, d.Text)
		})
	}
}

func golden(t *testing.T, path, have string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if have != string(want) {
		t.Errorf("have:\n%s\nwant:\n%s", have, want)
	}
}

// onlyTODO checks that each problem is on a marked line, and that each mark is
// a problem.
func onlyTODO(t *testing.T, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	marked := 0
	for _, line := range lines {
		line, _, _ = strings.Cut(line, "#")
		marked += strings.Count(line, draft.TODO)
	}
	var problems providers.Problems
	_, err := providers.Parse([]byte(text))
	errors.As(err, &problems)
	for _, p := range problems {
		if !strings.Contains(lines[p.Line-1], draft.TODO) {
			t.Errorf("line %d: %s\n%s", p.Line, p.Reason, text)
		}
	}
	if len(problems) != marked {
		t.Errorf("%d marks, %d problems: %v", marked, len(problems), problems)
	}
}

func TestPatterns(t *testing.T) {
	for _, name := range draft.Patterns() {
		text, ok := draft.Pattern("acme", name)
		if !ok || !strings.Contains(text, "name: acme\n") || strings.Contains(text, "NAME") {
			t.Errorf("%s: %s", name, text)
		}
		onlyTODO(t, text)
		complete := strings.NewReplacer("endpoint: TODO", "endpoint: https://api.acme.example", "path: TODO", "path: /token", "TODO", "x").Replace(text)
		if _, err := providers.Parse([]byte(complete)); err != nil {
			t.Errorf("%s, completed: %v\n%s", name, err, complete)
		}
	}
	if _, ok := draft.Pattern("acme", "other"); ok {
		t.Error("there is a pattern for everything")
	}
}

// TestLike drafts from every built-in provider. Nothing of it leads to that
// vendor, and what remains is marked.
func TestLike(t *testing.T) {
	catalogue := providers.Catalogue{}
	for _, name := range catalogue.Names() {
		p, err := catalogue.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := draft.Like("acme", name, p.File())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		onlyTODO(t, d.Text)
		var file map[string]any
		if err := yaml.Unmarshal([]byte(d.Text), &file); err != nil {
			t.Fatal(name, err)
		}
		for _, key := range []string{"title", "docs", "note", "source", "unverified"} {
			if file[key] != nil {
				t.Errorf("%s: %s is kept", name, key)
			}
		}
		if p.Endpoint != "" && file["endpoint"] != draft.TODO || file["name"] != "acme" {
			t.Errorf("%s:\n%s", name, d.Text)
		}
	}
	if _, err := draft.Like("acme", "x", []byte("- a\n")); err == nil {
		t.Error("a list is a provider file")
	}
}

func TestFromCurlFails(t *testing.T) {
	for src, want := range map[string]string{
		"":                                           "there is no curl command in it",
		"wget https://x":                             "there is no curl command in it",
		"# a\ncurl -s":                               "line 2: the curl command has no URL",
		"curl 'https://x":                            "line 1: a quote is not closed: '",
		"curl \\\n \"https://x":                      `line 2: a quote is not closed: "`,
		"curl $'https://x":                           "a quote is not closed: $'",
		"curl https://x/$(date":                      "$( is not closed",
		"curl -H “A: b” https://x":                   "a typographic quote (“)",
		"curl --no-such https://x":                   "curl has no option --no-such",
		"curl -Zsecret https://x":                    "curl has no option -Z",
		"curl --secretA=1 https://x":                 "curl has no option --secret",
		"curl https://x -d":                          "the value of --data is missing",
		"curl https://x -d @- <<A\n{}\nB\n":          "the here-document is not closed: no line says \"A\" alone",
		"curl https://x -d @f.json":                  "the body of --data is in another file",
		"curl https://x -F a=@f":                     "--form with a file",
		"curl -X DELETE https://x/y":                 "the method is not GET, POST or PUT",
		"curl ftp://x/y":                             "the URL is neither https nor http",
		"curl https://x -d '{\"a\":}'":               "the body is not a JSON object",
		"curl https://x -d '{\"a\":\"CANARY\"} ...'": "the body is not a JSON object",
		"curl https://x -d '<xml/>'":                 "the body is neither JSON nor a form",
		"curl https://x\x00":                         "line 1: not UTF-8 text",
		"curl https://x\n\xff":                       "line 2: not UTF-8 text",
		"curl https://x # \u202e":                    "line 1: contains a control character",
	} {
		_, err := draft.FromCurl("acme", src, options())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), canary) {
			t.Errorf("%q: %v, not %s", src, err, want)
		}
	}
}

// FuzzFromCurl: nothing panics, and the result is YAML with the provider's
// name and without a password of the command.
func FuzzFromCurl(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	f.Fuzz(func(t *testing.T, src string) {
		d, err := draft.FromCurl("acme", src, options())
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q", err)
			}
			return
		}
		var file struct {
			Name string
			Vars []struct{ Name, Label string }
		}
		if err := yaml.Unmarshal([]byte(d.Text), &file); err != nil || file.Name != "acme" {
			t.Errorf("%v\n%s", err, d.Text)
		}
		for _, v := range file.Vars {
			if auth.Printable(v.Label) != v.Label && v.Label != "" {
				t.Errorf("label %q", v.Label)
			}
		}
		again, err := draft.FromCurl("acme", "curl -u id:CANARY-0 -d password=CANARY1 "+strings.TrimPrefix(src, "curl "), options())
		if err == nil && strings.Contains(again.Text, canary) && !strings.Contains(src, canary) {
			t.Errorf("a credential stands in\n%s", again.Text)
		}
	})
}
