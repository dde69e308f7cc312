package mask_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/hauth/hauth/internal/mask"
	"github.com/hauth/hauth/pkg/auth"
)

const token = "eyJhbGciOiJIUzI1NiJ9.+a/b=c*d.0123456789abcdef"

func TestForms(t *testing.T) {
	set := mask.NewSet(mask.Forms(auth.NewSecret(token))...)
	for name, text := range map[string]string{
		"plain": token, "query": url.QueryEscape(token), "path": url.PathEscape(token), "twice": url.QueryEscape(url.QueryEscape(token)),
		"base64": base64.StdEncoding.EncodeToString([]byte("id:" + token)), "PHP": strings.ReplaceAll(token, "/", `\/`),
	} {
		if got := set.String("<" + text + ">"); !strings.Contains(got, mask.Masked) || strings.Contains(got, "0123456789abcdef") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if mask.Forms(auth.Secret{}) != nil {
		t.Error("nothing has forms")
	}
}

// TestCuts: the result does not depend on how the text is cut.
func TestCuts(t *testing.T) {
	set := mask.NewSet("abc", "abcabd", "xyz", "a")
	for text, want := range map[string]string{
		"": "", "abc": "[hauth:masked]", "abcabc": "[hauth:masked][hauth:masked]", "abcabd": "[hauth:masked]", "xyxyz": "xy[hauth:masked]", "xy": "xy",
		"-abca-": "-[hauth:masked][hauth:masked]-", "none": "none",
	} {
		if got := set.String(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
		for name, src := range map[string]io.Reader{
			"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)), "halves": iotest.HalfReader(strings.NewReader(text)),
		} {
			got, err := io.ReadAll(mask.NewReader(io.NopCloser(src), set))
			if string(got) != want || err != nil {
				t.Errorf("%q in %s: %q, %v", text, name, got, err)
			}
			var b bytes.Buffer
			w := mask.NewWriter(&b, set)
			for i := range text {
				w.Write([]byte{text[i]})
			}
			if w.Close(); b.String() != want {
				t.Errorf("%q written: %q", text, b.String())
			}
		}
	}
}

// TestHeldBack: what could begin a token is let go by more text or the end,
// and masked where neither comes.
func TestHeldBack(t *testing.T) {
	set := mask.NewSet("secret")
	var b bytes.Buffer
	w := mask.NewWriter(&b, set)
	w.Write([]byte("a secr"))
	if b.String() != "a " {
		t.Errorf("%q", b.String())
	}
	w.Write([]byte("ew"))
	w.Write([]byte(" sec"))
	w.Abandon()
	if want := "a secrew [hauth:masked]"; b.String() != want {
		t.Errorf("%q", b.String())
	}
	r := mask.NewReader(io.NopCloser(io.MultiReader(strings.NewReader("x sec"), iotest.ErrReader(io.ErrUnexpectedEOF))), set)
	if got, err := io.ReadAll(r); string(got) != "x [hauth:masked]" || err != io.ErrUnexpectedEOF {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzMask(f *testing.F) {
	f.Add("abcabcabd", "abc", "abcabd", 3)
	f.Fuzz(func(t *testing.T, text, a, b string, cut int) {
		set := mask.NewSet(a, b)
		want := set.String(text)
		var out bytes.Buffer
		w := mask.NewWriter(&out, set)
		cut = min(max(cut, 0), len(text))
		w.Write([]byte(text[:cut]))
		w.Write([]byte(text[cut:]))
		if w.Close(); out.String() != want {
			t.Errorf("%q cut at %d: %q, not %q", text, cut, out.String(), want)
		}
	})
}
