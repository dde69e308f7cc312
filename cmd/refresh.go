package cmd

import (
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
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

A token can become invalid early: a vendor may end the oldest one, or revoke it.
Many callers then see a 401 at the same time. With --if-token-sha256, one of
those who saw the same token fail makes a request, and all use the result. While
the vendor refuses, a loop of such calls makes one request per back-off.`,
		Example: examples(
			`hauth refresh 123pan`,
			`# after a 401: replace the token that failed, once for all callers`,
			`sum=$(printf %s "$token" | sha256sum | cut -d' ' -f1)`,
			`hauth refresh 123pan --if-token-sha256 "$sum" && token=$(hauth token 123pan)`,
		),
		ValidArgsFunction: a.completeAccounts,
		RunE: func(c *cobra.Command, args []string) error {
			o.compare = c.Flags().Changed("if-token-sha256")
			return runRefresh(a, o, args)
		},
	}
	c.Flags().BoolVar(&o.all, "all", false, "all stored accounts")
	c.Flags().StringVar(&o.ifSHA256, "if-token-sha256", "", "only if the SHA-256 of the cached token is still `HEX`")
	return c
}

func runRefresh(a *app, o refreshOptions, args []string) error {
	accounts, unreadable, err := a.accountsOrAll(args, o.all)
	if err != nil {
		return err
	}
	want := broker.Want{Refresh: !o.compare, IfSHA256: strings.ToLower(o.ifSHA256)}
	if o.compare {
		if err := checkDigest(want.IfSHA256); err != nil {
			return err
		}
		if len(accounts) != 1 {
			return usage("", "--if-token-sha256 takes exactly one account")
		}
	}
	var changed sync.Map
	asked := func(account auth.Account) *bool {
		did, ok := changed.Load(account)
		if !ok {
			return nil
		}
		value := did.(bool)
		return &value
	}
	return a.each(many{accounts: accounts, before: unreadable, changed: asked, what: "refreshing", do: func(account auth.Account) error {
		s, err := a.client.Open(account.String())
		if err != nil {
			return err
		}
		result, err := a.tokenOf(s, want, false)
		if err != nil {
			return err
		}
		changed.Store(account, result.Changed)
		a.tellRefreshed(s, o, result)
		return nil
	}})
}

// checkDigest refuses what cannot be the digest of a token. This includes
// the digest of no input, which a script gets from an empty variable.
func checkDigest(digest string) error {
	const recipe = `sum=$(printf %s "$token" | sha256sum | cut -d' ' -f1)`
	if sum, err := hex.DecodeString(digest); err != nil || len(sum) != 32 {
		return usage(recipe, "--if-token-sha256 takes 64 hexadecimal digits")
	}
	for _, nothing := range []string{"", "\n", "\r\n", "Bearer", "Bearer ", "Bearer \n"} {
		if auth.NewSecret(nothing).SHA256() == digest {
			return usage(recipe, "--if-token-sha256: this is the digest of empty input: the token was empty when it was hashed")
		}
	}
	return nil
}

// tellRefreshed says what a refresh has done, in particular that it has done
// nothing, since silence would look like success.
func (a *app) tellRefreshed(s *hauth.Account, o refreshOptions, result broker.Result) {
	account, until := s.Name.String(), rfc3339(result.Token.ExpiresAt)
	switch {
	case !result.Changed && o.compare && result.From != broker.FromVendor:
		text := "nothing to refresh: the cached token is another one"
		if !result.Token.IssuedAt.IsZero() {
			text += ", issued " + rfc3339(result.Token.IssuedAt)
		}
		a.notice(account, text)
	case !result.Changed:
		a.notice(account, "the vendor issued the same token again; it is valid until "+until)
	default:
		a.confirm(account, "refreshed; the token is valid until "+until)
	}
	if result.From != broker.FromVendor || !result.Changed {
		return
	}
	if provider, err := s.Provider(); err == nil && provider.Limits.Live == 1 {
		a.notice(account, "this vendor allows one active token: the previous one no longer works anywhere")
	}
}

// accountsOrAll are the accounts that are named, or with all, every stored
// one; unreadable is the error for those whose account file cannot be read.
func (a *app) accountsOrAll(args []string, all bool) (accounts []auth.Account, unreadable, err error) {
	accounts, err = someAccounts(args)
	switch {
	case err != nil:
		return nil, nil, err
	case all && len(args) > 0:
		return nil, nil, usage("", "name accounts or use --all, not both")
	case !all && len(args) == 0:
		return nil, nil, usage("hauth status lists yours; --all means every one", "missing ACCOUNT")
	case !all:
		return accounts, nil, nil
	}
	infos, unreadable := a.client.List()
	for _, info := range infos {
		accounts = append(accounts, info.Account)
	}
	slices.SortFunc(accounts, func(x, y auth.Account) int { return naturalOrder(x.String(), y.String()) })
	return accounts, unreadable, nil
}
