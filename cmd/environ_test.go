package cmd

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

func TestCheckEnvName(t *testing.T) {
	for _, name := range []string{"TOKEN", "PAN_TOKEN", "_x", "a1", "PATHS", "MY_GITHUB_TOKEN", "LDAP_TOKEN"} {
		if err := checkEnvName(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{
		"", "1A", "A-B", "A=B", "A B", "Ä", "A\n", "PATH", "path", "IFS", "ENV", "BASH_ENV", "LD_PRELOAD", "LD_X", "DYLD_INSERT_LIBRARIES",
		"NODE_OPTIONS", "PYTHONPATH", "PYTHONSTARTUP", "GITHUB_ENV", "GITHUB_TOKEN", "RUNNER_TEMP", "HAUTH_TOKEN", "HAUTH_X",
	} {
		if err := checkEnvName(name); !auth.Is(err, auth.Usage) {
			t.Errorf("%q: got %v, want a usage error", name, err)
		}
	}
}

// FuzzChildEnviron: each name once, nothing of hauth's but what is meant to
// stay, the token there, everything else as it was.
func FuzzChildEnviron(f *testing.F) {
	f.Add("PATH=/bin\x00HAUTH_123PAN_CLIENT_SECRET=s\x00PATH=/evil\x00HAUTH_HOME=/h", "TOKEN")
	f.Add("=\x00A\x00=C:=x\x00TOKEN=old\x00TOKEN=older", "TOKEN")
	f.Fuzz(func(t *testing.T, block, name string) {
		if checkEnvName(name) != nil {
			return
		}
		environ := strings.Split(block, "\x00")
		account := auth.Account{Provider: "123pan", Profile: auth.DefaultProfile}
		token := auth.Token{Value: auth.NewSecret("the-token"), ExpiresAt: time.Unix(0, 0)}
		child := addToken(childEnviron(environ), account, token, []string{name}, true)
		seen := map[string]bool{}
		for _, kv := range child {
			n := envNameOf(kv)
			if n == "" || seen[n] {
				t.Errorf("%q: without a name, or twice", kv)
			}
			seen[n] = true
			if strings.HasPrefix(n, "HAUTH_") && !slices.Contains([]string{"HAUTH_HOME", "HAUTH_STORE", "HAUTH_NO_INPUT", "HAUTH_123PAN_EXPIRES_AT"}, n) {
				t.Errorf("%s reached the child", n)
			}
			if n != name && !strings.HasPrefix(n, "HAUTH_123PAN_") && !slices.Contains(environ, kv) {
				t.Errorf("%q was not there before", kv)
			}
		}
		if !slices.Contains(child, name+"=the-token") {
			t.Error("the token is missing")
		}
	})
}
