package cmd

import (
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

The vendor is not told: a token that was handed out lives until it expires.`,
		Example:           examples(`hauth logout 123pan`, `hauth logout --all`),
		ValidArgsFunction: a.completeAccounts,
		RunE:              func(c *cobra.Command, args []string) error { return runLogout(a, all, args) },
	}
	c.Flags().BoolVar(&all, "all", false, "all stored accounts")
	return c
}

func runLogout(a *app, all bool, args []string) error {
	accounts, _, err := a.accountsOrAll(args, all)
	if err != nil {
		return err
	}
	if all {
		// What cannot be read is tried too, and says so itself.
		dirs, _ := a.client.Dirs()
		accounts = append(accounts, store.ListIncomplete(dirs)...)
	}
	return a.each(accounts, nil, nil, a.logout)
}

// logout forgets what is stored of an account, and what is cached for its
// credentials in the environment.
func (a *app) logout(account auth.Account) error {
	err := a.client.Logout(a.ctx, account)
	stored := err == nil
	if err != nil && !auth.Is(err, auth.NotFound) {
		return err
	}
	if err != nil {
		err = withHint(err, "hauth status lists the accounts")
	}
	if !a.client.HasEnvironment(account) {
		return err
	}
	s, openErr := a.client.Open(account.String())
	if openErr != nil || s.Source != hauth.SourceEnvironment {
		return err
	}
	if stored {
		a.notice(account.String(), "credentials in the environment stay, as long as they are set")
	} else {
		a.notice(account.String(), "its credentials are in the environment; only the cached token is forgotten")
	}
	return s.Forget(a.ctx)
}
