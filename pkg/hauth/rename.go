package hauth

import (
	"context"
	"fmt"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// Rename moves a stored account to another name of the same provider, with its
// credentials, its token and the store that it is pinned to. Nothing is
// deleted under the old name until everything is stored under the new one.
func (c *Client) Rename(ctx context.Context, from, to auth.Account) error {
	if from.Provider != to.Provider {
		return named(from, &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("cannot rename to %s: that is another provider", to)})
	}
	if from == to {
		return named(from, &auth.Error{Kind: auth.Usage, Fact: "the account already has this name"})
	}
	old, err := c.OpenStored(from)
	if err != nil {
		return err
	}
	if _, err := c.OpenStored(to); !auth.Is(err, auth.NotFound) {
		if err == nil {
			err = &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("cannot rename to %s: that account already exists", to)}
		}
		return named(from, err)
	}
	unlock, err := old.broker.Lock(ctx)
	if err != nil {
		return named(from, err)
	}
	defer unlock()
	creds, err := old.keep.Credentials(ctx)
	if err != nil {
		return named(from, err)
	}
	token, err := old.keep.Token(ctx)
	if err != nil && !auth.Is(err, auth.NotFound) {
		return named(from, err)
	}
	if err := c.save(ctx, to, old.stored, creds, token); err != nil {
		return named(from, err)
	}
	return named(from, old.keep.Delete(ctx))
}

// save stores credentials and a token, which may be zero, as a login does.
func (c *Client) save(ctx context.Context, name auth.Account, storeName string, creds auth.Credentials, token auth.Token) error {
	vault, err := store.Create(ctx, c.storeOptions(name), name, storeName)
	if err != nil {
		return err
	}
	a := c.account(name)
	a.useVault(vault)
	unlock, err := a.broker.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return vault.SaveLogin(ctx, creds, token)
}
