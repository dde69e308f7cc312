package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// nearAccounts adds to the error for an account that is not there those of
// the same provider that may have been meant.
func (a *app) nearAccounts(account auth.Account, notThere error) error {
	e, ok := auth.AsError(notThere)
	if !ok {
		return notThere
	}
	infos, _ := store.List(a.dirs)
	var profiles []string
	for _, info := range infos {
		if info.Account.Provider == account.Provider {
			profiles = append(profiles, info.Account.Profile)
		}
	}
	near := providers.Nearest(account.Profile, profiles)
	for _, profile := range profiles {
		if sameLetters(profile, account.Profile) && !slices.Contains(near, profile) {
			near = append(near, profile) // two letters in the wrong order are two edits
		}
	}
	if account.Profile == auth.DefaultProfile {
		near = profiles[:min(3, len(profiles))] // named by nobody: whichever there are
	}
	if len(near) == 0 {
		return notThere
	}
	for i, profile := range near {
		near[i] = auth.Account{Provider: account.Provider, Profile: profile}.String()
	}
	c := *e
	c.Hint = "did you mean " + strings.Join(near, " or ") + "? Or " + withWords(e).Hint
	return &c
}

func sameLetters(a, b string) bool {
	sorted := func(s string) string {
		letters := []byte(s)
		slices.Sort(letters)
		return string(letters)
	}
	return sorted(a) == sorted(b)
}

// nearCommand is a hint for a command that there is not: one of a similar
// name, or what other programs' users call it.
func nearCommand(root *cobra.Command, name string) string {
	if _, err := auth.ParseAccount(name); err == nil {
		provider, _, _ := strings.Cut(name, "/")
		if builtIn := (providers.Catalogue{}).IsBuiltIn(provider); builtIn {
			return "run: hauth token " + name
		}
	}
	near := calledElsewhere(name)
	if len(near) == 0 && len(name) > 2 { // two edits make anything of two letters
		root.SuggestionsMinimumDistance = 2 // SuggestionsFor alone has no default
		near = root.SuggestionsFor(name)
	}
	if len(near) == 0 {
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
	case "ls", "accounts", "whoami", "show":
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

// unknownValue is the error for a value that is not among those that there
// are: what it may be a slip for, and all of them.
func unknownValue(what, given string, known []string) error {
	all := "one of: " + strings.Join(known, ", ")
	if near := providers.Nearest(given, known); len(near) > 0 {
		all = "did you mean " + strings.Join(near, " or ") + "? It is " + all
	}
	return usage(all, "unknown %s %q", what, auth.Printable(given))
}
