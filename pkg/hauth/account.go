package hauth

import (
	"context"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/fleet"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// Source says where an account comes from.
type Source string

const (
	SourceEnvironment Source = "environment" // credentials in variables
	SourceStored      Source = "stored"      // hauth login
	SourceInherited   Source = "inherited"   // a token in variables, without credentials
)

// Account is one account, opened. Its methods may be called by several
// goroutines.
type Account struct {
	Name   auth.Account
	Source Source

	client   *Client
	endpoint string
	api      string // base URL of the API, where the user named one
	stored   string // the name of the store
	keep     accountStore
	target   fleet.Target // of shared
	shared   *fleet.Store // keep, before which a fleet stands; nil: there is none
	broker   *broker.Broker
	provider func() (*providers.Provider, error) // reads the provider's file once, on demand
	login    bool                                // the credentials are new: they are being proven
	memory   memory
}

// accountStore is what a stored account's vault and the sealed cache have in
// common.
type accountStore interface {
	broker.Store
	broker.Attempts
	Delete(ctx context.Context) error
	StateFile(suffix string) string
}

// Token returns a token that satisfies want: from the cache if it can, else
// from the vendor, with one request for all processes that ask. An error for which
// auth.IsLost holds comes with a token; see [broker.Broker.Token].
func (a *Account) Token(ctx context.Context, want broker.Want) (broker.Result, error) {
	begun := a.memory.begin()
	result, err := a.broker.Token(ctx, want)
	if err != nil {
		return result, named(a.Name, err)
	}
	switch {
	case a.Source == SourceInherited:
		result.From = broker.FromEnvironment
	case a.shared != nil && a.shared.Adopted(result.Token):
		result.From = broker.FromFleet
	}
	if isNew(result) {
		a.memory.keep(result.Token, a.stamp(), begun) // this call has just written the file
	}
	return result, nil
}

// Provider describes the account's vendor.
func (a *Account) Provider() (*providers.Provider, error) {
	p, err := a.provider()
	return p, named(a.Name, err)
}

// Endpoint is the base URL that the account's credentials are sent to.
func (a *Account) Endpoint() string { return a.endpoint }

// Store is the name of the store that keeps the account's token; store.None if
// none does.
func (a *Account) Store() string { return a.stored }

// Credentials reads the account's credentials. For a stored account this opens
// its store, and may unlock a keyring.
func (a *Account) Credentials(ctx context.Context) (auth.Credentials, error) {
	creds, err := a.keep.Credentials(ctx)
	return creds, named(a.Name, err)
}

// LastToken is what is known of the account's token without opening a keyring:
// its times, and its value only where the credentials come from the
// environment. It is zero when there is no token.
func (a *Account) LastToken(ctx context.Context) auth.Token {
	if vault, ok := a.keep.(*store.Vault); ok {
		info := vault.Info()
		return auth.Token{IssuedAt: info.IssuedAt, ExpiresAt: info.ExpiresAt, Source: info.Source, CredentialID: info.CredentialID}
	}
	token, err := a.keep.Token(ctx)
	if err != nil {
		return auth.Token{}
	}
	return token
}

// LastAttempt is the last time that the account's credentials were sent to the
// vendor, if they are still the ones that were sent.
func (a *Account) LastAttempt() auth.Attempt {
	attempt, err := a.keep.LastAttempt()
	if err != nil {
		return auth.Attempt{}
	}
	return attempt
}

// Forget deletes what the account keeps: the token, and for a stored account
// the credentials. The vendor is not told.
func (a *Account) Forget(ctx context.Context) error {
	return named(a.Name, a.keep.Delete(ctx))
}

// Authorities are the files of further certificate authorities, beside the
// system's, that the account's vendor and API may be checked against.
func (a *Account) Authorities() []string {
	var files []string
	if own := a.ownAuthority(); own != "" {
		files = append(files, own)
	}
	if file := a.client.environ.Get("HAUTH_CA_FILE"); file != "" {
		files = append(files, file)
	}
	return files
}

// ownAuthority is the file that the account's login named.
func (a *Account) ownAuthority() string {
	if vault, ok := a.keep.(*store.Vault); ok {
		return vault.Info().CAFile
	}
	return ""
}

// Carry is how an API call carries the account's token. That is up to the
// provider's file, so a file that has changed since login is not used: it
// could send the token where its owner never agreed to.
func (a *Account) Carry(t auth.Token) (providers.Carried, error) {
	provider, err := a.Provider()
	if err != nil {
		return providers.Carried{}, err
	}
	if vault, ok := a.keep.(*store.Vault); ok && !provider.Accepts(vault.Info().SpecSHA256) {
		return providers.Carried{}, named(a.Name, &auth.Error{Kind: auth.Usage, Fact: "the provider file changed since login", Remedy: auth.RemedyReview})
	}
	carried, err := provider.Carry(t)
	return carried, named(a.Name, err)
}

// named puts the account's name on an error that names none.
func named(name auth.Account, err error) error {
	if err == nil {
		return nil
	}
	e, ok := auth.AsError(err)
	if !ok {
		return &auth.Error{Kind: auth.Internal, Account: name.String(), Fact: "unexpected failure", Err: err}
	}
	if e.Account != "" {
		return err
	}
	c := *e
	c.Account = name.String()
	return &c
}
