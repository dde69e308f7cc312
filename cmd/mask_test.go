package cmd

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// mask runs text through a maskWriter in pieces of the given size.
func mask(t *testing.T, text string, size int, secrets ...string) string {
	t.Helper()
	var out bytes.Buffer
	m := newMaskWriter(&out, secrets...)
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
			if got := mask(t, tt.text, size, tt.secrets...); got != tt.want {
				t.Errorf("%q without %q in pieces of %d: %q, want %q", tt.text, tt.secrets, size, got, tt.want)
			}
		}
	}
}

// TestMaskHoldsBackOnlyWhatCouldBeAToken: a prompt must not wait for more.
func TestMaskHoldsBackOnlyWhatCouldBeAToken(t *testing.T) {
	var out bytes.Buffer
	m := newMaskWriter(&out, "token")
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
	m := newMaskWriter(brokenWriter{})
	if _, err := m.Write([]byte("x")); err == nil {
		t.Error("no error")
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }

// FuzzMask: however text is cut, no secret comes through, and without one in
// it the text comes through whole.
func FuzzMask(f *testing.F) {
	f.Add("a token here", "token", "here", 3)
	f.Add("aaab", "aab", "ab", 1)
	f.Add("abcdex", "abc", "abcdef", 2)
	f.Fuzz(func(t *testing.T, text, one, two string, size int) {
		if size < 1 || size > 1<<16 {
			return
		}
		got := mask(t, text, size, one, two)
		if whole := mask(t, text, len(text)+1, one, two); got != whole {
			t.Errorf("in pieces of %d: %q, whole: %q", size, got, whole)
		}
		for _, s := range []string{one, two} {
			if s == "" {
				continue
			}
			for _, piece := range strings.Split(got, masked) {
				if strings.Contains(piece, s) {
					t.Errorf("%q holds %q", got, s)
				}
			}
			if strings.Contains(text, s) && !strings.Contains(got, masked) {
				t.Errorf("%q held %q, and nothing was masked", text, s)
			}
		}
		if (one == "" || !strings.Contains(text, one)) && (two == "" || !strings.Contains(text, two)) && got != text {
			t.Errorf("%q came through as %q", text, got)
		}
	})
}
