package cmd

import (
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

// nearAccounts are the stored accounts that may have been meant by one that
// does not exist: those of the same provider.
func (a *app) nearAccounts(account auth.Account) []string {
	infos, _ := a.client.List()
	var profiles []string
	for _, info := range infos {
		if info.Account.Provider == account.Provider {
			profiles = append(profiles, info.Account.Profile)
		}
	}
	near := text.Nearest(account.Profile, profiles)
	if account.Profile == auth.DefaultProfile {
		near = profiles[:min(3, len(profiles))] // no profile was named: offer whichever exist
	}
	var names []string
	for _, profile := range near {
		names = append(names, auth.Account{Provider: account.Provider, Profile: profile}.String())
	}
	return names
}

// storedLike are the stored accounts that a name without a provider may mean:
// those whose provider is spelt nearly so, or whose profile it is.
func (a *app) storedLike(account auth.Account) []string {
	infos, _ := a.client.List()
	var names []string
	for _, info := range infos {
		names = append(names, info.Account.String())
	}
	near := text.Nearest(account.String(), names)
	if account.Profile != auth.DefaultProfile {
		return near
	}
	for _, name := range a.accountsOfProfile(account.Provider) {
		if !slices.Contains(near, name) {
			near = append(near, name)
		}
	}
	return near[:min(3, len(near))]
}

// nearCommand is a hint for a command that does not exist: one with a
// similar name, or the one that other programs call by that name.
func nearCommand(name string) string {
	if _, err := auth.ParseAccount(name); err == nil {
		provider, _, _ := strings.Cut(name, "/")
		if builtIn := (providers.Catalogue{}).IsBuiltIn(provider); builtIn {
			return "run: hauth token " + name
		}
	}
	near := calledElsewhere(name)
	if len(near) == 0 {
		var names []string
		for _, row := range commands() {
			names = append(names, row.names[0])
		}
		near = text.Nearest(name, append(names, "help"))
	}
	if len(near) == 0 {
		var names []string
		for _, t := range topics {
			names = append(names, t.name)
		}
		if near := text.Nearest(name, names); len(near) > 0 {
			return "did you mean: hauth help " + near[0]
		}
		return "run: hauth help"
	}
	return "did you mean: hauth " + strings.Join(near, ", hauth ")
}

func calledElsewhere(name string) []string {
	switch name {
	case "get", "print", "access-token":
		return []string{"token"}
	case "auth", "signin", "add", "configure", "init":
		return []string{"login"}
	case "run", "env":
		return []string{"exec"}
	case "accounts", "whoami", "show":
		return []string{"status"}
	case "rm", "remove", "delete", "signout":
		return []string{"logout"}
	case "renew", "rotate":
		return []string{"refresh"}
	case "check", "diagnose":
		return []string{"doctor"}
	}
	return nil
}

// unknownValue is the error for a value that is not one of a few known ones.
func unknownValue(what, value string, known []string) error {
	hint := "one of " + strings.Join(known, ", ")
	if near := text.Nearest(value, known); len(near) > 0 {
		hint = "did you mean " + near[0] + "? It is " + hint
	}
	return usage(hint, "unknown %s %q", what, auth.Printable(value))
}
