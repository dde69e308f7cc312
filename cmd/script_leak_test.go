package cmd

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// disguises are the forms in which a value is searched for: unchanged, in
// JSON and URLs, in hexadecimal, and in the base64 of any text that contains
// it.
func disguises(value string) [][]byte {
	quoted, _ := json.Marshal(value)
	forms := []string{
		value, string(quoted[1 : len(quoted)-1]), url.QueryEscape(value), url.PathEscape(value),
		hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value))),
	}
	for lead := range 3 {
		// The characters that do not depend on the text around the value.
		padded := append(make([]byte, lead), value...)
		from, to := (lead*8+5)/6, len(padded)*8/6
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, enc.EncodeToString(padded)[from:to])
		}
	}
	out := make([][]byte, len(forms))
	for i, f := range forms {
		out[i] = []byte(f)
	}
	return out
}

// leaked returns the form of value that text contains, or "".
func leaked(text []byte, value string) string {
	for _, form := range disguises(value) {
		if bytes.Contains(text, form) {
			return string(form)
		}
	}
	return ""
}

// scan fails the test if text holds a secret or, unless they are allowed, a
// token.
func (s *script) scan(where string, text []byte, tokensAllowed bool) {
	s.t.Helper()
	if len(text) == 0 {
		return
	}
	for name, secret := range s.canary.secrets {
		if form := leaked(text, secret); form != "" {
			s.t.Errorf("LEAK: %s holds the secret of %s as %q", where, name, form)
		}
	}
	if tokensAllowed {
		return
	}
	for _, token := range s.canary.issued() {
		if form := leaked(text, token); form != "" {
			s.t.Errorf("LEAK: %s holds a token as %q", where, form)
			return
		}
	}
}

// scanFiles searches everything below the script's directory but secretsDir:
// stores, locks, attempts, temporary files, what stub commands wrote down.
func (s *script) scanFiles() {
	err := filepath.WalkDir(s.work, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // removed, or made unreadable by the script
		case d.IsDir() && path == filepath.Join(s.work, secretsDir):
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(s.work, path)
		s.scan("the file "+rel, append([]byte(rel+"\n"), text...), false)
		return nil
	})
	if err != nil {
		s.t.Error(err)
	}
}

// The search must find what it is meant to find.
func TestLeakScanFinds(t *testing.T) {
	t.Parallel()
	const secret = "+mock-only/hitem3d%3Asecret:7+Nd/c2="
	for name, text := range map[string]string{
		"raw":        "x" + secret + "y",
		"json":       `{"s":"` + secret + `"}`,
		"query":      "a=" + url.QueryEscape(secret) + "&b=c",
		"path":       "/" + url.PathEscape(secret) + "/",
		"hex":        "ff" + hex.EncodeToString([]byte(secret)),
		"HEX":        strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"base64":     base64.StdEncoding.EncodeToString([]byte(secret)),
		"basic":      base64.StdEncoding.EncodeToString([]byte("id:" + secret)),
		"basic+1":    base64.StdEncoding.EncodeToString([]byte("the:" + secret + "\n")),
		"base64 URL": base64.URLEncoding.EncodeToString([]byte("ab" + secret)),
	} {
		if leaked([]byte(text), secret) == "" {
			t.Errorf("%s: not found in %q", name, text)
		}
	}
	if form := leaked([]byte("nothing of the kind: [redacted] "+secret[:12]), secret); form != "" {
		t.Errorf("found %q where it is not", form)
	}
}
