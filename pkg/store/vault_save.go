package store

import (
	"context"
	"errors"
	"slices"

	"github.com/hauth/hauth/pkg/auth"
)

// SaveToken writes the token record and then the account file. It refuses to
// replace a record of a newer version, and to bring back an account that was
// logged out, or logged in anew with other credentials, while the token was
// fetched.
func (v *Vault) SaveToken(ctx context.Context, t auth.Token) error {
	info, err := v.reload()
	if err != nil {
		return err
	}
	b, err := v.store(info.Store)
	if err != nil {
		return err
	}
	if err := v.belongs(ctx, b, info, t); err != nil {
		return err
	}
	data, err := encodeToken(v.account, t)
	if err != nil {
		return err
	}
	if _, err := v.replaceable(ctx, b, ItemToken); err != nil {
		return err
	}
	if err := b.Set(ctx, v.key(ItemToken), data); err != nil {
		return err
	}
	was, left := info.Store, false
	sameLogin := []string{info.CredentialID, t.CredentialID}
	info.Endpoint, info.CredentialID = t.Endpoint, t.CredentialID
	err = v.saveInfoIf(v.withToken(info, t), func() error {
		// The lock does not keep out a login or logout on another host that
		// shares the home, nor one that has waited for the lock in vain.
		now, err := ReadInfo(v.o.Dirs, v.account)
		switch {
		case err != nil:
			left = auth.Is(err, auth.NotFound)
			return err
		case now.Store != was:
			left = true
			return v.notKept(nil)
		case !slices.Contains(sameLogin, now.CredentialID):
			return v.notKept(nil) // the record may already be the new login's
		}
		return nil
	})
	if left {
		b.Delete(context.WithoutCancel(ctx), v.key(ItemToken))
	}
	return err
}

// belongs reports whether t came from the credentials that the account has
// now. They are read only when the account file does not settle it: a login
// that was killed between the credentials and the account file leaves the
// latter behind, and the next token brings it up to date.
func (v *Vault) belongs(ctx context.Context, b Backend, info Info, t auth.Token) error {
	if t.CredentialID == info.CredentialID && t.Endpoint == info.Endpoint {
		return nil
	}
	c, err := v.credentials(ctx, b)
	if err == nil && c.ID == t.CredentialID && c.Endpoint == t.Endpoint {
		return nil
	}
	return v.notKept(err)
}

func (v *Vault) notKept(cause error) error {
	return &auth.Error{
		Kind: auth.Store, Account: v.account.String(),
		Op: "the token is not kept: it was given for other credentials than the stored ones", Err: cause,
		Hint: "run: hauth refresh " + v.account.String(),
	}
}

// replaceable returns what is stored, nil if there is nothing, unless it is a
// record of a newer version.
func (v *Vault) replaceable(ctx context.Context, b Backend, item Item) ([]byte, error) {
	data, err := b.Get(ctx, v.key(item))
	if err == nil {
		var version struct {
			V int `json:"v"`
		}
		err = decode(data, maxRecord, &version, &version.V)
	}
	switch {
	case errors.Is(err, ErrNewer):
		return nil, &auth.Error{
			Kind: auth.Store, Account: v.account.String(),
			Op: "a stored record is not replaced", Err: ErrNewer,
			Hint: "update hauth, or run: hauth logout " + v.account.String(),
		}
	case errors.Is(err, ErrUnreadable), auth.Is(err, auth.NotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return data, nil
}

func (v *Vault) withToken(info Info, t auth.Token) Info {
	info.IssuedAt, info.ExpiresAt, info.Source = utc(t.IssuedAt), utc(t.ExpiresAt), t.Source
	info.LastRefresh = utc(v.o.now())
	return info
}

func (v *Vault) saveInfo(info Info) error { return v.saveInfoIf(info, nil) }

func (v *Vault) saveInfoIf(info Info, still func() error) error {
	data, err := encodeInfo(info)
	if err != nil {
		return err
	}
	if err := v.o.disk.writeIf(v.o.Dirs.AccountFile(v.account), data, still); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.info = info
	return nil
}
