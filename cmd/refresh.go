package cmd

import (
	"encoding/hex"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

type refreshOptions struct {
	all      bool
	compare  bool // ifSHA256 is given
	ifSHA256 string
}

func newRefreshCmd(a *app) *cobra.Command {
	var o refreshOptions
	c := &cobra.Command{
		Use:   "refresh ACCOUNT...",
		Short: "Fetch a new token",
		Long: `Fetch a new token, even if the old one is valid.

A token can die early: a vendor may log out the oldest one, or revoke it. Many
callers then see a 401 at the same time. With --if-token-sha256, of all those
who saw the same token fail, one makes a request, and all use what it got.`,
		Example: examples(
			`hauth refresh 123pan`,
			`# after a 401: replace the token that failed, unless somebody has already`,
			`sum=$(printf %s "$token" | sha256sum | cut -d' ' -f1)`,
			`hauth refresh 123pan --if-token-sha256 "$sum" && token=$(hauth token 123pan)`,
		),
		ValidArgsFunction: a.completeAccounts,
		RunE: func(c *cobra.Command, args []string) error {
			// An empty sum is a script's slip, not a plain refresh.
			o.compare = c.Flags().Changed("if-token-sha256")
			return runRefresh(a, o, args)
		},
	}
	c.Flags().BoolVar(&o.all, "all", false, "all stored accounts")
	c.Flags().StringVar(&o.ifSHA256, "if-token-sha256", "", "only if the SHA-256 of the cached token still is `HEX`")
	return c
}

func runRefresh(a *app, o refreshOptions, args []string) error {
	accounts, unreadable, err := a.accountsOrAll(args, o.all)
	if err != nil {
		return err
	}
	want := broker.Want{Refresh: !o.compare, IfSHA256: strings.ToLower(o.ifSHA256)}
	if o.compare {
		if sum, err := hex.DecodeString(o.ifSHA256); err != nil || len(sum) != 32 {
			return usage(`sum=$(printf %s "$token" | sha256sum | cut -d' ' -f1)`, "--if-token-sha256 takes 64 hexadecimal digits")
		}
		if len(accounts) != 1 {
			return usage("", "--if-token-sha256 goes with one account")
		}
	}
	return a.each(accounts, unreadable, func(account auth.Account) error {
		s, err := a.client.Open(account.String())
		if err != nil {
			return err
		}
		result, err := a.tokenOf(s, want, false)
		if err != nil || result.From != broker.FromVendor {
			return err
		}
		if provider, err := s.Provider(); err == nil && provider.Limits.Live == 1 {
			a.notice(account.String(), "this vendor lets one token live at a time: the one before has ended, wherever it is in use")
		}
		return nil
	})
}

// accountsOrAll are the accounts that are named, or with all every stored
// one; unreadable tells of those whose account file cannot be read.
func (a *app) accountsOrAll(args []string, all bool) (accounts []auth.Account, unreadable, err error) {
	accounts, err = someAccounts(args)
	switch {
	case err != nil:
		return nil, nil, err
	case all && len(args) > 0:
		return nil, nil, usage("", "either accounts or --all")
	case !all && len(args) == 0:
		return nil, nil, usage("hauth status lists yours; --all means every one", "which ACCOUNT?")
	case !all:
		return accounts, nil, nil
	}
	infos, unreadable := a.client.List()
	for _, info := range infos {
		accounts = append(accounts, info.Account)
	}
	return accounts, unreadable, nil
}

// each tries all accounts; of several failures, before among them, the first
// one's code counts. Under --json the accounts' state goes to stdout.
func (a *app) each(accounts []auth.Account, before error, do func(auth.Account) error) error {
	var failed failures
	if before != nil {
		failed = append(failed, before)
	}
	for _, account := range accounts {
		if err := about(account, do(account)); err != nil {
			failed = append(failed, err)
		}
		if a.ctx.Err() != nil {
			break
		}
	}
	if a.json {
		rows, _ := a.statusRows(accounts) // what failed has been said
		if err := a.writeStatus(rows); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return failed
}
