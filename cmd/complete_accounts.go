package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// completeAccounts offers the accounts that are not named yet.
func (a *app) completeAccounts(_ *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, known := range a.accountsAtHand(toComplete) {
		if name := known.account.String(); !slices.Contains(args, name) && !slices.Contains(args, known.account.Full()) {
			words = append(words, cobra.CompletionWithDesc(name, known.state))
		}
	}
	return offer(words, toComplete), noFiles
}

// completeAccount is completeAccounts for commands that take one account
// only.
func (a *app) completeAccount(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	return a.completeAccounts(c, args, toComplete)
}

// completeCurl offers an account, nothing for the URL, and files for curl's
// own arguments.
func (a *app) completeCurl(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 1 {
		return nil, files
	}
	return a.completeAccount(c, args, toComplete)
}

// completeLogin offers the existing accounts and the providers that have
// none yet.
func (a *app) completeLogin(_ *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	var words, names []string
	for _, known := range a.accountsAtHand(toComplete) {
		names = append(names, known.account.String())
		words = append(words, cobra.CompletionWithDesc(known.account.String(), known.state))
	}
	for _, name := range a.catalogue().Names() {
		if !slices.Contains(names, name) {
			words = append(words, a.providerWord(name))
		}
	}
	return offer(words, toComplete), noFiles
}

func (a *app) completeProvider(_ *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	var words []string
	for _, name := range a.catalogue().Names() {
		words = append(words, a.providerWord(name))
	}
	return offer(words, toComplete), noFiles
}

// providerWord describes a built-in provider by its title; a user's own file
// is not read for that.
func (a *app) providerWord(name string) string {
	title := "a file of your own"
	if catalogue := a.catalogue(); catalogue.IsBuiltIn(name) {
		if p, err := catalogue.Find(name); err == nil {
			title = p.Title
		}
	}
	return cobra.CompletionWithDesc(name, title)
}

// accountAtHand is an account that can be used now, with its state in a few
// words.
type accountAtHand struct {
	account auth.Account
	state   string
}

// maxDescribed is how many accounts are offered with their state: nobody reads
// the descriptions of a longer list, and each one costs reading a file.
const maxDescribed = 200

// accountsAtHand are the stored accounts and those whose credentials in the
// environment are complete, whose names begin with prefix. Only their files are
// read; stores stay closed, and no secret is read.
func (a *app) accountsAtHand(prefix string) []accountAtHand {
	names, _ := a.client.Names() // other commands report what cannot be read
	names = slices.DeleteFunc(names, func(name auth.Account) bool {
		return !strings.HasPrefix(name.String(), prefix) && !strings.HasPrefix(name.Full(), prefix)
	})
	all := make([]accountAtHand, 0, len(names))
	for _, name := range names {
		known := accountAtHand{account: name}
		if len(names) <= maxDescribed {
			info, err := a.client.Info(name)
			if err != nil {
				continue
			}
			known.state = a.shortState(info)
		}
		all = append(all, known)
	}
	for _, account := range a.client.EnvironmentAccounts() {
		if !a.client.CompleteInEnvironment(account) {
			continue
		}
		known := accountAtHand{account, "from the environment"}
		if i := slices.IndexFunc(all, func(k accountAtHand) bool { return k.account == account }); i >= 0 {
			all[i] = known
			continue
		}
		all = append(all, known)
	}
	slices.SortFunc(all, func(x, y accountAtHand) int { return naturalOrder(x.account.String(), y.account.String()) })
	return all
}

// shortState is what the account file alone tells of the token.
func (a *app) shortState(info store.Info) string {
	if info.ExpiresAt.IsZero() {
		return "no token yet"
	}
	t := auth.Token{IssuedAt: info.IssuedAt, ExpiresAt: info.ExpiresAt, Source: info.Source}
	state := stateOf(t, auth.Attempt{}, a.env.Now())
	if state == stateExpired {
		return state
	}
	return state + ", " + lifeText(t.Left(a.env.Now()), info.Source) + " left"
}
