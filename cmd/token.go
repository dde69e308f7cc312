package cmd

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

type tokenOptions struct {
	output  string
	minTTL  time.Duration
	strict  bool
	refresh bool
}

func newTokenCmd(a *app) *cobra.Command {
	var o tokenOptions
	c := &cobra.Command{
		Use:   "token ACCOUNT",
		Short: "Print a token that works",
		Long: `Print a token that works, and a newline, on stdout and nothing else.

A cached token is printed at once. An expired one is replaced first, with one
request however many processes ask at the same time.`,
		Example: examples(
			`curl -K <(hauth token 123pan -o curl) "$URL"`,
			`token=$(hauth token hitem3d)          # quote it: "$token" may contain * and =`,
			`eval "$(hauth token 123pan -o env)"`,
			`hauth token wahool --min-ttl 20m      # enough for a long upload`,
		),
		ValidArgsFunction: a.completeAccount,
		RunE: func(c *cobra.Command, args []string) error {
			if a.json {
				if c.Flags().Changed("output") && o.output != "json" {
					return usage("give one of them", "--json and -o %s are two formats", o.output)
				}
				o.output = "json"
			}
			return runToken(a, o, args)
		},
	}
	c.Flags().StringVarP(&o.output, "output", "o", "raw", "`FORMAT`: raw, json, env, powershell, header or curl")
	c.Flags().DurationVar(&o.minTTL, "min-ttl", 0, "refresh if less life than `DUR` is left")
	c.Flags().BoolVar(&o.strict, "strict", false, "with --min-ttl: fail (exit 6) rather than print a token with less left")
	c.Flags().BoolVar(&o.refresh, "refresh", false, "fetch a new token, even if the old one is valid")
	c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(tokenFormats, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runToken(a *app, o tokenOptions, args []string) error {
	account, err := oneAccount(args)
	if err != nil {
		return err
	}
	format, err := tokenFormat(o.output)
	if err != nil {
		return err
	}
	if o.minTTL < 0 {
		return usage("", "--min-ttl must not be negative")
	}
	s, err := a.client.Open(account.String())
	if err != nil {
		return err
	}
	if err := canPrint(s, o.output); err != nil {
		return err
	}
	result, lost := a.tokenOf(s, broker.Want{MinTTL: o.minTTL, Refresh: o.refresh}, o.strict)
	if lost != nil && (!auth.IsLost(lost) || result.Token.Value.IsEmpty()) {
		return lost
	}
	text, err := format(a, s, result)
	if err != nil {
		return about(account, err)
	}
	if err := a.print(text); err != nil {
		return err
	}
	return lost // the credentials, not the token: it is the last one
}

// tokenOf asks the session's broker, and turns a token with too little life
// left into a warning or, under strict, an error.
func (a *app) tokenOf(s *hauth.Account, want broker.Want, strict bool) (broker.Result, error) {
	if a.debug {
		a.trace(fmt.Sprintf("%s: credentials %s, store %s, endpoint %s", s.Name, s.Source, s.Store(), s.Endpoint()))
	}
	result, err := s.Token(a.ctx, want)
	if auth.Is(err, auth.Denied) && s.Source == hauth.SourceEnvironment {
		a.tellOddValues(s)
		err = withHint(err, "check "+strings.Join(a.variablesOf(s.Name), ", ")+"; these credentials come from the environment")
	}
	if err != nil {
		return result, about(s.Name, err)
	}
	if a.debug {
		a.trace(fmt.Sprintf("%s: token from the %s, SHA-256 %s, until %s", s.Name, result.From, result.Token.Value.SHA256(), rfc3339(result.Token.ExpiresAt)))
	}
	if result.Short != nil {
		if strict {
			return result, about(s.Name, result.Short)
		}
		a.notice(s.Name.String(), "warning: "+auth.Message(result.Short))
	}
	return result, nil
}

// tellOddValues says what looks odd about the values of the account's
// variables, which the vendor has refused.
func (a *app) tellOddValues(s *hauth.Account) {
	creds, err := s.Credentials(a.ctx)
	if err != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(creds.Vars)) {
		if odd := hauth.OddLook(creds.Vars[name].Reveal()); odd != "" {
			a.notice(s.Name.String(), fmt.Sprintf("the value of %s_%s %s", s.Name.EnvPrefix(), strings.ToUpper(name), odd))
		}
	}
}

type formatFunc func(*app, *hauth.Account, broker.Result) (string, error)

// tokenFormats are the names of the formats, the default first.
var tokenFormats = []string{"raw", "json", "env", "powershell", "header", "curl"}

func tokenFormat(name string) (formatFunc, error) {
	switch name {
	case "raw":
		return formatRaw, nil
	case "json":
		return formatJSON, nil
	case "env":
		return formatEnv, nil
	case "powershell":
		return formatPowerShell, nil
	case "header":
		return formatHeader, nil
	case "curl":
		return formatCurl, nil
	}
	return nil, unknownValue("output format", name, tokenFormats)
}

// canPrint refuses, before a token is fetched, a format that cannot express
// how the vendor's tokens are sent.
func canPrint(s *hauth.Account, output string) error {
	if output != "header" {
		return nil
	}
	provider, err := s.Provider()
	if err != nil {
		return about(s.Name, err)
	}
	if len(provider.Spec.Use.Query)+len(provider.Spec.Use.Form) > 0 {
		return about(s.Name, usage("use -o curl, or hauth curl", "this vendor's tokens are not sent in a header"))
	}
	return nil
}

func formatRaw(_ *app, _ *hauth.Account, r broker.Result) (string, error) {
	return r.Token.Value.Reveal() + "\n", nil
}

type tokenJSON struct {
	Account       string        `json:"account"`
	Token         string        `json:"token"`
	TokenSHA256   string        `json:"token_sha256"`
	Type          string        `json:"type"`
	ExpiresAt     string        `json:"expires_at"`
	ExpiresAtUnix int64         `json:"expires_at_unix"`
	ExpiresIn     int64         `json:"expires_in"`
	ExpirySource  auth.Source   `json:"expiry_source"`
	From          broker.Origin `json:"from"`
}

func formatJSON(a *app, s *hauth.Account, r broker.Result) (string, error) {
	t := r.Token
	return string(encodeJSON(tokenJSON{
		Account:       s.Name.String(),
		Token:         t.Value.Reveal(),
		TokenSHA256:   t.Value.SHA256(),
		Type:          t.Type,
		ExpiresAt:     rfc3339(t.ExpiresAt),
		ExpiresAtUnix: t.ExpiresAt.Unix(),
		ExpiresIn:     int64(t.Left(a.env.Now()).Seconds()),
		ExpirySource:  t.Source,
		From:          r.From,
	})), nil
}

func formatEnv(_ *app, s *hauth.Account, r broker.Result) (string, error) {
	prefix := s.Name.EnvPrefix()
	return fmt.Sprintf("export %s_TOKEN=%s\nexport %s_EXPIRES_AT=%s\n",
		prefix, text.Quote(r.Token.Value.Reveal()), prefix, text.Quote(rfc3339(r.Token.ExpiresAt))), nil
}

func formatHeader(_ *app, s *hauth.Account, r broker.Result) (string, error) {
	carried, err := s.Carry(r.Token)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, h := range carried.Headers {
		fmt.Fprintf(&b, "%s: %s\n", h[0], h[1])
	}
	return b.String(), nil
}

func formatCurl(a *app, s *hauth.Account, r broker.Result) (string, error) {
	carried, err := s.Carry(r.Token)
	if err != nil {
		return "", err
	}
	config := curlConfig(carried, "")
	if file := a.authorityForConfig(s); file != "" {
		config = "# curl trusts these authorities instead of the system's\ncacert = " + curlQuote(file) + "\n" + config
	}
	if len(carried.Query) > 0 {
		if old := a.curlWithoutURLQuery(); old != "" {
			a.notice(s.Name.String(), "curl "+old+" has no url-query, which was added in 7.87; use: hauth curl "+s.Name.String()+" URL")
		}
	}
	return config, nil
}

// rfc3339 is how every time is shown: UTC, whole seconds.
func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }
