package cmd

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
)

func newStatusCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "status [ACCOUNT...]",
		Short: "List accounts and what is left of their tokens",
		Long: `List accounts, what is left of their tokens, and where they rest. No value is
shown, no keyring is opened, no vendor is asked. Into a pipe go lines with tabs,
without a heading.`,
		Example:           examples(`hauth status`, `hauth status 123pan --json | jq -r '.[0].state'`),
		ValidArgsFunction: a.completeAccounts,
		RunE:              func(c *cobra.Command, args []string) error { return runStatus(a, args) },
	}
}

func runStatus(a *app, args []string) error {
	accounts, err := someAccounts(args)
	if err != nil {
		return err
	}
	var unreadable error
	if len(args) == 0 {
		accounts, unreadable = a.knownAccounts()
		if len(accounts) == 0 && unreadable == nil && !a.json {
			a.notice("", "no accounts yet; run: hauth login PROVIDER, one of "+strings.Join(a.catalogue().Names(), ", "))
		}
	}
	// What one account lacks hides no other.
	rows, failed := a.statusRows(accounts)
	if len(args) == 0 && auth.Is(failed, auth.NotFound) {
		failed = nil // an incomplete set in the environment, of which a notice tells
	}
	if err := a.writeStatus(rows); err != nil {
		return err
	}
	if unreadable != nil {
		return unreadable
	}
	return failed
}

// knownAccounts are the stored ones and those whose credentials are in the
// environment, sorted.
func (a *app) knownAccounts() ([]auth.Account, error) {
	var accounts []auth.Account
	infos, err := a.client.List()
	for _, info := range infos {
		accounts = append(accounts, info.Account)
	}
	for _, account := range a.client.EnvironmentAccounts() {
		if !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
		}
	}
	slices.SortFunc(accounts, func(x, y auth.Account) int { return strings.Compare(x.String(), y.String()) })
	return accounts, err
}

type statusJSON struct {
	Account       string      `json:"account"`
	Provider      string      `json:"provider"`
	Profile       string      `json:"profile"`
	Store         string      `json:"store"`
	Endpoint      string      `json:"endpoint,omitempty"`
	Source        string      `json:"source"`
	State         string      `json:"state"`
	ExpiresAt     string      `json:"expires_at,omitempty"`
	ExpiresAtUnix int64       `json:"expires_at_unix,omitempty"`
	ExpiresIn     *int64      `json:"expires_in,omitempty"`
	ExpirySource  auth.Source `json:"expiry_source,omitempty"`
	LastRefresh   string      `json:"last_refresh,omitempty"`

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

// printStatus prints the accounts that exist; those that do not are left out.
func (a *app) printStatus(accounts []auth.Account) error {
	rows, err := a.statusRows(accounts)
	if err != nil && !auth.Is(err, auth.NotFound) {
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

// statusRows is what is known of the accounts, and the first failure.
func (a *app) statusRows(accounts []auth.Account) ([]statusJSON, error) {
	rows := []statusJSON{}
	var first error
	for _, account := range accounts {
		row, err := a.statusOf(account)
		switch {
		case err == nil:
			rows = append(rows, row)
		case first == nil:
			first = about(account, err)
		}
	}
	return rows, first
}

func (a *app) statusOf(account auth.Account) (statusJSON, error) {
	row := statusJSON{Account: account.String(), Provider: account.Provider, Profile: account.Profile, State: stateNone}
	s, err := a.client.Open(account.String())
	if err != nil {
		return row, err
	}
	row.Store, row.Source, row.Endpoint = s.Store(), string(s.Source), s.Endpoint()
	if provider, err := s.Provider(); err == nil {
		row.unusual = provider.Spec.Endpoint != s.Endpoint()
	}
	row.token = s.LastToken(a.ctx)
	if !row.token.ExpiresAt.IsZero() {
		row.ExpiresAt, row.ExpiresAtUnix = rfc3339(row.token.ExpiresAt), row.token.ExpiresAt.Unix()
		left := int64(max(0, row.token.Left(a.env.Now())).Seconds())
		row.ExpiresIn = &left
		row.ExpirySource = row.token.Source
		row.LastRefresh = rfc3339(row.token.IssuedAt)
	}
	row.State = stateOf(row.token, s.LastAttempt(), a.env.Now())
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
