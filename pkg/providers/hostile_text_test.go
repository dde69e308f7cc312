package providers

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hauth/hauth/pkg/auth"
)

// commandLike is what the runners of CI jobs look for.
var commandLike = regexp.MustCompile(`^\s*::([a-z-]*[g-z-][a-z-]*|[a-z-]{5,})(::|\s.*::)|##\[|##[a-zA-Z]+\[`)

// harmless fails if a line could steer a terminal or a CI runner.
func harmless(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if commandLike.MatchString(line) {
			t.Errorf("%q is a command to a runner", line)
		}
		bad := func(r rune) bool {
			return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
		}
		if !utf8.ValidString(line) || strings.ContainsFunc(line, bad) {
			t.Errorf("%q holds what does not show", line)
		}
		if n := utf8.RuneCountInString(line); n > 1200 {
			t.Errorf("%d characters: %.80q", n, line)
		}
	}
}

// injections are what terminals and CI runners obey, and what deceives eyes.
var injections = []string{
	"\x1b[2J\x1b]0;title\x07", "\x1b]52;c;ZXZpbA==\x1b\\", "\u009b31m", "\x9b31m", "a\rb", "a\nb", "a\vb\fc", "\a\b\x7f\x00", "\u2028::error::x", "\u2029", "\u0085",
	"::add-mask::x", "::set-output name=a::b", "\n::stop-commands::x", ":::::", "##[command]rm", "##[error]x", "##vso[task.setvariable variable=PATH]/evil", "##VSO[task.complete]",
	"###[x", "##teamcity[buildProblem description='x']", "#\u200b#[x]", "\u202egnp.exe", "\u2066x\u2069", "\u200e\u200f\u061c", "\u200b\u200c\u200d\u2060\ufeff\u00ad", "\U000e0041\U000e0001",
	"\ufe0f\U000e0100", "\u034f\u115f\u3164\uffa0", "\ue000\U000f0000", "\ufffe\uffff", "\xff\xfe\xc0\xaf", "\xed\xa0\x80",
}

// TestInjection puts each of them wherever a vendor's text can come to a
// person's eyes: message, code, trace, headers, status line, proxy, Location.
// "##vso[", which Azure obeys anywhere in a line, once passed.
func TestInjection(t *testing.T) {
	p := plain(t, asForm, "ok: {code: [\"0\"]}\nerror: {code: [code, header:X-Code], message: [msg, header:X-Msg], trace: [trace, header:X-Trace]}\n"+secondsUse)
	for _, text := range injections {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`{"code":%s,"msg":%s,"trace":%s}`, quoted, quoted, quoted)
		inHeader := strings.NewReplacer("\n", " ", "\r", "\r").Replace(text)
		all := "Location: https://" + inHeader + "\nContent-Type: " + inHeader + "\nServer: " + inHeader + "\nRetry-After: " + inHeader + "\nDate: " + inHeader +
			"\nContent-Encoding: " + inHeader + "\nX-Code: " + inHeader + "\nX-Msg: " + inHeader + "\nX-Trace: " + inHeader + "\nX" + inHeader + ": y\n"
		for name, answer := range map[string]string{
			"body":         json200(body),
			"body of 500":  raw("HTTP/1.1 500 " + inHeader + "\n\n" + body),
			"body of 429":  raw("HTTP/1.1 429 X\n\n" + body),
			"headers":      raw("HTTP/1.1 200 OK\n" + all + "\n{}"),
			"legal header": raw("HTTP/1.1 401 X\nContent-Type: " + strings.Map(legal, text) + "\nX-Msg: " + strings.Map(legal, text) + "\n\n<"),
			"redirect":     raw("HTTP/1.1 302 X\nLocation: https://" + strings.Map(legal, text) + "/\n\n"),
			"status line":  raw("HTTP/1.1 200" + inHeader + "\n\n{}"),
			"protocol":     inHeader + " 200 OK\r\n\r\n",
			"not JSON":     raw("HTTP/1.1 200 OK\nContent-Type: " + strings.Map(legal, text) + "\n\n" + text),
			"a megabyte":   json200(strings.Replace(body, `,"msg":"`, `,"msg":"`+strings.Repeat("x", 1e6), 1)),
		} {
			o := exchange(t, p, nil, answer)
			e, ok := auth.AsError(o.err)
			if !ok {
				t.Errorf("%s %q: no error", name, text)
				continue
			}
			shown, err := json.Marshal(e.Error()) // as under --json
			if err != nil {
				t.Fatal(err)
			}
			harmless(t, append(append(o.trace, o.notices...), e.Error(), e.Fact, e.Subject, e.VendorCode, e.VendorMessage, e.TraceID, string(shown))...)
		}
	}
}

// legal leaves out what net/http itself refuses in a header.
func legal(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// TestLargeTextsAreCheap: a megabyte of a message that nearly is the secret,
// again and again, is no work.
func TestLargeTextsAreCheap(t *testing.T) {
	secret := auth.NewSecret(strings.Repeat("a", maxToken-1) + "b")
	for _, text := range []string{strings.Repeat("a", 1<<20), strings.Repeat("%61", 1<<18), strings.Repeat(`\`, 1<<20), strings.Repeat("&#97;", 1<<17), strings.Repeat("\u200b", 1<<18)} {
		start := time.Now()
		have := auth.Printable(text, secret)
		if took := time.Since(start); took > 10*time.Second || utf8.RuneCountInString(have) > 300 {
			t.Errorf("%.10q: %v for %d characters", text, took, utf8.RuneCountInString(have))
		}
	}
}
