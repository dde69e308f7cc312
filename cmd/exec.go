package cmd

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

type execOptions struct {
	env    []string
	minTTL time.Duration
	mask   bool
	proxy  bool
	policy policyOptions
}

func newExecCmd(a *app) *cobra.Command {
	var o execOptions
	c := &cobra.Command{
		Use:   "exec ACCOUNT... -- COMMAND [ARG...]",
		Short: "Run a command with tokens in its environment",
		Long: `Run a command with tokens in its environment.

hauth becomes the command: same process, every signal, its own exit status. The
command finds HAUTH_<PROVIDER>_TOKEN and HAUTH_<PROVIDER>_EXPIRES_AT per
account, and HAUTH_TOKEN when there is exactly one. Credentials in hauth's own
environment are not passed on; HAUTH_EXEC names their accounts. Without a token
the command is not started.

With --mask hauth keeps running and replaces tokens in the command's output by
[hauth:masked]: as they are, in base64, percent-encoded, and as JSON escapes
them. Output that could be the start of a token is held back until more comes.
hauth ends when the command ends, with its status or by its signal.

With --proxy the command gets no token, but an address on this machine that
stands for the account's API: HAUTH_<PROVIDER>_URL, and HAUTH_URL when there is
exactly one account. hauth adds the token, keeps it fresh, and ends with the
command. hauth help proxy explains it.`,
		Example: examples(
			`hauth exec 123pan -- ./upload.sh`,
			`hauth exec 123pan --env PAN_TOKEN -- python3 sync.py`,
			`hauth exec --proxy 123pan -- sh -c 'curl "$HAUTH_URL/api/v1/user/info"'`,
			`hauth exec 123pan hitem3d --env 123pan=PAN --env hitem3d=HI -- make publish`,
		),
		ValidArgsFunction: a.completeExec,
		RunE:              func(c *cobra.Command, args []string) error { return runExec(a, o, c, args) },
	}
	c.SetFlagErrorFunc(a.execFlagError)
	c.Flags().StringArrayVar(&o.env, "env", nil, "`[ACCOUNT=]NAME` of the variable, instead of HAUTH_<PROVIDER>_TOKEN or _URL")
	c.Flags().DurationVar(&o.minTTL, "min-ttl", 0, "refresh if less life than `DUR` is left")
	c.Flags().BoolVar(&o.mask, "mask", false, "mask tokens in the command's output")
	c.Flags().BoolVar(&o.proxy, "proxy", false, "give the command an address instead of the token")
	o.policy.add(c.Flags())
	return c
}

// execFlagError tells whoever forgot the "--" where it belongs: an unknown flag is
// likely the command's.
func (a *app) execFlagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && !slices.Contains(a.env.Args, "--") && len(nearFlags(c, unknown.GetSpecifiedName())) == 0 {
		return withHint(flagError(c, err), "put -- before the command: hauth exec ACCOUNT... -- COMMAND [ARG...]")
	}
	return flagError(c, err)
}

func runExec(a *app, o execOptions, c *cobra.Command, args []string) error {
	dash := c.ArgsLenAtDash()
	if dash <= 0 || dash == len(args) {
		return usage(a.withDash(args, dash), "exec needs accounts, then --, then a command")
	}
	accounts, err := someAccounts(args[:dash])
	if err != nil {
		return err
	}
	if o.minTTL < 0 {
		return usage("", "--min-ttl must not be negative")
	}
	if err := o.checkProxy(c); err != nil {
		return err
	}
	names, err := envNames(o.env, accounts)
	if err != nil {
		return err
	}
	argv := args[dash:]
	path, err := a.findCommand(argv[0])
	if err != nil {
		return err
	}
	if o.proxy {
		return a.runProxied(path, argv, accounts, names, o.policy)
	}
	var secrets []auth.Secret
	environ := a.childEnviron()
	for _, account := range accounts {
		s, err := a.client.Open(account.String())
		if err != nil {
			return err
		}
		result, err := a.tokenOf(s, broker.Want{MinTTL: o.minTTL}, false)
		if err != nil {
			return err
		}
		environ = addToken(environ, account, result.Token, names[account], len(accounts) == 1)
		secrets = append(secrets, result.Token.Value)
	}
	if o.mask {
		return a.runMasked(path, argv, environ, secrets)
	}
	return a.become(path, argv, environ)
}

// checkProxy refuses flags that cannot be combined.
func (o execOptions) checkProxy(c *cobra.Command) error {
	switch {
	case o.proxy && o.mask:
		return usage("with --proxy the command has no token to print", "--proxy and --mask cannot be combined")
	case o.proxy && c.Flags().Changed("min-ttl"):
		return usage("with --proxy the token is kept fresh while the command runs", "--proxy and --min-ttl cannot be combined")
	case o.proxy:
		return nil
	}
	for _, name := range policyFlags {
		if c.Flags().Changed(name) {
			return usage("hauth exec --proxy --"+name+" …", "--%s requires --proxy", name)
		}
	}
	return nil
}

// withDash is the command line with the missing "--" inserted, if nothing
// else is wrong with it.
func (a *app) withDash(args []string, dash int) string {
	names := a.catalogue().Names()
	for i, arg := range args {
		provider, _, _ := strings.Cut(arg, "/")
		if dash < 0 && i > 0 && !slices.Contains(names, provider) {
			return auth.Printable("run: hauth exec " + strings.Join(args[:i], " ") + " -- " + arg + " …")
		}
	}
	return "hauth exec ACCOUNT -- COMMAND [ARG...]"
}

// become replaces this process by the command; it returns only if that
// fails.
func (a *app) become(path string, argv, environ []string) error {
	if a.ctx.Err() != nil {
		return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted"}
	}
	a.releaseSignals()
	err := a.env.Exec(path, argv, environ)
	var status exitStatus
	if err == nil || errors.As(err, &status) {
		return err
	}
	return cannotStart(argv[0], err)
}

// findCommand looks a command up before a token is fetched for it.
func (a *app) findCommand(name string) (string, error) {
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path, nil
	case errors.Is(err, exec.ErrDot):
		return "", cannotExecute(name, errors.New("it is in the current directory: write ./"+name))
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		if file := fileInPath(name); file != "" {
			return "", cannotExecute(name, errors.New(auth.Printable(file)+" is not executable"))
		}
		return "", startError{exitNoCommand, &auth.Error{Kind: auth.NotFound, Fact: "command not found: " + auth.Printable(name)}}
	}
	return "", cannotExecute(name, err)
}

// fileInPath is the first file of that name in PATH; empty if there is none, or
// the name is a path. LookPath passes over those that are not executable.
func fileInPath(name string) string {
	if filepath.Base(name) != name {
		return ""
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && dir != "" && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}

func cannotExecute(name string, err error) error {
	e := &auth.Error{Kind: auth.Usage, Fact: "cannot execute " + auth.Printable(name), Err: text.WithoutPath(err)}
	if errors.Is(err, syscall.ENOEXEC) {
		e.Hint = "a script must begin with a line such as #!/bin/sh" // shells run one without it, the kernel does not
	}
	return startError{exitCannotExecute, e}
}

// envNames reads --env: the variables that replace an account's own.
func envNames(flags []string, accounts []auth.Account) (map[auth.Account][]string, error) {
	names, taken := map[auth.Account][]string{}, map[string]bool{}
	var args []string
	for _, account := range accounts {
		args = append(args, account.String())
	}
	for _, flag := range flags {
		account := accounts[0]
		which, name, both := strings.Cut(flag, "=")
		switch {
		case both:
			parsed, err := auth.ParseAccount(which)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(accounts, parsed) {
				hint := "name an account that stands before --"
				if near := text.Nearest(which, args); len(near) > 0 {
					hint = "did you mean " + near[0] + "?"
				}
				return nil, usage(hint, "--env names %s, which is not among the accounts", parsed)
			}
			account = parsed
		case len(accounts) > 1:
			return nil, usage("write --env ACCOUNT=NAME", "--env NAME is for a single account")
		default:
			name = which
		}
		if err := checkEnvName(name); err != nil {
			return nil, err
		}
		if taken[hauth.FoldName(name)] {
			return nil, usage("", "--env sets %s twice", name)
		}
		taken[hauth.FoldName(name)] = true
		names[account] = append(names[account], name)
	}
	return names, nil
}

// addToken puts an account's variables into a child's environment and
// replaces existing ones.
func addToken(environ []string, account auth.Account, t auth.Token, names []string, only bool) []string {
	prefix := account.EnvPrefix()
	if len(names) == 0 {
		names = []string{prefix + "_TOKEN"}
		if only {
			names = append(names, "HAUTH_TOKEN")
		}
	}
	environ = unsetEnv(environ, prefix+"_TOKEN")
	environ = setEnv(environ, prefix+"_EXPIRES_AT", rfc3339(t.ExpiresAt))
	for _, name := range names {
		environ = setEnv(environ, name, t.Value.Reveal())
	}
	return environ
}
