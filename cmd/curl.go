package cmd

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/providers"
)

func newCurlCmd(a *app) *cobra.Command {
	var anyHost bool
	c := &cobra.Command{
		Use:   "curl [--any-host] ACCOUNT URL [CURL-ARG...]",
		Short: "Run the real curl with the account's token",
		Long: `Run the real curl with whatever the vendor wants to see of the token. It reaches
curl through a pipe: not in the command line, not in a file.

A URL that begins with / is appended to the account's endpoint. Another host,
and options that could lead to one, are refused without --any-host. That guards
against mistakes. It is no boundary: whoever may run hauth can have the token.

What follows URL is curl's own; hauth's flags stand before ACCOUNT.

When the API answers 401 (some vendors say so inside HTTP 200), the token has
died early. Replace exactly the one that failed, so that many callers cause one
request, and try again:

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
	c.Flags().BoolVar(&anyHost, "any-host", false, "allow other hosts than the endpoint's: they get the token")
	return c
}

func runCurl(a *app, anyHost bool, args []string) error {
	if len(args) < 2 {
		return usage("hauth curl 123pan /api/v1/user/info", "ACCOUNT and URL are needed")
	}
	account, err := auth.ParseAccount(args[0])
	if err != nil {
		return err
	}
	if strings.HasPrefix(args[1], "-") {
		return usage("hauth curl ACCOUNT URL [CURL-ARG...]", "the URL comes before curl's options")
	}
	path, err := a.findCommand("curl")
	if err != nil {
		return err
	}
	s, err := a.open(account)
	if err != nil {
		return err
	}
	provider, err := s.provider()
	if err != nil {
		return about(account, err)
	}
	target := args[1]
	if strings.HasPrefix(target, "/") {
		target = strings.TrimSuffix(s.endpoint, "/") + target
	}
	if !anyHost {
		if err := checkCurlArgs(s.endpoint, target, args[2:], inAuthorization(provider.Spec)); err != nil {
			return about(account, err)
		}
	}
	result, err := a.tokenOf(s, broker.Want{}, false)
	if err != nil {
		return err
	}
	if result.Token.Endpoint != s.endpoint {
		return about(account, &auth.Error{
			Kind: auth.Store, Fact: "the account's endpoint has changed meanwhile: the token is not sent there",
			Remedy: auth.RemedyAgain,
		})
	}
	carried, err := provider.Carry(result.Token)
	if err != nil {
		return about(account, err)
	}
	return a.runRealCurl(path, curlConfig(carried, target), args[2:])
}

// inAuthorization reports that the token travels in the one header that curl
// drops when a redirect leads to another host.
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

// curlConfig is a config file for curl, with the URL where one is given. A
// token in the query becomes part of that URL; without one, curl adds it.
func curlConfig(c providers.Carried, target string) string {
	var b strings.Builder
	for _, h := range c.Headers {
		fmt.Fprintf(&b, "header = %s\n", curlQuote(h[0]+": "+h[1]))
	}
	for _, f := range c.Form {
		fmt.Fprintf(&b, "data = %s\n", curlQuote(url.QueryEscape(f[0])+"="+url.QueryEscape(f[1])))
	}
	for _, q := range c.Query {
		pair := url.QueryEscape(q[0]) + "=" + url.QueryEscape(q[1])
		if target == "" {
			fmt.Fprintf(&b, "url-query = %s\n", curlQuote("+"+pair))
			continue
		}
		target = addQuery(target, pair)
	}
	if target != "" {
		fmt.Fprintf(&b, "url = %s\n", curlQuote(target))
	}
	return b.String()
}

// addQuery appends a name=value pair to a URL's query, before any fragment.
func addQuery(target, pair string) string {
	target, fragment, has := strings.Cut(target, "#")
	if strings.Contains(target, "?") {
		target += "&" + pair
	} else {
		target += "?" + pair
	}
	if has {
		target += "#" + fragment
	}
	return target
}

// curlQuote quotes a value as curl's config files want it.
func curlQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\v", `\v`).Replace(s) + `"`
}
