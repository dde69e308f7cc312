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
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

type loginOptions struct {
	id           string
	secretStdin  bool
	secretFile   string
	set          []string
	endpoint     string
	store        string
	noVerify     bool
	caFile       string
	insecureHTTP bool
}

func newLoginCmd(a *app) *cobra.Command {
	var o loginOptions
	c := &cobra.Command{
		Use:   "login ACCOUNT",
		Short: "Enter an account's credentials",
		Long: `Enter an account's credentials. One token is fetched before anything is stored.

What no flag gives is asked on the terminal; a secret is typed without echo,
read from stdin or from a file, but never taken from the command line, where
every process on the machine can read it.

Everything rests in the OS keyring; where there is none, login asks before it
uses an encrypted file. --store file encrypts with age: the key lies in the
config directory, so that this stops stray copies and other users, but nobody
who has your whole home directory.`,
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
	f.StringVar(&o.id, "id", "", "`ID`: the first variable that is no secret (clientID, …)")
	f.BoolVar(&o.secretStdin, "secret-stdin", false, "read the secret from stdin; several: NAME=VALUE lines")
	f.StringVar(&o.secretFile, "secret-file", "", "read the secret from `FILE`, as --secret-stdin does")
	f.StringArrayVar(&o.set, "set", nil, "`NAME=VALUE` of a further variable that is no secret")
	f.StringVar(&o.endpoint, "endpoint", "", "base `URL`, instead of the provider's own")
	f.StringVar(&o.store, "store", "auto", "`STORE`: auto, keyring or file")
	f.BoolVar(&o.noVerify, "no-verify", false, "store without asking the vendor")
	f.StringVar(&o.caFile, "ca-file", "", "PEM `FILE` of further certificate authorities for this account")
	f.BoolVar(&o.insecureHTTP, "insecure-http", false, "allow http to another host: the secret travels in the clear")
	c.SetFlagErrorFunc(loginFlagError)
	c.RegisterFlagCompletionFunc("store", cobra.FixedCompletions([]string{"auto", "keyring", "file"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

const secretHint = "leave it out to be asked, or use --secret-stdin or --secret-file FILE"

// loginFlagError answers those who try to give a secret in a flag, and
// repeats no value, which could be one.
func loginFlagError(_ *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := strings.ToLower(unknown.GetSpecifiedName())
		for _, word := range []string{"secret", "pass", "token", "key"} {
			if strings.Contains(name, word) {
				return usage(secretHint, "no flag takes a secret: a command line can be read by every process, and stays in the shell's history")
			}
		}
		return usage("run: hauth login --help", "unknown flag --%s", auth.Printable(name))
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return usage("run: hauth login --help", "--%s: not a value for this flag", invalid.GetFlag().Name)
	}
	return err
}

func runLogin(a *app, o loginOptions, args []string) error {
	if len(args) == 0 {
		return usage("hauth login "+a.catalogue().Names()[0]+", or one of "+strings.Join(a.catalogue().Names()[1:], ", "), "which PROVIDER?")
	}
	account, err := oneAccount(args)
	if err != nil {
		return err
	}
	if a.dirsErr != nil {
		return about(account, a.dirsErr)
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
	l.previous = l.findPrevious()
	creds, values, err := l.credentials()
	if err != nil {
		return err
	}
	// Before the questions: whoever declines the store need not answer them.
	vault, err := l.openStore()
	if err != nil {
		return err
	}
	if creds.Vars, err = l.fillIn(values, creds.Endpoint); err != nil {
		return err
	}
	s := &session{account: account, keep: vault, login: true, provider: func() (*providers.Provider, error) { return provider, nil }}
	token, err := a.brokerFor(s).Login(a.ctx, vault, creds, !o.noVerify)
	if err != nil {
		return err
	}
	l.summary(vault.Info(), token)
	return nil
}

// loginRun is one login on its way.
type loginRun struct {
	app      *app
	account  auth.Account
	provider *providers.Provider
	options  loginOptions
	previous *store.Vault // the account as it is stored now, or nil
	terminal Terminal     // opened when the first question is asked
}

func (l *loginRun) close() {
	if l.terminal != nil {
		l.terminal.Close()
	}
}

// findPrevious is the account as it is stored now, or nil. One that cannot be
// read is no obstacle: login is the way to mend it.
func (l *loginRun) findPrevious() *store.Vault {
	vault, err := store.Open(l.app.storeOptions(l.account), l.account)
	if err == nil {
		return vault
	}
	if !auth.Is(err, auth.NotFound) {
		l.app.notice(l.account.String(), "what was stored before is replaced: "+err.Error())
	}
	return nil
}

// credentials puts together what the vendor will be shown; values are the
// variables that flags give. That the others can be asked is made sure of.
func (l *loginRun) credentials() (creds auth.Credentials, values map[string]string, err error) {
	creds = auth.Credentials{ID: rand.Text(), SpecSHA256: l.provider.SHA256, InsecureHTTP: l.options.insecureHTTP}
	if values, err = l.given(); err != nil {
		return creds, nil, err
	}
	if creds.Endpoint, err = l.endpoint(); err != nil {
		return creds, nil, err
	}
	if l.options.caFile != "" {
		if creds.CAFile, err = filepath.Abs(l.options.caFile); err != nil {
			return creds, nil, usage("", "--ca-file: %v", err)
		}
		if err := checkCAFile(creds.CAFile); err != nil {
			return creds, nil, usage("", "--ca-file: %v", err)
		}
	}
	if missing := l.notIn(values); len(missing) > 0 {
		if _, err := l.open(); err != nil {
			return creds, nil, l.missing(missing)
		}
	}
	return creds, values, nil
}

// endpoint is where the credentials will be sent. Off a terminal an endpoint
// that was agreed to earlier is not taken over in silence.
func (l *loginRun) endpoint() (string, error) {
	standard := l.provider.Spec.Endpoint
	chosen := l.options.endpoint
	if chosen == "" {
		chosen = standard
		if l.previous != nil && l.previous.Info().Endpoint != standard {
			stored := l.previous.Info().Endpoint
			t, err := l.open()
			if err != nil {
				return "", usage("hauth login "+l.account.String()+" --endpoint "+stored+", or --endpoint "+standard,
					"the account's endpoint is %s, not the provider's own: name the one you mean", stored)
			}
			answer, err := t.Ask(l.app.ctx, fmt.Sprintf("Endpoint [%s]: ", stored))
			if err != nil {
				return "", asked(err)
			}
			if chosen = strings.TrimSpace(answer); chosen == "" {
				chosen = stored
			}
		}
	}
	return providers.CheckEndpoint(chosen, l.options.insecureHTTP)
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
	where := map[string]string{store.Keyring: "the OS keyring", store.File: "an encrypted file"}[info.Store]
	lines := []string{"logged in", "the credentials are in " + where}
	if !token.ExpiresAt.IsZero() {
		life := fmt.Sprintf("the token is good for %s, until %s", humanDuration(token.Left(a.env.Now()).Round(time.Second)), rfc3339(token.ExpiresAt))
		if token.Source == auth.SourceAssumed {
			life += " (assumed)"
		}
		lines = append(lines, life)
	}
	between := "; "
	if l.terminal != nil && !a.json { // a conversation: its end may take a few lines
		between = "\n  "
		lines = append(lines, "try: hauth token "+l.account.String())
	}
	a.notice(l.account.String(), strings.Join(lines, between))
	if a.hasEnvironment(l.account) {
		if values, missing, err := a.environmentValues(l.account, l.provider); err == nil && len(values) > 0 && len(missing) == 0 {
			a.notice(l.account.String(), "credentials in the environment hide this account as long as they are set")
		}
	}
}
