package cmd

import (
	"runtime"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// childEnviron is what the command of hauth exec inherits: everything but the
// hauth variables that may hold credentials, each name once. Of several the
// first stays, as getenv(3) reads it. HAUTH_EXEC names the accounts whose
// credentials were removed, here or by a hauth further out, so that a hauth
// inside can say why it has none.
func (a *app) childEnviron() []string {
	child := make([]string, 0, len(a.env.Environ)+4)
	variables := hauthVariables{catalogue: a.catalogue()}
	var removed []string
	for _, kv := range eachOnce(a.env.Environ) {
		name, value := splitEnv(kv, onWindows)
		switch {
		case !strings.HasPrefix(name, hauthPrefix), isSetting(name):
			child = append(child, kv)
		case name == removedVariable:
			removed = append(removed, accountsIn(value)...)
		default:
			v := variables.find(name)
			if v.kind == variableKept {
				child = append(child, kv)
			}
			if v.kind == variableSecret && value != "" {
				removed = append(removed, v.account.String())
			}
		}
	}
	if len(removed) > 0 {
		slices.Sort(removed)
		removed = slices.Compact(removed)
		child = append(child, removedVariable+"="+strings.Join(removed, " "))
	}
	return child
}

const (
	hauthPrefix     = "HAUTH_"
	removedVariable = "HAUTH_EXEC"
)

// isSetting reports that a variable tells hauth where its things are or how
// to behave, and holds no secret. HAUTH_AGE_IDENTITY is a key, and not one of
// them.
func isSetting(name string) bool {
	switch name {
	case "HAUTH_HOME", "HAUTH_STORE", "HAUTH_FLEET", "HAUTH_AGE_IDENTITY_FILE", "HAUTH_CA_FILE", "HAUTH_NO_INPUT":
		return true
	}
	return false
}

// accountsIn reads the value of HAUTH_EXEC. What is not an account's name was
// not put there by hauth.
func accountsIn(value string) []string {
	return slices.DeleteFunc(strings.Fields(value), func(word string) bool {
		_, err := auth.ParseAccount(word)
		return err != nil
	})
}

// foreignEnviron is what a program inherits that has no use for hauth's
// variables: everything else, each name once.
func foreignEnviron(environ []string) []string {
	return slices.DeleteFunc(eachOnce(environ), func(kv string) bool { return strings.HasPrefix(envNameOf(kv), hauthPrefix) })
}

// eachOnce drops what has no name, and all but the first of a name.
func eachOnce(environ []string) []string {
	once := make([]string, 0, len(environ)+4)
	seen := make(map[string]bool, len(environ))
	for _, kv := range environ {
		if name := envNameOf(kv); name != "" && !seen[name] {
			seen[name] = true
			once = append(once, kv)
		}
	}
	return once
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

// unsetEnv removes variables.
func unsetEnv(environ []string, names ...string) []string {
	return slices.DeleteFunc(environ, func(kv string) bool { return slices.Contains(names, envNameOf(kv)) })
}

// envNameOf is the name in NAME=VALUE, empty if there is none.
func envNameOf(kv string) string {
	name, _ := splitEnv(kv, onWindows)
	return name
}

const onWindows = runtime.GOOS == "windows"

// splitEnv takes NAME=VALUE apart; the name is empty if there is none.
// Windows compares names without regard to case, so there they are returned in
// upper case, and has some that begin with "=".
func splitEnv(kv string, windows bool) (name, value string) {
	if windows {
		from := min(1, len(kv))
		rest, value, ok := strings.Cut(kv[from:], "=")
		if !ok {
			return "", ""
		}
		return strings.ToUpper(kv[:from] + rest), value
	}
	name, value, ok := strings.Cut(kv, "=")
	if !ok {
		return "", ""
	}
	return name, value
}
