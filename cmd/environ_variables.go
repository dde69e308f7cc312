package cmd

import (
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

// What a HAUTH_ variable means to the provider that it belongs to.
const (
	variableUnknown = iota // belongs to no known provider
	variableKept           // an account's token, endpoint, or a value that its provider does not call secret
	variableSecret         // a secret, or the name of a file that holds one
)

type hauthVariable struct {
	kind    int
	account auth.Account // whose secret it is
}

// hauthVariables finds out about HAUTH_<PROVIDER>_… variables. Providers are
// looked up at the first call of find, so that no file is read for an
// environment without such a variable.
type hauthVariables struct {
	catalogue providers.Catalogue
	names     []string
}

// find looks a variable up. Since "-" and the ends of names are all written
// "_", a name may be read in several ways. If one of them is a secret, so is
// the variable.
func (v *hauthVariables) find(variable string) hauthVariable {
	if v.names == nil {
		v.names = v.catalogue.Names()
	}
	rest := strings.TrimPrefix(variable, hauthPrefix)
	var found hauthVariable
	for i := range len(rest) {
		if rest[i] != '_' || !slices.Contains(v.names, accountName(rest[:i])) {
			continue
		}
		provider, err := v.catalogue.Find(accountName(rest[:i]))
		if err != nil {
			return hauthVariable{} // it cannot be told which of its variables are secret
		}
		read := readVariable(provider.Spec, rest[i+1:])
		if read.kind == variableSecret {
			return read
		}
		found.kind = max(found.kind, read.kind)
	}
	return found
}

// readVariable says what a variable is whose name has rest after the
// provider's name and one underscore.
func readVariable(spec *providers.Spec, rest string) hauthVariable {
	kept := []string{"TOKEN", "EXPIRES_AT", "ENDPOINT", "API"}
	for _, variable := range spec.Vars {
		name := strings.ToUpper(variable.Name)
		if !variable.Secret {
			kept = append(kept, name, name+"_FILE")
			continue
		}
		for _, name := range []string{name, name + "_FILE"} {
			if profile, ok := profileBefore(rest, name); ok {
				return hauthVariable{variableSecret, auth.Account{Provider: spec.Name, Profile: profile}}
			}
		}
	}
	for _, name := range kept {
		if _, ok := profileBefore(rest, name); ok {
			return hauthVariable{kind: variableKept}
		}
	}
	return hauthVariable{}
}

// profileBefore is the profile whose variable name is: rest is either the
// name alone, or _PROFILE_NAME.
func profileBefore(rest, name string) (profile string, ok bool) {
	if rest == name {
		return auth.DefaultProfile, true
	}
	rest, other := strings.CutPrefix(rest, "_")
	rest, ends := strings.CutSuffix(rest, "_"+name)
	profile = accountName(rest)
	return profile, other && ends && auth.ValidName(profile)
}

// accountName is the provider's or profile's name that is written so in a
// variable's name.
func accountName(written string) string {
	return strings.ToLower(strings.ReplaceAll(written, "_", "-"))
}
