package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
)

func newRenameCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rename ACCOUNT NEW",
		Short: "Give an account another name",
		Long: `Give a stored account another name. Credentials, token and store move together,
and no secret is asked for. NEW is PROVIDER/PROFILE, or the profile alone.`,
		Example:           examples(`hauth rename 123pan 123pan/work`, `hauth rename 123pan/work archive`),
		ValidArgsFunction: a.completeAccount,
		RunE:              func(_ *cobra.Command, args []string) error { return runRename(a, args) },
	}
}

func runRename(a *app, args []string) error {
	if len(args) != 2 {
		return usage("hauth rename 123pan 123pan/work", "expected ACCOUNT and NEW")
	}
	from, err := auth.ParseAccount(args[0])
	if err != nil {
		return err
	}
	name := args[1]
	if !strings.Contains(name, "/") && name != from.Provider {
		name = from.Provider + "/" + name
	}
	to, err := auth.ParseAccount(name)
	if err != nil {
		return err
	}
	a.catchSignals()
	if err := a.client.Rename(a.ctx, from, to); err != nil {
		return about(from, err)
	}
	a.confirm(from.String(), "renamed to "+to.String())
	if a.json {
		return a.printStatus([]auth.Account{to})
	}
	return nil
}
