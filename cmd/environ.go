package cmd

import (
	"runtime"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// steering names variables that change what programs load or run, so that a
// token under such a name would be a trap. A "*" at the end stands for any
// rest.
var steering = [...]string{
	"PATH", "IFS", "ENV", "BASH_ENV", "LD_*", "DYLD_*", "NODE_OPTIONS", "PYTHON*", "GITHUB_*", "RUNNER_*", "HAUTH_*",
	"SHELLOPTS", "BASHOPTS", "BASH_FUNC_*", "PS4", "PROMPT_COMMAND", "PERL5*", "RUBYOPT", "RUBYLIB", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",
	"HOME", "SHELL",
}

// checkEnvName accepts the name of a variable that may hold a token.
func checkEnvName(name string) error {
	if !validEnvName(name) {
		return usage("", "%q is no name of a variable: letters, digits and _, no digit first", auth.Printable(name))
	}
	upper := strings.ToUpper(name)
	for _, s := range steering {
		if begin, open := strings.CutSuffix(s, "*"); upper == s || open && strings.HasPrefix(upper, begin) {
			return usage("choose another name", "a token is not put into %s: that name steers programs", name)
		}
	}
	return nil
}

// validEnvName reports whether name matches [A-Za-z_][A-Za-z0-9_]*.
func validEnvName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// childEnviron is what a child inherits: everything but hauth's own
// variables, which may hold credentials, each name once. Of several the first
// stays, as getenv(3) reads it.
func childEnviron(environ []string) []string {
	child := make([]string, 0, len(environ)+4)
	seen := make(map[string]bool, len(environ))
	for _, kv := range environ {
		name := envNameOf(kv)
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		if strings.HasPrefix(name, "HAUTH_") && !slices.Contains([]string{"HAUTH_HOME", "HAUTH_STORE", "HAUTH_NO_INPUT"}, name) {
			continue
		}
		child = append(child, kv)
	}
	return child
}

// setEnv replaces or adds a variable.
func setEnv(environ []string, name, value string) []string {
	kv := name + "=" + value
	i := slices.IndexFunc(environ, func(have string) bool { return envNameOf(have) == envNameOf(kv) })
	if i < 0 {
		return append(environ, kv)
	}
	environ[i] = kv
	return environ
}

// envNameOf is the name in NAME=VALUE, empty where there is none. Windows
// compares names without regard to case, and has some that begin with "=".
func envNameOf(kv string) string {
	if runtime.GOOS == "windows" {
		if i := strings.Index(kv[min(1, len(kv)):], "="); i >= 0 {
			return strings.ToUpper(kv[:i+1])
		}
		return ""
	}
	name, _, ok := strings.Cut(kv, "=")
	if !ok {
		return ""
	}
	return name
}
