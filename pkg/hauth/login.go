package hauth

import (
	"context"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// Login is a login in progress, with a store that is known to be writable.
type Login struct {
	account *Account
	vault   *store.Vault
}

// BeginLogin opens the named store for a login to provider, and proves that it
// can be written before any vendor is asked. Nothing about the account changes
// yet.
func (c *Client) BeginLogin(ctx context.Context, name auth.Account, provider *providers.Provider, storeName string) (*Login, error) {
	c.setUp()
	if c.dirsErr != nil {
		return nil, named(name, c.dirsErr)
	}
	vault, err := store.Create(ctx, c.storeOptions(name), name, storeName)
	if err != nil {
		return nil, named(name, err)
	}
	a := c.account(name)
	a.provider = func() (*providers.Provider, error) { return provider, nil }
	a.login = true
	a.useVault(vault)
	return &Login{a, vault}, nil
}

// Complete proves creds by fetching one token with them, then stores both. If
// the vendor refuses, what was stored before stays as it was. With verify
// false the vendor is not asked, and the token is zero. Where creds name a
// fleet, a token that it already has is proof enough, and the new token is
// shared through it.
func (l *Login) Complete(ctx context.Context, creds auth.Credentials, verify bool) (auth.Token, store.Info, error) {
	token, err := l.complete(ctx, creds, verify)
	return token, l.vault.Info(), named(l.account.Name, err)
}

func (l *Login) complete(ctx context.Context, creds auth.Credentials, verify bool) (auth.Token, error) {
	if creds.Fleet == "" {
		return l.account.broker.Login(ctx, l.vault, creds, verify)
	}
	shared, err := l.openRecord(creds)
	if err != nil {
		return auth.Token{}, err
	}
	creds = shared.creds
	if !verify {
		return l.account.broker.Login(ctx, l.vault, creds, false)
	}
	grant, found, err := l.fromFleet(ctx, shared)
	switch {
	case err != nil:
		return auth.Token{}, err
	case found:
		if grant.Rotated != nil {
			creds = *grant.Rotated
		}
		return grant.Token, l.save(ctx, creds, grant.Token)
	}
	token, err := l.account.broker.Login(ctx, l.vault, creds, true)
	if err != nil {
		return token, err
	}
	if err := l.account.joinFleet(creds.Fleet, false); err != nil {
		return token, err
	}
	if err := l.account.shared.Share(ctx); err != nil {
		l.account.client.notice(l.account.Name, "the token could not be shared: %s", auth.Message(err))
	}
	return token, nil
}

// save stores credentials that another machine has verified.
func (l *Login) save(ctx context.Context, creds auth.Credentials, token auth.Token) error {
	unlock, err := l.account.broker.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return l.vault.SaveLogin(ctx, creds, token)
}

// MakeKey makes the key of the encrypted file store, if none exists yet and no
// variable names one. It returns the key's path; empty if none was made.
func (c *Client) MakeKey() (path string, err error) {
	c.setUp()
	if c.dirsErr != nil {
		return "", c.dirsErr
	}
	return store.MakeIdentity(c.dirs, c.environ.Get)
}

// Logout deletes what is stored of an account, under its lock, so that a
// refresh in progress cannot bring the account back. It also deletes what an
// interrupted login or logout has left.
func (c *Client) Logout(ctx context.Context, name auth.Account) error {
	c.setUp()
	if c.dirsErr != nil {
		return named(name, c.dirsErr)
	}
	vault, err := store.OpenToDelete(c.storeOptions(name), name)
	if err != nil {
		return named(name, err)
	}
	a := c.account(name)
	a.useVault(vault)
	unlock, err := a.broker.Lock(ctx)
	if err != nil {
		return named(name, err)
	}
	defer unlock()
	return named(name, vault.Delete(ctx))
}
