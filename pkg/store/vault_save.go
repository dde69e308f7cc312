package store

import (
	"context"
	"errors"
	"maps"

	"github.com/hauth/hauth/pkg/auth"
)

// SaveGrant writes the rotated credentials, where there are any, then the
// token record and then the account file. An error of the first is auth.Lost's;
// after one of the others the account still works. It refuses to replace a record of a
// newer version, and to bring back an account that was logged out, or logged
// in again with other credentials, while the token was fetched.
func (v *Vault) SaveGrant(ctx context.Context, g auth.Grant) error {
	info, err := v.reload()
	var b Backend
	if err == nil {
		b, err = v.store(info.Store)
	}
	switch {
	case err != nil && g.Rotated != nil && !auth.Is(err, auth.NotFound): // who logged out wants nothing back
		return auth.Lost(err)
	case err != nil:
		return err
	}
	if g.Rotated != nil {
		if err := v.saveRotated(ctx, b, *g.Rotated); err != nil || g.Token.Value.IsEmpty() {
			return err
		}
	}
	t := g.Token
	was := info
	if info, err = v.ownerOf(ctx, b, info, t); err != nil {
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
	left := false
	err = v.saveInfoIf(v.withToken(info, t), func() error {
		// The lock does not exclude a login or logout on another host that
		// shares the home directory, nor one that could not get the lock.
		now, err := v.o.readInfo(v.account)
		switch {
		case err != nil:
			left = auth.Is(err, auth.NotFound)
			return err
		case now.Store != was.Store:
			left = true
			return v.notSaved(nil)
		case now.CredentialID != was.CredentialID && now.CredentialID != t.CredentialID:
			return v.notSaved(nil) // the record may already be the new login's
		}
		return nil
	})
	if left {
		b.Delete(context.WithoutCancel(ctx), v.key(ItemToken))
	}
	return err
}

// Prove reports, as an error, that a grant could not be saved: it writes and
// deletes a record of its own, and a file beside the account file. The record is
// twice as large as those that there are, for a disk that is almost full.
func (v *Vault) Prove(ctx context.Context) error {
	name := v.target // of a login
	if name == "" {
		name = v.Info().Store
	}
	b, err := v.store(name)
	if err != nil {
		return err
	}
	size := minProof
	for _, item := range []Item{ItemCredentials, ItemToken} {
		if data, err := b.Get(ctx, v.key(item)); err == nil { // whoever needs the record has seen why it cannot be read
			size = max(size, min(2*len(data), MaxRecord))
		}
	}
	if _, err := probe(ctx, b, size); err != nil {
		return err
	}
	return v.proveAccountFile()
}

// minProof is, in bytes, what a record of credentials needs at a first login. A
// keyring takes it as it is.
const minProof = 2000

// saveRotated replaces the stored credentials by those that the vendor gave
// for them, unless another login has replaced them meanwhile.
func (v *Vault) saveRotated(ctx context.Context, b Backend, c auth.Credentials) error {
	data, err := encodeCredentials(v.account, savedCredentials{c, utc(v.o.now())})
	if err != nil {
		return auth.Lost(err)
	}
	stored, err := v.credentials(ctx, b)
	switch {
	case auth.Is(err, auth.NotFound): // a logout on another host
		return err
	case err != nil && !errors.Is(err, ErrUnreadable):
		return auth.Lost(err)
	case err == nil && stored.ID != c.ID:
		return v.notSaved(nil)
	}
	err = b.Set(ctx, v.key(ItemCredentials), data)
	if err == nil {
		return nil
	}
	// What failed may have failed after its commit.
	if there, readErr := v.credentials(ctx, b); readErr == nil && maps.EqualFunc(there.Vars, c.Vars, auth.Secret.Equal) {
		return nil
	}
	return auth.Lost(err)
}

// ownerOf is info, if t came from the credentials that it names, and else info
// for those that the account has now: a login that was killed after it wrote the
// credentials leaves an outdated account file, which saving the next token
// updates. A token of other credentials is an error.
func (v *Vault) ownerOf(ctx context.Context, b Backend, info Info, t auth.Token) (Info, error) {
	if t.CredentialID == info.CredentialID && t.Endpoint == info.Endpoint {
		return info, nil
	}
	c, err := v.credentials(ctx, b)
	if err != nil || info.supersedes(c) || c.ID != t.CredentialID || c.Endpoint != t.Endpoint {
		return Info{}, v.notSaved(err)
	}
	return info.withCredentials(c), nil
}

func (v *Vault) notSaved(cause error) error {
	return &auth.Error{
		Kind: auth.Store, Account: v.account.String(),
		Fact: "token not saved: the account's credentials have changed in the meantime", Err: cause,
		Remedy: auth.RemedyRefresh,
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
		err = decode(data, MaxRecord, &version, &version.V)
	}
	switch {
	case errors.Is(err, ErrNewer):
		return nil, &auth.Error{
			Kind: auth.Store, Account: v.account.String(),
			Fact: "refusing to replace a stored record", Err: ErrNewer,
			Remedy: auth.RemedyUpdate,
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
	return info
}

func (v *Vault) saveInfo(info Info) error { return v.saveInfoIf(info, nil) }

func (v *Vault) saveInfoIf(info Info, precheck func() error) error {
	data, err := encodeInfo(info)
	if err != nil {
		return err
	}
	if err := v.o.disk.WriteIf(v.o.Dirs.AccountFile(v.account), data, precheck); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.info = info
	return nil
}
