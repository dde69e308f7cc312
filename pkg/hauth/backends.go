package hauth

import (
	"fmt"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
	"github.com/hauth/hauth/pkg/store/keyring"
)

// Backends are the stores that a login can choose, as they are used for
// account. The first is the default.
func (c *Client) Backends(account auth.Account) []store.Named {
	c.setUp()
	all := []store.Named{
		{Name: store.Keyring, Title: "the OS keyring", Open: func() (store.Backend, error) {
			return keyring.New(c.KeyringOptions(account))
		}},
		{Name: store.File, Title: "an encrypted file", Open: func() (store.Backend, error) {
			return store.NewFile(c.dirs, c.environ.Get)
		}},
	}
	if c.Backend != nil {
		for i, b := range all {
			all[i].Open = func() (store.Backend, error) { return c.Backend(b.Name) }
		}
	}
	return all
}

// OpenBackend opens the store of that name, as it is used for account.
func (c *Client) OpenBackend(account auth.Account, name string) (store.Backend, error) {
	for _, b := range c.Backends(account) {
		if b.Name == name {
			return b.Open()
		}
	}
	return nil, &auth.Error{Kind: auth.Store, Fact: fmt.Sprintf("unknown store %q", auth.Printable(name))}
}

// StoreTitle is what the store of that name is, for people: "the OS keyring".
func (c *Client) StoreTitle(name string) string {
	for _, b := range c.Backends(auth.Account{}) {
		if b.Name == name {
			return b.Title
		}
	}
	return name
}

// KeyringOptions are what the client opens the OS keyring with.
func (c *Client) KeyringOptions(account auth.Account) keyring.Options {
	c.setUp()
	return keyring.Options{
		Attended: c.Attended != nil && c.Attended(),
		Now:      c.Now,
		Notice:   c.noticeFor(account),
		Getenv:   c.environ.Get,
		BlobDir:  c.dirs.Blobs(),
	}
}
