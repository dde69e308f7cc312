package auth

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "  around\n": "around", "用户名或密码错误": "用户名或密码错误", "naïve é 🙂": "naïve é 🙂",
		"a\tb\nc\rd\v\f\u0085\u00a0\u3000\u2028e": "a b c d      e",
		"\x1b[31mred\x1b[0m":                      "�[31mred�[0m", "\a\b\x00\x7f": "����", "\u009b2J": "�2J", "\xff\xfe": "��", "\xe4\xbd": "��",
		"\u202eevil\u2066": "�evil�", "a\u200bb\u00adc\ufeffd": "a�b�c�d", "e\u0301": "e\u0301", "a\ufe0f\U000e0100\u034f\u3164\u2800": "a�����", "\ue000\uffff\U0010ffff": "���",
		"::add-mask::x": ": :add-mask::x", " ::warning file=a::b": ": :warning file=a::b", "::echo::on": ": :echo::on", "::abc::": ": :abc::", "::": "::", ":::": ":::", ":": ":", "a:b": "a:b",
		"::ffff:192.0.2.1": "::ffff:192.0.2.1", "::1": "::1", "[::1]:80": "[::1]:80", "not ::ffff:192.0.2.1": "not ::ffff:192.0.2.1", "a ::add-mask::x": "a ::add-mask::x", "::ffff is refused": "::ffff is refused", "2001:db8::1": "2001:db8::1",
		"##[error]": "# #[error]", "##vso[task]": "# #vso[task]", "a ##VSO[task]": "a # #VSO[task]", "###[x": "## #[x", "##teamcity[x]": "# #teamcity[x]", "###": "###", "#1": "#1", "##": "##", "## [": "## [", "##1[": "##1[",
		strings.Repeat("x", 300): strings.Repeat("x", 300), strings.Repeat("x", 301): strings.Repeat("x", 299) + "…", strings.Repeat("é", 1000): strings.Repeat("é", 299) + "…",
	} {
		if have := Printable(text); have != want {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
}

// TestRedact: Redact keeps text that Printable would cut, and is still safe
// to print.
func TestRedact(t *testing.T) {
	secret := NewSecret("a b+c/d::e##f")
	for text, want := range map[string]string{
		"POST http://[::1]:80/ ": "POST http://[::1]:80/ ", strings.Repeat("x", 1000): strings.Repeat("x", 1000), "##vso[x]\x1b": "# #vso[x]�", "": "",
		"<a b+c/d::e##f>": "<[redacted]>", "a+b%2bc%2Fd%3A%3Ae%23%23f": "[redacted]", `a b+c\/d::e##f`: "[redacted]", "a\tb&#43;c&#x2F;d::e##f;": "[redacted];",
		"##a b+c/d::e##f": "# #[redacted]", "A B+C/D::E##F": "[redacted]", "a%252Bb%2520": "a%252Bb%2520", "a%2520b%252bc%252fd%253a%253ae%2523%2523f": "[redacted]", "::x": "::x", "####": "####",
	} {
		if have := Redact(text, secret); have != want {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
	if have := Redact("abc abc", NewSecret("abc"), Secret{}); have != "abc abc" {
		t.Errorf("a secret of three characters blots out words: %q", have)
	}
	// The longer of two wins; one inside another does not cut it short.
	if have := Redact("secret-and-more secret", NewSecret("secret"), NewSecret("secret-and-more")); have != "[redacted] [redacted]" {
		t.Error(have)
	}
}

// commandLike is what the runners of CI jobs look for.
var commandLike = regexp.MustCompile(`^\s*::([a-z-]*[g-z-][a-z-]*|[a-z-]{5,})(::|\s.*::)|##\[|##[a-zA-Z]+\[`)

// FuzzPrintable: one line, visible, short, inert, stable, and without the
// secret in any form.
func FuzzPrintable(f *testing.F) {
	for _, text := range []string{"", "::x", "##[x", "\x1b[2J", "\u202e", "\xff", "%2b", `\u00e9`, "&amp;", strings.Repeat("s", 400), "kL9vQ2xW7rT4", "ab\tcd"} {
		f.Add(text, "kL9vQ2xW7rT4")
		f.Add("before "+text+" after", text)
	}
	f.Fuzz(func(t *testing.T, text, secret string) {
		s := NewSecret(secret)
		have := Printable(text, s)
		if !utf8.ValidString(have) || utf8.RuneCountInString(have) > maxPrintable || strings.TrimSpace(have) != have {
			t.Fatalf("%q", have)
		}
		if commandLike.MatchString(have) || strings.ContainsFunc(have, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			t.Fatalf("%q", have)
		}
		if again := Printable(Printable(text)); again != Printable(text) {
			t.Fatalf("%q, then %q", Printable(text), again)
		}
		// A secret that Printable could create from other text, or that is
		// part of its own text, proves nothing.
		if len(secret) < minRedacted || strings.ContainsAny(secret, "\ufffd…[]: #") || strings.Contains(Redacted, secret) || strings.ContainsFunc(secret, unicode.IsSpace) || !utf8.ValidString(secret) {
			return
		}
		quoted, _ := json.Marshal(secret)
		for name, form := range map[string]string{
			"raw": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret), "JSON": string(quoted[1 : len(quoted)-1]), "HTML": html.EscapeString(secret),
			"hex": hex.EncodeToString([]byte(secret)), "base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64url": base64.URLEncoding.EncodeToString([]byte(secret)),
		} {
			echoed := Printable("<"+form+">", s)
			if strings.Contains(have, secret) || strings.Contains(echoed, form) {
				t.Errorf("%s shows in %q or %q", name, have, echoed)
			}
		}
	})
}
