package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

func newCurlCmd(a *app) *cobra.Command {
	var anyHost bool
	c := &cobra.Command{
		Use:   "curl [--any-host] ACCOUNT URL [CURL-ARG...]",
		Short: "Run the real curl with the account's token",
		Long: `Run the real curl with the account's token, sent the way the vendor requires.
The token reaches curl through a pipe: it is neither in the command line nor in
a file.

A URL that begins with / is appended to the base URL of the account's API.
Other hosts, and options that could send the token to one, are refused without
--any-host. This guards against mistakes. It is not a security boundary: whoever
can run hauth can get the token.

What follows URL is passed to curl as it is; hauth's own flags go before
ACCOUNT. curl is started with -q, so that it does not read .curlrc, and trusts
the certificate authorities of --ca-file and HAUTH_CA_FILE besides the system's,
unless you name others (--cacert, --capath).

When the API responds with 401 (some vendors say so inside HTTP 200), the token
has become invalid early. Replace exactly the one that failed, so that many
callers cause one request, and try again:

  sum=$(hauth token 123pan -o json | jq -r .token_sha256)
  hauth curl 123pan /api/v1/user/info          # 401
  hauth refresh 123pan --if-token-sha256 "$sum"
  hauth curl 123pan /api/v1/user/info`,
		Example: examples(
			`hauth curl 123pan /api/v1/user/info`,
			`hauth curl hitem3d /open-api/v1/balance -sS`,
			`hauth curl 123pan /upload/v1/file/create --json @file.json`,
		),
		ValidArgsFunction: a.completeCurl,
		RunE:              func(c *cobra.Command, args []string) error { return runCurl(a, anyHost, args) },
	}
	c.Flags().SetInterspersed(false)
	c.SetFlagErrorFunc(curlFlagError)
	c.Flags().BoolVar(&anyHost, "any-host", false, "allow any host, and send the token to it")
	return c
}

// curlFlagError tells where an option of curl's belongs.
func curlFlagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && (unknown.GetSpecifiedShortnames() != "" || len(nearFlags(c, unknown.GetSpecifiedName())) == 0) {
		return withHint(flagError(c, err), "hauth curl ACCOUNT URL [CURL-ARG...]: curl's options come after the URL")
	}
	return flagError(c, err)
}

func runCurl(a *app, anyHost bool, args []string) error {
	account, err := checkCurlUsage(args)
	if err != nil {
		return err
	}
	path, err := a.findCommand("curl")
	if err != nil {
		return err
	}
	s, err := a.client.Open(account.String())
	if err != nil {
		return err
	}
	run := curlRun{path: path, args: args[2:], environ: foreignEnviron(a.env.Environ)}
	// If the API's base does not depend on the token, the arguments are
	// checked before a token is fetched in vain.
	if _, err := run.aim(s, auth.Token{}, args[1], anyHost); auth.Is(err, auth.Usage) {
		return about(account, err)
	}
	if run.authorities, err = a.authoritiesForCurl(s, run.args); err != nil {
		return about(account, err)
	}
	result, err := a.tokenOf(s, broker.Want{}, false)
	if err != nil {
		return err
	}
	if result.Token.Endpoint != s.Endpoint() {
		return about(account, &auth.Error{
			Kind: auth.Store, Fact: "the account's endpoint has just changed: the token is not sent there",
			Remedy: auth.RemedyAgain,
		})
	}
	target, err := run.aim(s, result.Token, args[1], anyHost)
	if err != nil {
		return about(account, err)
	}
	carried, err := s.Carry(result.Token)
	if err != nil {
		return about(account, err)
	}
	run.config = curlConfig(carried, target)
	return a.runRealCurl(run)
}

// checkCurlUsage looks at the arguments alone, whatever the account.
func checkCurlUsage(args []string) (auth.Account, error) {
	if len(args) < 2 {
		return auth.Account{}, usage("hauth curl 123pan /api/v1/user/info", "expected ACCOUNT and URL")
	}
	account, err := auth.ParseAccount(args[0])
	if err != nil {
		return account, err
	}
	for _, arg := range args[1:] {
		if arg == "--any-host" {
			return account, usage("run: hauth curl --any-host "+account.String()+" URL [CURL-ARG...]", "--any-host is a flag of hauth and goes before ACCOUNT; what follows ACCOUNT is passed to curl")
		}
	}
	target := args[1]
	switch {
	case strings.HasPrefix(target, "-"):
		return account, usage("hauth curl ACCOUNT URL [CURL-ARG...]", "the URL must come before curl's options")
	case target == "":
		return account, usage("hauth curl 123pan /api/v1/user/info", "the URL is empty")
	case !strings.HasPrefix(target, "/") && !hasScheme(target):
		hint := "run: hauth curl " + account.String() + " " + text.Word(auth.Printable("/"+target))
		if host, _, _ := strings.Cut(target, "/"); strings.ContainsAny(host, ".:") {
			hint = "a path of the account's API begins with /, a whole URL with https://"
		}
		return account, usage(hint, "%q begins with neither / nor https://", printableURL(target))
	}
	return account, nil
}

// aim is the URL that curl is to fetch: a path is appended to the first base of
// the account's API. Without anyHost, everything that could lead the token
// elsewhere is refused.
func (r *curlRun) aim(s *hauth.Account, token auth.Token, target string, anyHost bool) (string, error) {
	provider, err := s.Provider()
	if err != nil {
		return "", err
	}
	bases, err := s.API(token)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(target, "/") {
		target = strings.TrimSuffix(bases[0], "/") + target
	}
	if anyHost {
		return target, nil
	}
	guard := curlGuard{origins: bases, mayFollow: inAuthorization(provider.Spec)}
	if err := guard.check(target, r.args); err != nil {
		return "", err
	}
	if isLoopback(target) {
		r.environ = withoutProxies(r.environ)
	}
	return target, nil
}

// inAuthorization reports whether the token is in Authorization, the one header
// that curl drops when a redirect leads to another host.
func inAuthorization(spec *providers.Spec) bool {
	if len(spec.Use.Query)+len(spec.Use.Form) > 0 {
		return false
	}
	for name, value := range spec.Use.Headers {
		if strings.Contains(value, "{token}") && !strings.EqualFold(name, "Authorization") {
			return false
		}
	}
	return true
}

// curlRun is curl, ready to be started.
type curlRun struct {
	path        string
	config      string // for -K: it holds the token
	authorities []byte // PEM that replaces curl's own; nil: none
	args        []string
	environ     []string
}

// withoutProxies is for an API on this machine, to which hauth itself never
// takes a proxy: the token would go through it.
func withoutProxies(environ []string) []string {
	return unsetEnv(environ, "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
}
