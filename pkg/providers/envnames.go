package providers

import (
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// envNames is every environment variable that belongs to a provider, without
// those of profiles other than the default, which hold "__" and so cannot
// meet another provider's.
func envNames(s *Spec) map[string]bool {
	prefix := auth.Account{Provider: s.Name, Profile: auth.DefaultProfile}.EnvPrefix() + "_"
	names := map[string]bool{prefix + "TOKEN": true, prefix + "EXPIRES_AT": true, prefix + "ENDPOINT": true, prefix + "API": true}
	for _, v := range s.Vars {
		name := prefix + strings.ToUpper(v.Name)
		names[name], names[name+"_FILE"] = true, true
	}
	return names
}

// ownVariable reports hauth's own environment variables.
func ownVariable(name string) bool {
	switch name {
	case "HAUTH_HOME", "HAUTH_STORE", "HAUTH_AGE_IDENTITY", "HAUTH_AGE_IDENTITY_FILE",
		"HAUTH_CA_FILE", "HAUTH_NO_INPUT", "HAUTH_TOKEN":
		return true
	}
	return false
}

// sharedEnv returns an environment name that both providers have, if any.
func sharedEnv(a, b *Spec) string {
	names := envNames(b)
	for _, name := range sortedKeys(envNames(a)) {
		if names[name] {
			return name
		}
	}
	return ""
}

// mayShareEnv reports whether two providers' names let their environment
// names meet at all: one must begin with the other and a hyphen. It saves
// reading every other file.
func mayShareEnv(a, b string) bool {
	return strings.HasPrefix(a, b+"-") || strings.HasPrefix(b, a+"-")
}
