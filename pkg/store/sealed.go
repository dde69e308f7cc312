package store

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// SealedCache keeps the token of credentials that come from the environment.
// It has Vault's methods. What it keeps is encrypted with a key derived from
// the secret variables: who can open it already has what mints such tokens. A
// rotated secret, or another endpoint, gives another name and another key.
//
// It keeps nothing, and locks nothing, when there is no secret long enough to
// derive a key from, or when that was asked for.
type SealedCache struct {
	account auth.Account
	creds   auth.Credentials
	key     []byte // nil: nothing is kept
	weak    bool   // because the secret is too short
	now     func() time.Time
	sidecar
}

// OpenSealed opens the cache of creds, whose variables named in secretNames
// are the secret ones. Nothing is read yet. Credentials returns creds with
// the cache's name as their ID.
func OpenSealed(o Options, a auth.Account, creds auth.Credentials, secretNames []string) (*SealedCache, error) {
	if err := absolute(o.Dirs.Cache); err != nil {
		return nil, err
	}
	s := NewPrivate(creds)
	s.account = a
	s.notices.to = o.Notice
	if !strong(creds, secretNames) {
		s.weak = true
		return s, nil
	}
	name, key, err := deriveKey(a, creds, secretNames)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Account: a.String(), Fact: "the sealed cache has no key", Err: err}
	}
	s.creds.ID, s.key, s.now = name, key, o.now
	s.base = filepath.Join(o.Dirs.Sealed(), name)
	s.disk, s.takeover = o.disk, o.Takeover
	return s, nil
}

// privateID is the ID of credentials whose token is not kept: no name may be
// derived from a secret that is short enough to be guessed.
const privateID = "private"

// NewPrivate is a cache that keeps nothing, for HAUTH_STORE=none.
func NewPrivate(creds auth.Credentials) *SealedCache {
	creds.ID = privateID
	return &SealedCache{creds: creds, sidecar: sidecar{notices: &notices{}}}
}

// Shared reports whether anything is kept for other processes.
func (s *SealedCache) Shared() bool { return s.key != nil }

// Credentials are those from the environment.
func (s *SealedCache) Credentials(context.Context) (auth.Credentials, error) { return s.creds, nil }

// Token reads the sealed token: one file, no lock, no directory. Whatever is
// wrong with it is a miss, an error of kind NotFound; all but its absence is
// said in a notice, too.
func (s *SealedCache) Token(context.Context) (auth.Token, error) {
	if !s.Shared() {
		return auth.Token{}, &auth.Error{Kind: auth.NotFound, Fact: "no token is kept", Err: ErrNotFound}
	}
	t, err := s.read()
	if err == nil {
		return t, nil
	}
	of := "the sealed token of " + s.account.String()
	switch {
	case errors.Is(err, ErrNotFound):
	case errors.Is(err, ErrNewer):
		s.notices.notify(of + " was written by a newer hauth; ignoring it and leaving it in place")
	default:
		s.notices.notify(of + " is not used: " + err.Error())
	}
	return auth.Token{}, noToken(s.account, err)
}

func (s *SealedCache) read() (auth.Token, error) {
	file, err := disk.Read(disk.File{Path: s.base, Limit: maxSealed})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return auth.Token{}, ErrNotFound
	case err != nil:
		return auth.Token{}, text.WithoutPath(err)
	}
	data, err := unsealToken(s.key, file)
	if err != nil {
		return auth.Token{}, err
	}
	t, err := decodeToken(s.account, data)
	if err == nil && (t.Endpoint != s.creds.Endpoint || t.CredentialID != s.creds.ID) {
		err = ErrNotFound
	}
	return t, err
}

// SaveGrant seals the grant's token. Where nothing is kept it succeeds, with
// one notice if the reason is a short secret. A file of a newer version is not
// replaced. Rotated credentials are an error: the environment cannot keep
// them.
func (s *SealedCache) SaveGrant(_ context.Context, g auth.Grant) error {
	if g.Rotated != nil {
		return &auth.Error{Kind: auth.Store, Account: s.account.String(), Fact: "the vendor replaced the credentials, and the environment cannot keep the new ones", Remedy: auth.RemedyLogin}
	}
	t := g.Token
	if !s.Shared() {
		if s.weak {
			s.notices.notify("the secret of " + s.account.String() + " is shorter than 16 bytes: its token is not kept for the next call")
		}
		return nil
	}
	if t.Endpoint != s.creds.Endpoint || t.CredentialID != s.creds.ID {
		return &auth.Error{Kind: auth.Internal, Account: s.account.String(), Fact: "the token was given for other credentials"}
	}
	data, err := encodeToken(s.account, t)
	if err != nil {
		return err
	}
	if _, err := s.read(); errors.Is(err, ErrNewer) {
		return &auth.Error{Kind: auth.Store, Account: s.account.String(), Fact: "refusing to replace the sealed token", Err: ErrNewer, Remedy: auth.RemedyUpdate, Subject: s.base}
	}
	file, err := sealToken(s.key, t.ExpiresAt, data)
	if err != nil {
		return err
	}
	if err := s.disk.Write(s.base, file); err != nil {
		return err
	}
	sweepSealed(s.disk, filepath.Dir(s.base), s.now())
	return nil
}

// Delete forgets the sealed token and the attempts; the lock file stays.
func (s *SealedCache) Delete(context.Context) error {
	if !s.Shared() {
		return nil
	}
	if err := s.disk.Remove(s.base); err != nil {
		return err
	}
	return s.clearAttempt()
}

// Lock is Vault.Lock; where nothing is kept there is nothing to wait for.
func (s *SealedCache) Lock(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	if !s.Shared() {
		return func() {}, ctx.Err()
	}
	return s.lock(ctx, wait)
}

// LastAttempt is Vault.LastAttempt.
func (s *SealedCache) LastAttempt() (auth.Attempt, error) {
	if !s.Shared() {
		return auth.Attempt{}, nil
	}
	return s.lastAttempt(s.account)
}

// SaveAttempt is Vault.SaveAttempt.
func (s *SealedCache) SaveAttempt(a auth.Attempt) error {
	if !s.Shared() {
		return nil
	}
	return s.saveAttempt(a)
}
