package hauth

import (
	"strings"
	"sync"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

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
			c.tellHomeless(a)
			err = a.openEnvironment(creds)
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
	return a.joinFleet(vault.Info().Fleet, false)
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
		sealed, err = store.OpenSealed(a.client.storeOptions(a.Name), a.Name, creds, secrets)
		if err != nil {
			return err
		}
	}
	a.Source, a.stored, a.endpoint, a.api, a.keep = SourceEnvironment, store.Sealed, creds.Endpoint, creds.API, sealed
	if !sealed.Shared() {
		a.stored = store.None
	}
	a.broker = a.newBroker()
	return a.joinFleet(a.client.environ.Get("HAUTH_FLEET"), true)
}

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
	switch {
	case c.removedByExec(a.Name):
		explained.Fact, explained.Err = "not logged in, and hauth exec removed the credentials from this environment", store.ErrNotFound
		explained.Remedy = auth.RemedyOutside
	case len(missing) > 0:
		explained.Remedy, explained.Subject = auth.RemedySet, strings.Join(missing, ", ")
	}
	return &explained
}
