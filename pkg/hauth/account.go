package hauth

import (
	"context"
	"strings"
	"sync"
	"time"

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

// Open finds an account, which is written PROVIDER[/PROFILE]: its credentials
// in the environment first, then the stored account, then an inherited token.
// No keyring is opened and no vendor asked yet. An account that is found
// nowhere is an error of kind NotFound.
func (c *Client) Open(account string) (*Account, error) {
	name, err := auth.ParseAccount(account)
	if err != nil {
		return nil, err
	}
	c.setUp()
	a := c.account(name)
	creds, found, missing, err := c.environmentCredentials(a)
	if err == nil {
		switch {
		case auth.Is(c.dirsErr, auth.Usage):
			err = c.dirsErr // a wrong HAUTH_HOME is never passed over
		case found:
			if err = a.openEnvironment(creds); err == nil {
				c.tellHomeless(a)
			}
		case c.dirsErr != nil:
			err = c.dirsErr
		default:
			err = a.openStored()
		}
	}
	if err != nil && !found && c.openInherited(a) {
		err = nil
	}
	if err != nil {
		return nil, named(name, c.explain(a, err, missing))
	}
	return a, nil
}

// OpenListed is Open for an account that [Client.List] has just read.
func (c *Client) OpenListed(info store.Info) (*Account, error) {
	c.setUp()
	if c.HasEnvironment(info.Account) {
		return c.Open(info.Account.String())
	}
	a := c.account(info.Account)
	a.useVault(store.OpenListed(c.storeOptions(info.Account), info))
	if err := a.joinFleet(info.Fleet, false); err != nil {
		return nil, named(info.Account, err)
	}
	return a, nil
}

// OpenStored opens the stored account, whatever the environment holds.
func (c *Client) OpenStored(name auth.Account) (*Account, error) {
	c.setUp()
	if c.dirsErr != nil {
		return nil, named(name, c.dirsErr)
	}
	a := c.account(name)
	if err := a.openStored(); err != nil {
		return nil, named(name, err)
	}
	return a, nil
}

func (c *Client) account(name auth.Account) *Account {
	return &Account{
		Name: name, client: c,
		provider: sync.OnceValues(func() (*providers.Provider, error) { return c.Catalogue().Find(name.Provider) }),
	}
}

func (a *Account) openStored() error {
	vault, err := store.Open(a.client.storeOptions(a.Name), a.Name)
	if err != nil {
		return err
	}
	a.useVault(vault)
	if err := a.joinFleet(vault.Info().Fleet, false); err != nil {
		return err
	}
	a.broker = a.newBroker()
	return nil
}

func (a *Account) useVault(vault *store.Vault) {
	info := vault.Info()
	a.Source, a.stored, a.endpoint, a.api, a.keep = SourceStored, info.Store, info.Endpoint, info.API, vault
	a.broker = a.newBroker()
}

func (a *Account) openEnvironment(creds auth.Credentials) error {
	provider, err := a.provider()
	if err != nil {
		return err
	}
	if provider.Limits.Rotates && a.client.environ.Get("HAUTH_FLEET") == "" {
		return &auth.Error{
			Kind: auth.Usage, Fact: "this vendor replaces the credentials with each token, and the environment cannot keep the new ones",
			Remedy: auth.RemedyKeep,
		}
	}
	sealed := store.NewPrivate(creds)
	if a.client.dirs.Cache != "" && a.client.environ.Get("HAUTH_STORE") != store.None {
		var secrets []string
		for _, v := range provider.SecretVars() {
			secrets = append(secrets, v.Name)
		}
		if sealed, err = store.OpenSealed(a.client.storeOptions(a.Name), a.Name, creds, secrets); err != nil {
			return err
		}
	}
	a.Source, a.stored, a.endpoint, a.api, a.keep = SourceEnvironment, store.Sealed, creds.Endpoint, creds.API, sealed
	if !sealed.Shared() {
		a.stored = store.None
	}
	if err := a.joinFleet(a.client.environ.Get("HAUTH_FLEET"), true); err != nil {
		return err
	}
	a.broker = a.newBroker()
	return nil
}

// factRemoved is what an account lacks inside hauth exec.
const factRemoved = "hauth exec removed the credentials from this environment"

// explain says why an account was not found: what its credentials in the
// environment lack, that an outer hauth removed them, or that there is no such
// provider.
func (c *Client) explain(a *Account, err error, missing []string) error {
	if !auth.Is(err, auth.NotFound) {
		return err
	}
	if _, unknown := a.provider(); unknown != nil {
		return unknown // a mistyped provider is the likelier reason
	}
	e, ok := auth.AsError(err)
	if !ok {
		return err
	}
	explained := *e
	unusable := c.unusableToken(a.Name)
	switch {
	case c.removedByExec(a.Name):
		explained.Fact, explained.Err = "not logged in, and "+factRemoved, nil
		if unusable != "" {
			explained.Fact += "; " + unusable
		}
		explained.Remedy = auth.RemedyOutside
	case len(missing) > 0:
		explained.Remedy, explained.Subject = auth.RemedySet, strings.Join(missing, ", ")
	case unusable != "":
		explained.Fact, explained.Err = "not logged in, and "+unusable, nil
	}
	return &explained
}

// Token returns a token that satisfies want: from the cache if it can, else
// from the vendor, with one request for all processes that ask.
func (a *Account) Token(ctx context.Context, want broker.Want) (broker.Result, error) {
	result, err := a.broker.Token(ctx, want)
	if err != nil {
		return broker.Result{}, named(a.Name, err)
	}
	switch {
	case a.Source == SourceInherited:
		result.From = broker.FromEnvironment
	case a.shared != nil && a.shared.Adopted(result.Token):
		result.From = broker.FromFleet
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
// provider's file, so a file that has changed since login is not asked: it
// could put the token where its owner never agreed to.
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

// newBroker puts a broker before the account's store.
func (a *Account) newBroker() *broker.Broker {
	c := a.client
	var kept broker.Store = a.keep
	var attempts broker.Attempts = a.keep
	if a.shared != nil {
		kept, attempts = a.shared, a.shared
	}
	b := &broker.Broker{
		Store:    announced{kept, a},
		Attempts: attempts,
		Exchanger: func() (broker.Exchanger, auth.Limits, error) {
			provider, err := a.provider()
			if err != nil {
				return nil, auth.Limits{}, err
			}
			return exchanger{a, provider}, provider.Limits, nil
		},
		Now:     c.Now,
		Notice:  c.noticeFor(a.Name),
		Timeout: c.timeout(),
	}
	if c.timeout() < MaxTimeout {
		b.LockWait = c.timeout() // too short to take over from a stopped holder: the wait ends in an error
	}
	return b
}

// announced tells the client when the account begins to wait for another
// process.
type announced struct {
	broker.Store
	account *Account
}

func (s announced) Lock(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	if wait > 0 {
		defer s.account.waiting(false)()
	}
	return s.Store.Lock(ctx, wait)
}

// Prove implements broker.Prover for stores that do.
func (s announced) Prove(ctx context.Context) error {
	if p, ok := s.Store.(broker.Prover); ok {
		return p.Prove(ctx)
	}
	if p, ok := s.account.keep.(broker.Prover); ok {
		return p.Prove(ctx)
	}
	return nil
}

// exchanger fetches tokens for the account and tells the client about it.
type exchanger struct {
	account  *Account
	provider *providers.Provider
}

func (x exchanger) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	defer x.account.waiting(true)()
	engine := x.account.client.engine(x.account.Name, x.provider)
	engine.Login = x.account.login
	if old, err := x.account.keep.Token(ctx); err == nil {
		engine.Hide = append(engine.Hide, old.Value) // a vendor may name the token that it gave before
		if skew := old.VendorAt.Sub(old.IssuedAt); !old.VendorAt.IsZero() && skew.Abs() > minSkew {
			engine.ClockSkew = skew
		}
	}
	return engine.Exchange(ctx, creds)
}

// minSkew is from where on the difference between the vendor's clock and this
// machine's counts for what is signed; less is the time that a request takes.
const minSkew = 30 * time.Second

func (a *Account) waiting(vendor bool) (ended func()) {
	if a.client.Waiting == nil {
		return func() {}
	}
	return a.client.Waiting(Wait{Account: a.Name.String(), Vendor: vendor})
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
