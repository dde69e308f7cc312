package mask

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// pass runs text through a Writer in pieces of the given size.
func pass(t *testing.T, text string, size int, secrets ...string) string {
	t.Helper()
	var out bytes.Buffer
	m := NewWriter(&out, NewSet(secrets...))
	for len(text) > 0 {
		n := min(size, len(text))
		if _, err := m.Write([]byte(text[:n])); err != nil {
			t.Fatal(err)
		}
		text = text[n:]
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestMask(t *testing.T) {
	for _, tt := range []struct {
		text    string
		secrets []string
		want    string
	}{
		{"nothing here", []string{"token"}, "nothing here"},
		{"a token, a token", []string{"token"}, "a [hauth:masked], a [hauth:masked]"},
		{"tok", []string{"token"}, "tok"},
		{"totoken", []string{"token"}, "to[hauth:masked]"},
		{"aaab", []string{"aab"}, "a[hauth:masked]"},
		{"abcabd", []string{"abcabd"}, "[hauth:masked]"},
		{"abcabcabd", []string{"abcabd"}, "abc[hauth:masked]"},
		{"abc", []string{"abc", "abcdef"}, "[hauth:masked]"},
		{"abcdef", []string{"abc", "abcdef"}, "[hauth:masked]"},
		{"abcdex", []string{"abc", "abcdef"}, "[hauth:masked]dex"},
		{"tokentoken", []string{"token"}, "[hauth:masked][hauth:masked]"},
		{"to\nken", []string{"token"}, "to\nken"},
		{"\x00token\xff", []string{"token"}, "\x00[hauth:masked]\xff"},
		{"text", nil, "text"},
		{"text", []string{""}, "text"},
	} {
		for size := 1; size <= len(tt.text)+1; size++ {
			if got := pass(t, tt.text, size, tt.secrets...); got != tt.want {
				t.Errorf("%q without %q in pieces of %d: %q, want %q", tt.text, tt.secrets, size, got, tt.want)
			}
		}
	}
}

// TestMaskHoldsBackOnlyWhatCouldBeAToken: a prompt must not wait for more.
func TestMaskHoldsBackOnlyWhatCouldBeAToken(t *testing.T) {
	var out bytes.Buffer
	m := NewWriter(&out, NewSet("token"))
	m.Write([]byte("name? "))
	if out.String() != "name? " {
		t.Errorf("held back: %q", out.String())
	}
	m.Write([]byte("to"))
	if out.String() != "name? " {
		t.Errorf("let go: %q", out.String())
	}
}

func TestMaskReportsAFailedWrite(t *testing.T) {
	m := NewWriter(brokenWriter{}, NewSet())
	if _, err := m.Write([]byte("x")); err == nil {
		t.Error("no error")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }

// FuzzMask: however text is cut, no secret passes, and text without one
// passes unchanged.
func FuzzMask(f *testing.F) {
	f.Add("a token here", "token", "here", 3)
	f.Add("aaab", "aab", "ab", 1)
	f.Add("abcdex", "abc", "abcdef", 2)
	f.Fuzz(func(t *testing.T, text, one, two string, size int) {
		if size < 1 || size > 1<<16 {
			return
		}
		got := pass(t, text, size, one, two)
		if whole := pass(t, text, len(text)+1, one, two); got != whole {
			t.Errorf("in pieces of %d: %q, whole: %q", size, got, whole)
		}
		for _, s := range []string{one, two} {
			if s == "" {
				continue
			}
			for _, piece := range strings.Split(got, Masked) {
				if strings.Contains(piece, s) {
					t.Errorf("%q holds %q", got, s)
				}
			}
			if strings.Contains(text, s) && !strings.Contains(got, Masked) {
				t.Errorf("%q held %q, and nothing was masked", text, s)
			}
		}
		if (one == "" || !strings.Contains(text, one)) && (two == "" || !strings.Contains(text, two)) && got != text {
			t.Errorf("%q came through as %q", text, got)
		}
	})
}

// TestMaskForms: a token in a log is masked in each form, whichever encoder
// made it.
func TestMaskForms(t *testing.T) {
	const token = "+mock/hitem3d*token=:7~Nd!c2'(x)=="
	forms := Forms(auth.NewSecret(token))
	if forms[0] != token {
		t.Errorf("the first form is %q", forms[0])
	}
	for name, text := range map[string]string{
		"as it is":               "a " + token + " b",
		"query":                  "?t=" + url.QueryEscape(token) + "&x",
		"path":                   "/" + url.PathEscape(token) + "/x",
		"query, twice":           "?u=" + url.QueryEscape("https://x/?t="+url.QueryEscape(token)),
		"path, twice":            url.PathEscape(url.PathEscape(token)),
		"lower case":             lowerEscapes(url.QueryEscape(token)),
		"a URL's path in Go":     (&url.URL{Scheme: "https", Host: "x", Path: "/" + token + ">"}).String(),
		"a URL's fragment in Go": (&url.URL{Scheme: "https", Host: "x", Fragment: token}).String(),
		"a query in browsers":    "?t=+mock/hitem3d*token=:7~Nd!c2%27(x)==",
		"Python's quote":         "%2Bmock/hitem3d%2Atoken%3D%3A7~Nd%21c2%27%28x%29%3D%3D",
		"encodeURIComponent":     "%2Bmock%2Fhitem3d*token%3D%3A7~Nd!c2'(x)%3D%3D",
		"URLSearchParams":        "%2Bmock%2Fhitem3d*token%3D%3A7%7ENd%21c2%27%28x%29%3D%3D",
		"JSON of .NET":           `{"t":"\u002Bmock/hitem3d*token=:7~Nd!c2\u0027(x)=="}`,
		"JSON of Gson":           `{"t":"+mock/hitem3d*token\u003d:7~Nd!c2\u0027(x)\u003d\u003d"}`,
		"JSON of PHP":            `{"t":"+mock\/hitem3d*token=:7~Nd!c2'(x)=="}`,
		"base64":                 base64.StdEncoding.EncodeToString([]byte(token)),
		"Basic":                  base64.StdEncoding.EncodeToString([]byte("user:" + token)),
		"base64 of a line":       base64.StdEncoding.EncodeToString([]byte("it is " + token + "\n")),
		"base64 for URLs":        base64.URLEncoding.EncodeToString([]byte("ab" + token)),
		"base64, escaped":        url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("abc" + token))),
		"base64, escaped, twice": url.QueryEscape(url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("abc" + token)))),
	} {
		var out bytes.Buffer
		m := NewWriter(&out, NewSet(forms...))
		for i := range len(text) {
			m.Write([]byte{text[i]})
		}
		m.Close()
		if !strings.Contains(out.String(), Masked) {
			t.Errorf("%s: %q comes through", name, out.String())
		}
	}
	for _, text := range []string{`{"t":"a\"b\u0026c\u003cd\u003e12345678"}`, `{"t":"a\"b&c<d>12345678"}`, `{"t":"a\u0022b\u0026c\u003Cd\u003E12345678"}`} {
		if got := NewSet(Forms(auth.NewSecret(`a"b&c<d>12345678`))...).String(text); got != `{"t":"`+Masked+`"}` {
			t.Errorf("%s becomes %s", text, got)
		}
	}
	if forms := Forms(auth.Secret{}); len(forms) != 0 {
		t.Errorf("nothing has forms: %q", forms)
	}
	// A token without characters to escape has only the base64 forms.
	if forms := Forms(auth.NewSecret("eyJhbGciOiJub25lIn0.e30.x-_y")); len(forms) > 8 {
		t.Errorf("%d forms: %q", len(forms), forms)
	}
}

func lowerEscapes(s string) string {
	return regexp.MustCompile("%[0-9A-F]{2}").ReplaceAllStringFunc(s, strings.ToLower)
}

func TestMaskAbandon(t *testing.T) {
	for held, want := range map[string]string{"": "x ", "to": "x [hauth:masked]"} {
		var out bytes.Buffer
		m := NewWriter(&out, NewSet("token"))
		m.Write([]byte("x " + held))
		if err := m.Abandon(); err != nil || out.String() != want {
			t.Errorf("%q held: %q, %v", held, out.String(), err)
		}
	}
}
