package auth

import (
	"regexp"
	"strings"
	"testing"
)

func TestParseAccount(t *testing.T) {
	long := strings.Repeat("a", MaxNameLength)
	for text, want := range map[string]Account{
		"123pan": {"123pan", "default"}, "123pan/default": {"123pan", "default"}, "123pan/work": {"123pan", "work"}, "a": {"a", "default"}, "a-b-c/d-1": {"a-b-c", "d-1"}, long + "/" + long: {long, long},
	} {
		if have, err := ParseAccount(text); err != nil || have != want {
			t.Errorf("%q: %+v, %v", text, have, err)
		}
	}
	for _, text := range []string{
		"", "/", "a/", "/a", "a/b/c", "A", "a_b", "-a", "a-", "a--b", "a b", "a\n", "\na", "a\x00", "a.b", "..", "../a", "a/..", "a@b", "a#token", "é", "\u212a", "ａ", "a\u200b", "\xff", "a/b\x1b[2J", long + "a", "a/" + long + "a", "--help", "a=b", "a:b", "%61", "~", "*", "$a", "C:\\a",
	} {
		have, err := ParseAccount(text)
		if !Is(err, Usage) || have != (Account{}) {
			t.Errorf("%q: %+v, %v", text, have, err)
			continue
		}
		if strings.ContainsAny(err.Error(), "\x1b\n\x00") {
			t.Errorf("%q", err.Error())
		}
	}
}

func TestAccountNames(t *testing.T) {
	for _, test := range []struct {
		account                   Account
		text, full, file, environ string
	}{
		{Account{"123pan", "default"}, "123pan", "123pan/default", "123pan@default", "HAUTH_123PAN"},
		{Account{"123pan", "work"}, "123pan/work", "123pan/work", "123pan@work", "HAUTH_123PAN__WORK"},
		{Account{"wahool-authorization", "a-b"}, "wahool-authorization/a-b", "wahool-authorization/a-b", "wahool-authorization@a-b", "HAUTH_WAHOOL_AUTHORIZATION__A_B"},
	} {
		a := test.account
		if a.String() != test.text || a.Full() != test.full || a.FileName() != test.file || a.EnvPrefix() != test.environ {
			t.Errorf("%+v: %s %s %s %s", a, a, a.Full(), a.FileName(), a.EnvPrefix())
		}
		if again, err := ParseAccount(a.String()); err != nil || again != a {
			t.Errorf("%+v reads back as %+v, %v", a, again, err)
		}
	}
}

// FuzzParseAccount: exactly the names of the contract, and the text of every
// account reads back.
func FuzzParseAccount(f *testing.F) {
	for _, seed := range []string{"123pan", "a/b", "a/", "../x", "a--b", "A", "a\n"} {
		f.Add(seed)
	}
	name := `[a-z0-9]+(-[a-z0-9]+)*`
	contract := regexp.MustCompile(`\A` + name + `(/` + name + `)?\z`)
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAccount(text)
		provider, profile, _ := strings.Cut(text, "/")
		want := contract.MatchString(text) && len(provider) <= MaxNameLength && len(profile) <= MaxNameLength
		if (err == nil) != want {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		if again, err := ParseAccount(a.String()); err != nil || again != a {
			t.Errorf("%q: %+v, then %+v, %v", text, a, again, err)
		}
		if again, err := ParseAccount(a.Full()); err != nil || again != a {
			t.Errorf("%q: %+v, then %+v, %v", text, a, again, err)
		}
	})
}
