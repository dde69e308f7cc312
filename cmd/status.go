package cmd

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/store"
)

func newStatusCmd(a *app) *cobra.Command {
	var only string
	c := &cobra.Command{
		Use:   "status [ACCOUNT...]",
		Short: "List accounts and how long their tokens are valid",
		Long: `List accounts, what is left of their tokens, and where they are stored. No value
is shown, no keyring is opened, no vendor is asked. Output to a pipe is lines
with tabs, without a heading.`,
		Example: examples(
			`hauth status`,
			`hauth status 123pan --json | jq -r '.[0].state'`,
			`hauth status --state expired,denied`,
		),
		ValidArgsFunction: a.completeAccounts,
		RunE: func(c *cobra.Command, args []string) error {
			var wanted []string
			if only != "" {
				for state := range strings.SplitSeq(only, ",") {
					wanted = append(wanted, strings.TrimSpace(state))
				}
			}
			return runStatus(a, wanted, args)
		},
	}
	c.Flags().StringVar(&only, "state", "", "only accounts in one of these `STATES`: "+strings.Join(states, ", "))
	c.RegisterFlagCompletionFunc("state", cobra.FixedCompletions(states, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func runStatus(a *app, only, args []string) error {
	for _, state := range only {
		if !slices.Contains(states, state) {
			return unknownValue("state", state, states)
		}
	}
	accounts, err := someAccounts(args)
	if err != nil {
		return err
	}
	var unreadable error
	var infos map[auth.Account]store.Info
	if len(args) == 0 {
		accounts, infos, unreadable = a.knownAccounts()
		if len(accounts) == 0 && unreadable == nil && !a.json {
			a.notice("", "no accounts yet; "+a.howToBegin())
		}
	}
	// A problem with one account does not hide the others.
	rows, failed := a.statusRows(accounts, infos)
	if len(args) == 0 { // an incomplete set in the environment, which a notice reports
		failed = failed.without(auth.NotFound)
	}
	if known := len(rows); len(only) > 0 {
		rows = slices.DeleteFunc(rows, func(row statusJSON) bool { return !slices.Contains(only, row.State) })
		if len(rows) == 0 && known > 0 {
			a.confirm("", "no account is in state "+strings.Join(only, " or "))
		}
	}
	if err := a.writeStatus(rows); err != nil {
		return err
	}
	if unreadable != nil {
		failed = append(failures{unreadable}, failed...)
	}
	return failed.orNil()
}

// knownAccounts are the stored ones and those whose credentials or tokens are
// in the environment, sorted.
func (a *app) knownAccounts() ([]auth.Account, map[auth.Account]store.Info, error) {
	listed, err := a.client.List()
	infos := make(map[auth.Account]store.Info, len(listed))
	accounts := make([]auth.Account, 0, len(listed))
	for _, info := range listed {
		infos[info.Account] = info
		accounts = append(accounts, info.Account)
	}
	for _, account := range append(a.client.EnvironmentAccounts(), a.client.InheritedAccounts()...) {
		if _, stored := infos[account]; !stored && !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
		}
	}
	slices.SortFunc(accounts, func(x, y auth.Account) int { return naturalOrder(x.String(), y.String()) })
	return accounts, infos, err
}

type statusJSON struct {
	Account       string      `json:"account"`
	Provider      string      `json:"provider"`
	Profile       string      `json:"profile"`
	Store         string      `json:"store"`
	Fleet         string      `json:"fleet,omitempty"`
	Endpoint      string      `json:"endpoint,omitempty"`
	Source        string      `json:"source"`
	State         string      `json:"state"`
	ExpiresAt     string      `json:"expires_at,omitempty"`
	ExpiresAtUnix int64       `json:"expires_at_unix,omitempty"`
	ExpiresIn     *int64      `json:"expires_in,omitempty"`
	ExpirySource  auth.Source `json:"expiry_source,omitempty"`
	LastRefresh   string      `json:"last_refresh,omitempty"`
	Changed       *bool       `json:"changed,omitempty"`

	account auth.Account
	token   auth.Token // times only
	unusual bool       // the endpoint is not the provider's own
}

// The states of an account.
const (
	stateValid     = "valid"
	stateExpiring  = "expiring"
	stateExpired   = "expired"
	stateNone      = "none"
	stateDenied    = "denied"
	stateThrottled = "throttled"
)

// states are all of them, in the order in which the last line of a table
// counts them.
var states = []string{stateValid, stateExpiring, stateExpired, stateDenied, stateThrottled, stateNone}

// printStatus prints the accounts that exist; those that do not are left out.
func (a *app) printStatus(accounts []auth.Account) error {
	rows, failed := a.statusRows(accounts, nil)
	if err := failed.without(auth.NotFound).orNil(); err != nil {
		return err
	}
	return a.writeStatus(rows)
}

func (a *app) writeStatus(rows []statusJSON) error {
	if a.json {
		return a.printJSON(rows)
	}
	if len(rows) == 0 {
		return nil
	}
	if !isTerminal(a.env.Stdout) {
		return a.print(statusLines(rows))
	}
	return a.print(a.statusTable(rows))
}

// statusRows is what is known of the accounts, and what went wrong. Infos are
// those of accounts whose file has just been read.
func (a *app) statusRows(accounts []auth.Account, infos map[auth.Account]store.Info) ([]statusJSON, failures) {
	rows := make([]statusJSON, 0, len(accounts))
	standard := map[string]string{} // endpoint by provider: its file is read once
	var failed failures
	for _, account := range accounts {
		open := func() (*hauth.Account, error) { return a.client.Open(account.String()) }
		if info, ok := infos[account]; ok {
			open = func() (*hauth.Account, error) { return a.client.OpenListed(info) }
		}
		row, err := a.statusOf(account, open)
		if err != nil {
			failed = append(failed, about(account, err))
			continue
		}
		endpoint, known := standard[account.Provider]
		if !known {
			endpoint = a.standardEndpoint(account.Provider)
			standard[account.Provider] = endpoint
		}
		row.unusual = endpoint != "" && endpoint != row.Endpoint
		rows = append(rows, row)
	}
	return rows, failed
}

// standardEndpoint is the one endpoint of a provider; empty where customers
// have their own, or the provider is not known.
func (a *app) standardEndpoint(name string) string {
	provider, err := a.catalogue().Find(name)
	if err != nil || len(provider.EndpointVars()) > 0 {
		return ""
	}
	return provider.Spec.Endpoint
}

func (a *app) statusOf(account auth.Account, open func() (*hauth.Account, error)) (statusJSON, error) {
	row := statusJSON{Account: account.String(), Provider: account.Provider, Profile: account.Profile, State: stateNone, account: account}
	s, err := open()
	if err != nil {
		return row, err
	}
	row.Store, row.Source, row.Fleet, row.Endpoint = s.Store(), string(s.Source), s.Fleet(), s.Endpoint()
	row.token = s.LastToken(a.ctx)
	if !row.token.ExpiresAt.IsZero() {
		row.ExpiresAt, row.ExpiresAtUnix = rfc3339(row.token.ExpiresAt), row.token.ExpiresAt.Unix()
		left := int64(max(0, row.token.Left(a.env.Now())).Seconds())
		row.ExpiresIn = &left
		row.ExpirySource = row.token.Source
		if !row.token.IssuedAt.IsZero() { // unknown of a token in the environment
			row.LastRefresh = rfc3339(row.token.IssuedAt)
		}
	}
	now := a.env.Now()
	if row.State = stateOf(row.token, auth.Attempt{}, now); row.State != stateValid && row.State != stateExpiring {
		row.State = stateOf(row.token, s.LastAttempt(), now)
	}
	return row, nil
}

func stateOf(t auth.Token, last auth.Attempt, now time.Time) string {
	left := t.Left(now)
	failed := last.Failure != nil && (last.CredentialID == t.CredentialID || t.CredentialID == "") && last.At.After(t.IssuedAt)
	switch {
	case !t.ExpiresAt.IsZero() && left > 0 && t.Expiring(now):
		return stateExpiring
	case !t.ExpiresAt.IsZero() && left > 0:
		return stateValid
	case failed && last.Failure.Kind == auth.Denied:
		return stateDenied
	case failed && last.Failure.Kind == auth.Throttled && last.RetryAt.After(now):
		return stateThrottled
	case !t.ExpiresAt.IsZero():
		return stateExpired
	}
	return stateNone
}

// naturalOrder compares names in natural order: p2 comes before p10.
func naturalOrder(x, y string) int {
	wholeX, wholeY := x, y
	for x != "" && y != "" {
		if isDigit(x[0]) && isDigit(y[0]) {
			a, b := leadingDigits(x), leadingDigits(y)
			x, y = x[len(a):], y[len(b):]
			a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
			if len(a) != len(b) {
				return len(a) - len(b)
			}
			if a != b {
				return strings.Compare(a, b)
			}
			continue
		}
		if x[0] != y[0] {
			return int(x[0]) - int(y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(len(x)-len(y), strings.Compare(wholeX, wholeY))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func leadingDigits(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}
