package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/store"
)

func newLogoutCmd(a *app) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "logout ACCOUNT...",
		Short: "Forget token and credentials",
		Long: `Forget the token and the credentials of an account.

The vendor is not told: a token that was handed out is valid until it expires.
On a terminal --all asks first.`,
		Example:           examples(`hauth logout 123pan`, `hauth logout --all`),
		ValidArgsFunction: a.completeAccounts,
		RunE:              func(c *cobra.Command, args []string) error { return runLogout(a, all, args) },
	}
	c.Flags().BoolVar(&all, "all", false, "all stored accounts")
	return c
}

func runLogout(a *app, all bool, args []string) error {
	accounts, unreadable, err := a.accountsOrAll(args, all)
	if err != nil {
		return err
	}
	if all {
		// Accounts that cannot be read are tried as well; each reports its
		// own error.
		dirs, _ := a.client.Dirs()
		accounts = append(accounts, store.ListIncomplete(dirs)...)
		if len(accounts) == 0 && unreadable != nil {
			return unreadable // the list of accounts is not complete
		}
		if err := a.agreeToLogout(len(accounts)); err != nil {
			return err
		}
	}
	return a.each(many{accounts: accounts, what: "logging out", do: a.logout})
}

// agreeToLogout asks on a terminal before all accounts are deleted.
func (a *app) agreeToLogout(accounts int) error {
	if accounts == 0 || !a.mayAsk() || !isTerminal(a.env.Stderr) {
		return nil
	}
	t, err := a.env.Terminal()
	if err != nil {
		return nil
	}
	defer t.Close()
	a.catchSignals()
	answer, err := t.Ask(a.ctx, fmt.Sprintf("Forget the credentials and tokens of %s? [y/N] ", plural(accounts, "account")))
	if err != nil {
		return unanswered("an answer", err)
	}
	if yes := strings.ToLower(strings.TrimSpace(answer)); yes != "y" && yes != "yes" {
		return &auth.Error{Kind: auth.Interrupted, Fact: "nothing was deleted"}
	}
	return nil
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// logout deletes what is stored of an account, and what is cached for its
// credentials in the environment.
func (a *app) logout(account auth.Account) error {
	before, _ := a.client.OpenStored(account)
	err := a.client.Logout(a.ctx, account)
	stored := err == nil
	if stored {
		a.tellFleet(before)
	}
	if err != nil && !auth.Is(err, auth.NotFound) {
		return err
	}
	if stored {
		a.confirm(account.String(), "logged out")
	}
	if !a.client.HasEnvironment(account) {
		return err
	}
	s, openErr := a.client.Open(account.String())
	if openErr != nil || s.Source != hauth.SourceEnvironment {
		return err
	}
	if stored {
		a.notice(account.String(), "credentials in the environment remain in use while they are set")
	} else {
		a.notice(account.String(), "its credentials are in the environment; only the cached token is deleted")
	}
	a.tellFleet(s)
	return s.Forget(a.ctx)
}

// tellFleet says that logging out on one machine leaves the others logged
// in.
func (a *app) tellFleet(account *hauth.Account) {
	if account != nil && account.Fleet() != "" {
		a.notice(account.Name.String(), "the fleet's token at "+account.Fleet()+" is kept for the other machines")
	}
}
