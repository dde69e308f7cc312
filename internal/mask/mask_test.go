package mask_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/hauth/hauth/internal/mask"
)

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

// TestHeldBack: the possible beginning of a token is written after more text
// or at the end, and masked if neither comes.
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
