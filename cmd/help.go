package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// topics are the topics that hauth help explains besides the commands.
var topics = [...]struct{ name, short, text string }{
	{"exit-codes", "What each exit code means", exitCodesHelp},
	{"environment", "The variables that hauth reads and sets", environmentHelp},
	{"providers", "How to describe a vendor in a file", providersHelp},
	{"proxy", "What exec --proxy and proxy do, and what they protect", proxyHelp},
	{"fleet", "How machines share one token", fleetHelp},
}

func newHelpCmd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:               "help [COMMAND | exit-codes | environment | providers | proxy | fleet]",
		Short:             "Explain a command or a topic",
		RunE:              func(c *cobra.Command, args []string) error { return runHelp(a, c.Root(), args) },
		ValidArgsFunction: completeHelp,
	}
	return c
}

func runHelp(a *app, root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	for _, t := range topics {
		if len(args) == 1 && args[0] == t.name {
			return a.print(t.text)
		}
	}
	c, rest, err := root.Find(args)
	if err != nil || len(rest) > 0 || c == root {
		hint := "run: hauth help"
		if near := text.Nearest(strings.Join(args, " "), helpWords()); len(near) > 0 {
			hint = "did you mean: hauth help " + near[0]
		}
		return usage(hint, "no help for %q", auth.Printable(strings.Join(args, " ")))
	}
	c.InitDefaultHelpFlag()
	return c.Help()
}

// helpWords are the topics and the commands.
func helpWords() []string {
	var words []string
	for _, t := range topics {
		words = append(words, t.name)
	}
	for _, row := range commands() {
		words = append(words, row.names[0])
	}
	return words
}

const exitCodesHelp = `Exit codes, and the "code" that goes with them under --json

    0               done
    1  internal     internal error, or the result could not be written
    2  usage        wrong usage, invalid name, missing input
    3  not_found    not logged in, no such account or provider
    4  denied       the vendor refused the credentials
    5  store        keyring, file store or fleet engine locked, absent or broken
    6  min_ttl      --strict, and not enough life left
    7  network      network, TLS, timeout, redirect refused
    8  throttled    the vendor asks to wait (retry_after_s)
    9  vendor       the vendor answered, but failed, or not as documented
  125               exec, curl: hauth failed before the start
  126               exec, curl: the command cannot be executed
  127               exec, curl: the command was not found
  130  interrupted  interrupted, as by Ctrl-C

exec and curl otherwise end as their command ends. A token may be printed with
exit 5: where the vendor replaced the credentials with it, and the new ones
could not be stored. The message says what to do.
`

const environmentHelp = `Variables

In names, - becomes _; a profile other than default follows after two
underscores: 123pan/work is HAUTH_123PAN__WORK.

Credentials without login, used only when complete:
  HAUTH_<PROVIDER>_<VAR>        HAUTH_123PAN_CLIENT_ID, …_CLIENT_SECRET
                                HAUTH_HITEM3D_CLIENT_ID, …_CLIENT_SECRET
                                HAUTH_WAHOOL_ACCESS_KEY, …_SECRET_KEY
  HAUTH_<PROVIDER>_<VAR>_FILE   a file that holds the value
  HAUTH_<PROVIDER>_ENDPOINT     their endpoint; never for stored credentials
  HAUTH_<PROVIDER>_API          base URL of their API, if it is another one

Settings:
  HAUTH_STORE                   keyring or file, at login; none: no sealed cache
  HAUTH_HOME                    one directory for config, data, state and cache
  HAUTH_AGE_IDENTITY            the age identity of the encrypted file store
  HAUTH_AGE_IDENTITY_FILE       a file that holds it
  HAUTH_FLEET                   the engine that machines share tokens through
  HAUTH_CA_FILE                 further certificate authorities, PEM
  HAUTH_NO_INPUT, CI            never ask (unless empty, 0 or false)
  NO_COLOR                      no colour
  RUNNER_TEMP, AGENT_TEMPDIRECTORY
                                in CI: holds the sealed cache, unless HAUTH_HOME
  GITHUB_ENV, GITHUB_OUTPUT, TF_BUILD, GITLAB_CI, CI_PROJECT_DIR
                                the runner that hauth ci export serves
  HTTPS_PROXY, ALL_PROXY, NO_PROXY
                                as usual, for hauth and the curl that it starts

Set for the command of hauth exec:
  HAUTH_<PROVIDER>_TOKEN        the token
  HAUTH_<PROVIDER>_EXPIRES_AT   when it expires, RFC 3339
  HAUTH_TOKEN                   the token, when there is exactly one account
  HAUTH_<PROVIDER>_URL          with --proxy, instead of these: the address
  HAUTH_URL                     the address, when there is exactly one account
  HAUTH_EXEC                    the accounts whose credentials were in the
                                environment, and were removed from it

What hauth exec removes from the environment: secrets and the files that hold
them, HAUTH_AGE_IDENTITY, and what belongs to no provider. Settings, endpoints
and tokens of other accounts stay; with --proxy they are removed as well.

A flag takes precedence over the environment, the environment over the stored
account, and that over the provider's default. hauth status shows which applies.
`

const providersHelp = `Providers

A provider is one YAML file that says how to request a token from a vendor:

  name: acme
  title: Acme open platform
  docs: https://example.com/acme/token
  vars:                                  # what login asks for
    - {name: client_id, label: App ID}
    - {name: client_secret, label: App secret, secret: true}
  endpoint: https://api.example.com
  request:
    method: POST
    path: /v1/token
    json: {appId: "{client_id}", appSecret: "{client_secret}"}
  ok: {code: ["0"]}                      # besides HTTP 2xx; compared as text
  token: data.token                      # a path, "." or header:NAME, or a list
  expires: [{at: data.expires_in, as: seconds}]
  error: {code: code, message: [message, msg], trace: request_id}
  codes: {"401": denied, "429": throttled}
  use: {headers: {Authorization: "Bearer {token}"}}

A standard OAuth 2.0 vendor needs less: name, vars, endpoint, and

  oauth2: client_credentials             # or refresh_token
  request: {path: /oauth/token}          # basic: [client_id, client_secret]

vars       default: used when nothing is given; optional: true drops what names
           an empty one; is: host, label, segment, number or pem, and a URL may
           name the first three: endpoint: https://{tenant}.example.com
endpoint   left out, login asks for it; api: where the API is, if elsewhere
request    headers, query, basic: [id, secret], and json or form. Templates know
           {name}, {now_s}, {now_ms}, {uuid}, and {jwt} and {sign} where the
           fields jwt and sign say how these are made
expires    as seconds, milliseconds, epoch_s, epoch_ms, rfc3339, jwt, datetime
           with a zone; {after: 24h} if only prose says so; the first one
           that can be read is used
codes      denied: the credentials; refused: something else, and asking again
           does not help; throttled; transient
use        headers, query or form; refused: {code: ["401"]}, with which an API
           says that the token is dead
limits     {live: 1}: tokens valid at once; {every: 5m}: time between requests
rotate     {refresh_token: refresh_token}: the response replaces the secret
keep       {url: instance_url}: more of the response, for api and use
command    [/opt/acme/mint]: a program instead of a request

  hauth providers list                   the built-in vendors, and your own
  hauth providers show 123pan            a complete example, with comments
  hauth providers new acme               a first draft; --like oauth2, --like
                                         feishu, --from-curl request.txt
  hauth providers check acme.yaml        every problem, with its line
  hauth providers check acme.yaml --dry-run
  hauth providers add acme.yaml          into the config directory
  hauth login acme

An account is bound to what decides where its secret goes and how the response
is read: after a change to that, log in again. If a later release has a built-in
provider of the same name, your file is still used.
`
