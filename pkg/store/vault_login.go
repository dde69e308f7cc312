package store

import (
	"context"
	"errors"

	"github.com/hauth/hauth/pkg/auth"
)

// SaveLogin stores what a login gave, in the backend that Create opened (or
// else the one that the account is pinned to): credentials, token, account
// file, in this order. Writing the account file is what makes another backend
// the account's. After a failure the previous state is restored; ctx ends the
// reading of that, but not the writing, which is short. T is zero if the
// credentials were not tried.
//
// Afterwards the records of a backend that the account was pinned to before
// are deleted (of every other one, if a damaged account file does not tell),
// and so are the attempts; what fails there is a notice.
func (v *Vault) SaveLogin(ctx context.Context, c auth.Credentials, t auth.Token) error {
	if c.ID == "" || c.Endpoint == "" {
		return &auth.Error{Kind: auth.Internal, Account: v.account.String(), Fact: "the credentials have no id or no endpoint"}
	}
	was, err := v.o.readAnyInfo(v.account)
	first, damaged := auth.Is(err, auth.NotFound), errors.Is(err, ErrUnreadable)
	if err != nil && !first && !damaged {
		return err
	}
	target := v.target
	if target == "" {
		target = was.Store
	}
	b, err := v.store(target)
	if err != nil {
		return err
	}
	if first {
		// If this login is interrupted, a logout finds what it has left.
		if err := v.saveInfo(Info{Account: v.account, Store: target, Endpoint: c.Endpoint, CredentialID: c.ID, incomplete: true}); err != nil {
			return err
		}
	}
	if err := v.saveRecords(ctx, b, was, target, c, t); err != nil {
		if first {
			v.Delete(context.WithoutCancel(ctx))
		}
		return err
	}
	for _, b := range v.o.Backends {
		if b.Name != target && (damaged || b.Name == was.Store) {
			v.sweep(context.WithoutCancel(ctx), b.Name, damaged)
		}
	}
	if err := v.sidecar().clearAttempt(); err != nil {
		v.notices.notify(err.Error())
	}
	return nil
}

func (v *Vault) saveRecords(ctx context.Context, b Backend, was Info, target string, c auth.Credentials, t auth.Token) error {
	saved := savedCredentials{c, utc(v.o.now())}
	info := Info{Account: v.account, Store: target, CreatedAt: was.CreatedAt}.withCredentials(saved)
	if info.CreatedAt.IsZero() {
		info.CreatedAt = saved.at
	}
	credentials, err := encodeCredentials(v.account, saved)
	if err != nil {
		return err
	}
	var token []byte
	if !t.Value.IsEmpty() {
		t.Endpoint, t.CredentialID = c.Endpoint, c.ID
		if token, err = encodeToken(v.account, t); err != nil {
			return err
		}
		info = v.withToken(info, t)
	}
	oldCredentials, err := v.replaceable(ctx, b, ItemCredentials)
	if err != nil {
		return err
	}
	oldToken, err := v.replaceable(ctx, b, ItemToken)
	if err != nil {
		return err
	}

	// What is half written must be completed or undone. A step that failed
	// may have failed after its commit.
	ctx = context.WithoutCancel(ctx)
	if err := b.Set(ctx, v.key(ItemCredentials), credentials); err != nil {
		v.put(ctx, b, ItemCredentials, oldCredentials)
		return err
	}
	err = v.put(ctx, b, ItemToken, token)
	if err == nil {
		err = v.saveInfo(info)
	}
	if err != nil {
		v.put(ctx, b, ItemToken, oldToken)
		v.put(ctx, b, ItemCredentials, oldCredentials)
	}
	return err
}

// put makes data the record; nil deletes it.
func (v *Vault) put(ctx context.Context, b Backend, item Item, data []byte) error {
	if data == nil {
		return b.Delete(ctx, v.key(item))
	}
	return b.Set(ctx, v.key(item), data)
}
