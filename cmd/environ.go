package cmd

import (
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// childEnviron is what the command of hauth exec inherits: everything but the
// hauth variables that may hold credentials, each name once. Of several
// entries the first is kept, as getenv(3) reads it. HAUTH_EXEC names the
// accounts whose credentials were removed, here or by an outer hauth, so that
// an inner one can say why it has none.
func (a *app) childEnviron() []string {
	child := make([]string, 0, len(a.env.Environ)+4)
	variables := hauthVariables{catalogue: a.catalogue()}
	var removed []string
	for _, kv := range hauth.Environ(a.env.Environ).Once() {
		name, value := hauth.SplitEntry(kv)
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

// isSetting reports whether a variable tells hauth where its files are or how
// to behave, and holds no secret. HAUTH_AGE_IDENTITY is a key, so it is not a
// setting.
func isSetting(name string) bool {
	switch name {
	case "HAUTH_HOME", "HAUTH_STORE", "HAUTH_FLEET", "HAUTH_AGE_IDENTITY_FILE", "HAUTH_CA_FILE", "HAUTH_NO_INPUT":
		return true
	}
	return false
}

// accountsIn reads the value of HAUTH_EXEC. Anything but an account's name
// was not put there by hauth.
func accountsIn(value string) []string {
	return slices.DeleteFunc(strings.Fields(value), func(word string) bool {
		_, err := auth.ParseAccount(word)
		return err != nil
	})
}

// foreignEnviron is what a program without use for hauth's variables
// inherits: everything else, each name once.
func foreignEnviron(environ []string) []string {
	once := hauth.Environ(environ).Once()
	return slices.DeleteFunc(once, func(kv string) bool { return strings.HasPrefix(hauth.NameOf(kv), hauthPrefix) })
}

// setEnv replaces or adds a variable.
func setEnv(environ []string, name, value string) []string {
	return hauth.Environ(environ).Set(name, value)
}

// unsetEnv removes variables.
func unsetEnv(environ []string, names ...string) []string {
	return hauth.Environ(environ).Unset(names...)
}
