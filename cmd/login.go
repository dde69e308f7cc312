package cmd

import (
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

type loginOptions struct {
	id           string
	secretStdin  bool
	secretFiles  []string
	set          []string
	endpoint     string
	api          string
	fleet        string
	store        string
	noVerify     bool
	caFile       string
	insecureHTTP bool
	vendorWords  map[string]*string // flags named after the provider's own variables
}

func newLoginCmd(a *app) *cobra.Command {
	var o loginOptions
	c := &cobra.Command{
		Use:   "login ACCOUNT",
		Short: "Enter an account's credentials",
		Long: `Enter an account's credentials. One token is fetched before anything is stored.

What no flag gives is asked for on the terminal. A secret is typed without echo,
or read from stdin or a file, but never taken from the command line, where every
process on the machine can read it.

Everything is stored in the OS keyring; if there is none, login asks before it
uses an encrypted file. --store file encrypts with age. The key is in the config
directory, so this protects against stray copies and other users, but not
against someone who has your whole home directory.`,
		Example: examples(
			`hauth login 123pan`,
			`pass show 123pan | hauth login 123pan --id "$CLIENT_ID" --secret-stdin`,
			`hauth login wahool/shop2 --set access_key="$KEY" --secret-file "$FILE"`,
		),
		ValidArgsFunction: a.completeLogin,
		RunE:              func(c *cobra.Command, args []string) error { return runLogin(a, o, args) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.id, "id", "", "`ID`: client_id, or else the first variable that is not secret")
	f.BoolVar(&o.secretStdin, "secret-stdin", false, "read the secret from stdin; several: NAME=VALUE lines")
	f.StringArrayVar(&o.secretFiles, "secret-file", nil, "read the secret from a file; several secrets: `[NAME=]FILE` once each")
	f.StringArrayVar(&o.set, "set", nil, "`NAME=VALUE` of a further variable that is not secret")
	f.StringVar(&o.endpoint, "endpoint", "", "base `URL`, instead of the provider's own")
	f.StringVar(&o.api, "api", "", "base `URL` of the API, if it is not the provider's")
	f.StringVar(&o.store, "store", "auto", "`STORE`: auto, keyring or file")
	f.StringVar(&o.fleet, "fleet", "", "`URL` of the engine that machines share the token through, or none; see hauth help fleet")
	f.BoolVar(&o.noVerify, "no-verify", false, "store without asking the vendor")
	f.StringVar(&o.caFile, "ca-file", "", "PEM `FILE` of further certificate authorities for this account")
	f.BoolVar(&o.insecureHTTP, "insecure-http", false, "allow http to another host: the secret is sent unencrypted")
	o.vendorWords = a.addVendorFlags(f)
	c.SetFlagErrorFunc(loginFlagError)
	c.RegisterFlagCompletionFunc("store", cobra.FixedCompletions([]string{"auto", "keyring", "file"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

const secretHint = "omit it to be asked, or use --secret-stdin or --secret-file FILE"

// loginFlagError explains why a flag cannot take a secret.
func loginFlagError(c *cobra.Command, err error) error {
	const why = "no flag takes a secret: a command line can be read by every process, and stays in the shell's history"
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "secret" {
		return usage(secretHint, why)
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := strings.ToLower(unknown.GetSpecifiedName())
		if near := vendorFlagsNear(c, name); len(near) > 0 {
			return usage("did you mean --"+near[0]+"?", "unknown flag --%s", auth.Printable(unknown.GetSpecifiedName()))
		}
		for _, word := range []string{"secret", "pass", "token", "private", "key"} {
			if strings.Contains(name, word) {
				return usage(secretHint, why)
			}
		}
	}
	return flagError(c, err)
}

func runLogin(a *app, o loginOptions, args []string) error {
	if _, err := storeFlag(o.store); err != nil {
		return err
	}
	if len(args) == 0 {
		name, err := a.chooseProvider()
		if err != nil {
			return err
		}
		args = []string{name}
	}
	account, err := oneAccount(args)
	if err != nil {
		return err
	}
	if _, err := a.client.Dirs(); err != nil {
		return about(account, err)
	}
	if err := a.login(account, o); err != nil {
		return about(account, err)
	}
	if a.json {
		return a.printStatus([]auth.Account{account})
	}
	return nil
}

func (a *app) login(account auth.Account, o loginOptions) error {
	provider, err := a.catalogue().Find(account.Provider)
	if err != nil {
		return err
	}
	l := &loginRun{app: a, account: account, provider: provider, options: o}
	defer l.close()
	a.again = l.commandLine
	l.previous = l.findPrevious()
	creds, values, err := l.credentials()
	if err != nil {
		return err
	}
	// The store comes before the questions, so that a user who declines it
	// need not answer them.
	login, err := l.openStore()
	if err != nil {
		return err
	}
	if creds.Vars, err = l.fillIn(values, creds.Endpoint); err != nil {
		return err
	}
	token, info, err := login.Complete(a.ctx, creds, !o.noVerify)
	if auth.Is(err, auth.Denied) && l.askAgain(err, creds.Vars) {
		token, info, err = login.Complete(a.ctx, creds, !o.noVerify)
	}
	if err != nil {
		return l.refused(err, creds.Vars)
	}
	l.summary(info, token)
	return nil
}

// loginRun is one login in progress.
type loginRun struct {
	app      *app
	account  auth.Account
	provider *providers.Provider
	options  loginOptions
	previous *hauth.Account  // the account as it is stored now, or nil
	terminal Terminal        // opened when the first question is asked
	asked    []providers.Var // the secret variables that were typed
	shared   string          // the fleet's engine, as it may be shown
}

func (l *loginRun) close() {
	if l.terminal != nil {
		l.terminal.Close()
	}
}

// findPrevious is the account as it is stored now, or nil. One that cannot be
// read does not stop a login, which is the way to repair it.
func (l *loginRun) findPrevious() *hauth.Account {
	account, err := l.app.client.OpenStored(l.account)
	if err == nil {
		return account
	}
	if !auth.Is(err, auth.NotFound) {
		l.app.notice(l.account.String(), "replacing what was stored before: "+auth.Message(err))
	}
	return nil
}

// credentials collects what the vendor will be sent; values are the
// variables that flags give. It makes sure that the others can be asked for.
func (l *loginRun) credentials() (creds auth.Credentials, values map[string]string, err error) {
	creds = auth.Credentials{ID: rand.Text(), SpecSHA256: l.provider.SHA256, InsecureHTTP: l.options.insecureHTTP}
	if values, err = l.given(); err != nil {
		return creds, nil, err
	}
	if creds.Endpoint, err = l.endpoint(values); err != nil {
		return creds, nil, err
	}
	if l.options.api != "" {
		if err := hauth.CheckText("--api", l.options.api); err != nil {
			return creds, nil, err
		}
		if creds.API, err = providers.CheckAPI(l.options.api, l.options.insecureHTTP); err != nil {
			return creds, nil, err
		}
	}
	if creds.Fleet, err = l.fleet(); err != nil {
		return creds, nil, err
	}
	if l.options.caFile != "" {
		if creds.CAFile, err = filepath.Abs(l.options.caFile); err != nil {
			return creds, nil, usage("", "--ca-file: %v", err)
		}
		if err := providers.CheckAuthorities(creds.CAFile); err != nil {
			return creds, nil, err
		}
	}
	if missing := l.required(values); len(missing) > 0 {
		if _, err := l.open(); err != nil {
			return creds, nil, l.missing(missing)
		}
	}
	return creds, values, nil
}

func withHint(err error, hint string) error {
	if e, ok := auth.AsError(err); ok {
		c := *e
		c.Hint = hint
		return &c
	}
	return err
}

func (l *loginRun) summary(info store.Info, token auth.Token) {
	a := l.app
	lines := []string{"logged in", "the credentials are in " + a.client.StoreTitle(info.Store)}
	if l.shared != "" {
		lines = append(lines, "the token is shared through "+l.shared)
	}
	if !token.ExpiresAt.IsZero() {
		life := fmt.Sprintf("the token is valid for %s, until %s", humanDuration(token.Left(a.env.Now()).Round(time.Second)), rfc3339(token.ExpiresAt))
		if token.Source == auth.SourceAssumed {
			life += " (assumed)"
		}
		lines = append(lines, life)
	}
	between := "; "
	if l.terminal != nil && !a.json { // the user is present, so the last message may take a few lines
		between = "\n  "
		lines = append(lines, "try: hauth token "+l.account.String())
	}
	a.notice(l.account.String(), strings.Join(lines, between))
	if a.client.HasEnvironment(l.account) {
		if values, err := a.client.EnvironmentValues(l.account, l.provider); err == nil && values.Complete() {
			a.notice(l.account.String(), "credentials in the environment override this account while they are set")
		}
	}
}
