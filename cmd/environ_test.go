package cmd

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

func TestCheckEnvName(t *testing.T) {
	for _, name := range []string{
		"TOKEN", "PAN_TOKEN", "_x", "a1", "PATHS", "MY_GITHUB_TOKEN", "LDAP_TOKEN", "GITHUB_TOKEN", "GITHUB_API_TOKEN",
		"PYTHON_API_TOKEN", "PYTHONANYWHERE_TOKEN", "PYTHON", "PERL_TOKEN", "NODE_AUTH_TOKEN", "RUBY_TOKEN",
	} {
		if err := checkEnvName(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{
		"", "1A", "A-B", "A=B", "A B", "Ä", "A\n", "PATH", "path", "IFS", "ENV", "BASH_ENV", "LD_PRELOAD", "LD_X", "DYLD_INSERT_LIBRARIES",
		"NODE_OPTIONS", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "pythonPath", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT",
		"GITHUB_STATE", "GITHUB_STEP_SUMMARY", "RUNNER_TEMP", "HAUTH_TOKEN", "HAUTH_X", "HAUTH_EXEC",
		"BASH_FUNC_ls%%", "BASH_FUNC_x", "SHELLOPTS", "PS4", "PERL5OPT", "RUBYOPT", "JAVA_TOOL_OPTIONS", "CLASSPATH",
	} {
		if err := checkEnvName(name); !auth.Is(err, auth.Usage) {
			t.Errorf("%q: got %v, want a usage error", name, err)
		}
	}
}

func TestChildEnviron(t *testing.T) {
	inSmallLetters := "" // not hauth's, so it is left alone
	if runtime.GOOS == "windows" {
		inSmallLetters = "HAUTH_EXEC=123pan"
	}
	for name, tt := range map[string]struct {
		environ []string
		want    string // hauth's variables and PATH, sorted
	}{
		"settings and locations stay": {
			[]string{"HAUTH_HOME=/h", "HAUTH_STORE=file", "HAUTH_FLEET=redis://x", "HAUTH_AGE_IDENTITY_FILE=/i", "HAUTH_CA_FILE=/c", "HAUTH_NO_INPUT=1"},
			"HAUTH_AGE_IDENTITY_FILE=/i HAUTH_CA_FILE=/c HAUTH_FLEET=redis://x HAUTH_HOME=/h HAUTH_NO_INPUT=1 HAUTH_STORE=file",
		},
		"the identity itself is removed": {[]string{"HAUTH_AGE_IDENTITY=AGE-SECRET-KEY-1X"}, ""},
		"secrets go, what is not secret stays": {
			[]string{"HAUTH_123PAN_CLIENT_ID=i", "HAUTH_123PAN_CLIENT_SECRET=s", "HAUTH_123PAN_ENDPOINT=e", "HAUTH_123PAN_API=a", "HAUTH_WAHOOL_SECRET_KEY_FILE=f", "HAUTH_WAHOOL_ACCESS_KEY_FILE=g"},
			"HAUTH_123PAN_API=a HAUTH_123PAN_CLIENT_ID=i HAUTH_123PAN_ENDPOINT=e HAUTH_EXEC=123pan wahool HAUTH_WAHOOL_ACCESS_KEY_FILE=g",
		},
		"profiles": {
			[]string{"HAUTH_123PAN__WORK_CLIENT_ID=i", "HAUTH_123PAN__WORK_CLIENT_SECRET=s", "HAUTH_123PAN__A_B_CLIENT_SECRET_FILE=f", "HAUTH_123PAN__WORK_ENDPOINT=e"},
			"HAUTH_123PAN__WORK_CLIENT_ID=i HAUTH_123PAN__WORK_ENDPOINT=e HAUTH_EXEC=123pan/a-b 123pan/work",
		},
		"tokens of other accounts are kept, a token without an account is removed": {
			[]string{"HAUTH_HITEM3D_TOKEN=t", "HAUTH_HITEM3D_EXPIRES_AT=x", "HAUTH_HITEM3D__B_TOKEN=u", "HAUTH_TOKEN=v", "HAUTH_URL=w"},
			"HAUTH_HITEM3D_EXPIRES_AT=x HAUTH_HITEM3D_TOKEN=t HAUTH_HITEM3D__B_TOKEN=u",
		},
		"what belongs to no provider is removed": {
			[]string{"HAUTH_NOBODY_TOKEN=t", "HAUTH_NOBODY_ENDPOINT=e", "HAUTH_123PAN_REFRESH_TOKEN=r", "HAUTH_123PAN_OTHER=o", "HAUTH_=x", "HAUTH__TOKEN=y", "HAUTH_123PAN__TOKEN=z", "HAUTH_123PAN=q"},
			"",
		},
		"an outer hauth's removals are kept, with this one's, once": {
			[]string{"HAUTH_EXEC=wahool 123pan/work ../x $(id) 123pan", "HAUTH_123PAN_CLIENT_SECRET=s"},
			"HAUTH_EXEC=123pan 123pan/work wahool",
		},
		"an empty secret does not count": {[]string{"HAUTH_123PAN_CLIENT_SECRET="}, ""},
		"the first of a name counts":     {[]string{"HAUTH_HOME=/1", "HAUTH_HOME=/2", "HAUTH_123PAN_CLIENT_SECRET=", "HAUTH_123PAN_CLIENT_SECRET=s"}, "HAUTH_HOME=/1"},
		"names differ by case on POSIX":  {[]string{"hauth_123pan_client_secret=s"}, inSmallLetters},
	} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t.Context(), Env{Environ: tt.environ})
			var got []string
			for _, kv := range a.childEnviron() {
				if strings.HasPrefix(hauth.NameOf(kv), hauthPrefix) {
					got = append(got, kv)
				}
			}
			slices.Sort(got)
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("the child gets\n%s\nwant\n%s", text, tt.want)
			}
		})
	}
}

// FuzzChildEnviron: each name once, no secret, the token there, everything
// else as it was.
func FuzzChildEnviron(f *testing.F) {
	f.Add("PATH=/bin\x00HAUTH_123PAN_CLIENT_SECRET=s\x00PATH=/evil\x00HAUTH_HOME=/h", "TOKEN")
	f.Add("=\x00A\x00=C:=x\x00TOKEN=old\x00TOKEN=older", "TOKEN")
	f.Add("HAUTH_123PAN__A_CLIENT_SECRET_FILE=s\x00HAUTH_EXEC=a b\x00HAUTH_WAHOOL_TOKEN=t", "TOKEN")
	f.Fuzz(func(t *testing.T, block, name string) {
		if checkEnvName(name) != nil {
			return
		}
		environ := strings.Split(block, "\x00")
		account := auth.Account{Provider: "123pan", Profile: auth.DefaultProfile}
		token := auth.Token{Value: auth.NewSecret("the-token"), ExpiresAt: time.Unix(0, 0)}
		a := newApp(t.Context(), Env{Environ: environ})
		child := addToken(a.childEnviron(), account, token, []string{name}, true)
		seen := map[string]bool{}
		for _, kv := range child {
			n := hauth.NameOf(kv)
			if n == "" || seen[n] {
				t.Errorf("%q: without a name, or twice", kv)
			}
			seen[n] = true
			if strings.HasPrefix(n, "HAUTH_") && (strings.Contains(n, "SECRET") || n == "HAUTH_AGE_IDENTITY" || n == "HAUTH_TOKEN") {
				t.Errorf("%s reached the child", n)
			}
			if n != name && n != "HAUTH_123PAN_EXPIRES_AT" && n != removedVariable && !slices.Contains(environ, kv) {
				t.Errorf("%q was not there before", kv)
			}
		}
		if !slices.Contains(child, name+"=the-token") {
			t.Error("the token is missing")
		}
	})
}
