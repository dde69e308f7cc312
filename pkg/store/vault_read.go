package store

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
)

// Token reads the token record. The error is of kind NotFound when there is
// none that this account can use: it is absent, or damaged or of a newer
// version (both with a notice), or belongs to another login. A backend that
// fails is of kind Store, never NotFound.
func (v *Vault) Token(ctx context.Context) (auth.Token, error) {
	info := v.Info()
	if info.Store == "" {
		return auth.Token{}, notLoggedIn(v.account)
	}
	t, err := v.token(ctx, info)
	if !auth.Is(err, auth.NotFound) {
		return t, err
	}
	// A login may have replaced both the record and the account file since
	// the latter was read.
	now, reloadErr := v.reload()
	switch {
	case reloadErr != nil:
		return auth.Token{}, reloadErr
	case now.Store == info.Store && now.Endpoint == info.Endpoint && now.CredentialID == info.CredentialID:
		return auth.Token{}, err
	}
	return v.token(ctx, now)
}

func (v *Vault) token(ctx context.Context, info Info) (auth.Token, error) {
	b, err := v.store(info.Store)
	if err != nil {
		return auth.Token{}, err
	}
	data, err := b.Get(ctx, v.key(ItemToken))
	var t auth.Token
	if err == nil {
		t, err = decodeToken(v.account, data)
	}
	switch {
	case errors.Is(err, ErrNewer):
		v.notices.notify("the stored token was written by a newer version of hauth; ignoring it and leaving it in place")
	case errors.Is(err, ErrUnreadable):
		v.notices.notify("ignoring the stored token: " + auth.Message(err))
	case err != nil && !auth.Is(err, auth.NotFound):
		return auth.Token{}, err
	case err != nil:
	case t.Endpoint != info.Endpoint || t.CredentialID != info.CredentialID:
		err = ErrNotFound
	default:
		v.seen.see(t.Value)
		return t, nil
	}
	return auth.Token{}, noToken(v.account, err)
}

func noToken(a auth.Account, cause error) error {
	return &auth.Error{Kind: auth.NotFound, Account: a.String(), Fact: "no stored token", Err: cause, Remedy: auth.RemedyRefresh}
}

// Credentials reads the credentials record from the store to which the
// account is pinned now. Without an account file the error is of kind NotFound;
// any other defect is of kind Store, and so is a missing record: according to
// the account file it exists.
func (v *Vault) Credentials(ctx context.Context) (auth.Credentials, error) {
	info, err := v.reload()
	if err != nil {
		return auth.Credentials{}, err
	}
	b, err := v.store(info.Store)
	if err != nil {
		return auth.Credentials{}, err
	}
	c, err := v.credentials(ctx, b)
	if err == nil && info.supersedes(c) {
		// A login may have replaced both since the account file was read.
		if info, err = v.reload(); err != nil {
			return auth.Credentials{}, err
		}
		if b, err = v.store(info.Store); err != nil {
			return auth.Credentials{}, err
		}
		c, err = v.credentials(ctx, b)
		if err == nil && info.supersedes(c) {
			return auth.Credentials{}, v.badCredentials(info, "refusing to use the credentials in", reason{"they are from an earlier login than the account file", ErrUnreadable})
		}
	}
	switch e, isAuth := auth.AsError(err); {
	case err == nil:
		return c.Credentials, nil
	case isAuth && e.Kind != auth.NotFound:
		return auth.Credentials{}, err
	case isAuth:
		// Another host may be logging out.
		if _, err := v.reload(); err != nil {
			return auth.Credentials{}, err
		}
		return auth.Credentials{}, v.badCredentials(info, "the credentials are missing from", ErrNotFound)
	}
	return auth.Credentials{}, v.badCredentials(info, "cannot read the credentials in", err)
}

func (v *Vault) credentials(ctx context.Context, b Backend) (savedCredentials, error) {
	data, err := b.Get(ctx, v.key(ItemCredentials))
	if err != nil {
		return savedCredentials{}, err
	}
	c, err := decodeCredentials(v.account, data)
	for _, value := range c.Vars {
		if len(value.Reveal()) >= minSecret { // only the provider knows which ones are secret
			v.seen.see(value)
		}
	}
	return c, err
}

func (v *Vault) badCredentials(info Info, fact string, cause error) error {
	remedy := auth.RemedyLogin
	if errors.Is(cause, ErrNewer) {
		remedy = auth.RemedyUpdate
	}
	return &auth.Error{Kind: auth.Store, Account: v.account.String(), Fact: fact + " the store " + info.Store, Err: cause, Remedy: remedy}
}
