package cmd

import (
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// reservedEnv names variables that change how programs run, so that a token
// must not be set under such a name. A "*" at the end stands for any text.
var reservedEnv = [...]string{
	"PATH", "HOME", "SHELL", "IFS", "ENV", "LD_*", "DYLD_*",
	"BASH_ENV", "BASH_FUNC_*", "BASHOPTS", "SHELLOPTS", "PS4", "PROMPT_COMMAND",
	"NODE_OPTIONS", "NODE_PATH", "PERL5LIB", "PERL5OPT", "PERL5DB", "PERLLIB", "RUBYLIB", "RUBYOPT",
	"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH",
	"GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY", "RUNNER_*",
}

// checkEnvName accepts the name of a variable that may hold a token.
func checkEnvName(name string) error {
	if !validEnvName(name) {
		return usage("a name consists of letters, digits and _, and does not begin with a digit", "%q is not a valid variable name", auth.Printable(name))
	}
	switch upper := strings.ToUpper(name); {
	case strings.HasPrefix(upper, "HAUTH_"):
		return usage("choose another name", "refusing to set %s: names that begin with HAUTH_ are hauth's own", name)
	case steers(upper):
		return usage("choose another name", "refusing to set %s to a token: it changes how programs run", name)
	}
	return nil
}

func steers(name string) bool {
	for _, s := range reservedEnv {
		if begin, open := strings.CutSuffix(s, "*"); name == s || open && strings.HasPrefix(name, begin) {
			return true
		}
	}
	// PYTHONPATH, PYTHONSTARTUP and so on: Python's variables are written in
	// one word, those of others (PYTHON_API_TOKEN, PYTHONANYWHERE_KEY) are not.
	rest, python := strings.CutPrefix(name, "PYTHON")
	return python && rest != "" && !strings.Contains(rest, "_")
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
