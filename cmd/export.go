package cmd

import (
	"bytes"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

type exportOptions struct {
	all            bool
	passphraseFile string
}

func newExportCmd(a *app) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export ACCOUNT...",
		Short: "Write accounts to a sealed file, for a backup or another machine",
		Long: `Write accounts to stdout as one file that is sealed with a passphrase: their
credentials, their endpoints and your own provider files, but no tokens. hauth
import reads it; age -d opens it, too.`,
		Example:           examples(`hauth export --all > accounts.age`, `hauth export 123pan hitem3d --passphrase-file FILE > two.age`),
		ValidArgsFunction: a.completeAccounts,
		RunE:              func(_ *cobra.Command, args []string) error { return runExport(a, o, args) },
	}
	c.Flags().BoolVar(&o.all, "all", false, "all stored accounts")
	c.Flags().StringVar(&o.passphraseFile, "passphrase-file", "", "read the passphrase from `FILE`")
	return c
}

func runExport(a *app, o exportOptions, args []string) error {
	accounts, unreadable, err := a.accountsOrAll(args, o.all)
	if err == nil {
		err = unreadable // a backup must not omit an account silently
	}
	if err != nil {
		return err
	}
	if len(accounts) == 0 {
		return &auth.Error{Kind: auth.NotFound, Fact: "there are no stored accounts"}
	}
	if isTerminal(a.env.Stdout) {
		what := "--all"
		if !o.all {
			what = strings.Join(args, " ")
		}
		return usage("run: hauth export "+what+" > accounts.age", "refusing to write the export to a terminal: it is not text")
	}
	for _, account := range accounts { // before the passphrase is asked for
		if _, err := a.client.OpenStored(account); err != nil {
			return err
		}
	}
	passphrase, err := a.passphrase(o.passphraseFile, true)
	if err != nil {
		return err
	}
	a.catchSignals()
	var sealed bytes.Buffer
	if err := a.client.Export(a.ctx, accounts, passphrase, &sealed); err != nil {
		return err
	}
	return a.print(sealed.String())
}

type importOptions struct {
	passphraseFile, store string
	replace               bool
}

func newImportCmd(a *app) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Store the accounts of an exported file",
		Long: `Store the accounts of a file that hauth export wrote. No vendor is asked. An
account that exists already is kept, and named, unless --replace is given. A
wrong passphrase or a damaged file changes nothing.`,
		Example: examples(`hauth import accounts.age`, `hauth import accounts.age --replace --store file`),
		RunE:    func(_ *cobra.Command, args []string) error { return runImport(a, o, args) },
	}
	c.Flags().StringVar(&o.passphraseFile, "passphrase-file", "", "read the passphrase from `FILE`")
	c.Flags().BoolVar(&o.replace, "replace", false, "replace existing accounts and provider files")
	c.Flags().StringVar(&o.store, "store", storeAuto, "`STORE`: auto, keyring or file")
	c.RegisterFlagCompletionFunc("store", cobra.FixedCompletions([]string{"auto", "keyring", "file"}, noFiles))
	return c
}

func runImport(a *app, o importOptions, args []string) error {
	if len(args) != 1 {
		return usage("hauth import accounts.age", "expected one FILE, got %d", len(args))
	}
	if _, err := storeFlag(o.store); err != nil {
		return err
	}
	f, err := os.Open(args[0])
	if err != nil {
		return usage("", "cannot open %s: %v", auth.Printable(args[0]), text.WithoutPath(err))
	}
	defer f.Close()
	passphrase, err := a.passphrase(o.passphraseFile, false)
	if err != nil {
		return err
	}
	export, err := hauth.OpenExport(f, passphrase)
	if err != nil {
		return err
	}
	a.catchSignals()
	return a.each(many{accounts: export.Names(), do: func(account auth.Account) error {
		provider, creds, err := a.client.PrepareImport(export, account, o.replace)
		if err != nil {
			return err
		}
		l := &loginRun{app: a, account: account, provider: provider, options: loginOptions{store: o.store}}
		defer l.close()
		l.previous = l.findPrevious()
		login, err := l.openStore()
		if err != nil {
			return err
		}
		if _, _, err := login.Complete(a.ctx, creds, false); err != nil {
			return err
		}
		a.confirm(account.String(), "imported")
		return nil
	}})
}

// passphrase reads a passphrase from a file or asks for it, twice if a typing
// error would lock the user out.
func (a *app) passphrase(file string, twice bool) (auth.Secret, error) {
	if file != "" {
		value, err := hauth.ReadSecretFile(file)
		if err != nil {
			return auth.Secret{}, usage("", "--passphrase-file: %v", err)
		}
		return checkPassphrase(value)
	}
	missing := usage("use --passphrase-file FILE", "missing: the passphrase; %s", a.notAsked())
	if !a.mayAsk() {
		return auth.Secret{}, missing
	}
	t, err := a.env.Terminal()
	if err != nil {
		return auth.Secret{}, missing
	}
	defer t.Close()
	a.catchSignals()
	value, err := t.AskSecret(a.ctx, "Passphrase: ")
	if err != nil {
		return auth.Secret{}, unanswered("the passphrase", err)
	}
	if twice {
		again, err := t.AskSecret(a.ctx, "Passphrase again: ")
		if err != nil {
			return auth.Secret{}, unanswered("the passphrase", err)
		}
		if again != value {
			return auth.Secret{}, usage("", "the two passphrases differ")
		}
	}
	return checkPassphrase(value)
}

func checkPassphrase(value string) (auth.Secret, error) {
	if value == "" {
		return auth.Secret{}, usage("", "the passphrase is empty")
	}
	return auth.NewSecret(value), nil
}
