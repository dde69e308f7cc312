package store

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// SealedCache stores the token of credentials that come from the environment.
// It has Vault's methods. The token is encrypted with a key derived from the
// secret variables: whoever can decrypt it can request such tokens anyway. A
// rotated secret, or another endpoint, gives another name and another key.
//
// It stores nothing, and locks nothing, when no secret is long enough to derive
// a key from, when its directory cannot be used, or when NewPrivate made it.
type SealedCache struct {
	account    auth.Account
	creds      auth.Credentials
	secretVars []auth.Secret // those of creds
	key        []byte        // nil: nothing is stored
	weak       bool          // no secret is long enough
	now        func() time.Time
	sidecar

	mu   sync.Mutex
	lost time.Time // when the directory was found unusable; zero: it is usable
}

// OpenSealed opens the cache of creds, whose variables named in secretNames
// are the secret ones. Nothing is read yet. Credentials returns creds with the
// cache's name as their ID. A directory that cannot be used is a notice, not an
// error; one that is not set to an absolute path is an error.
func OpenSealed(o Options, a auth.Account, creds auth.Credentials, secretNames []string) (*SealedCache, error) {
	if !filepath.IsAbs(o.Dirs.Cache) {
		return nil, checkDirs(o.Dirs.Cache)
	}
	s := NewPrivate(creds)
	s.account = a
	s.notices.to = o.Notice
	if !strong(creds, secretNames) {
		s.weak = true
		return s, nil
	}
	for _, name := range secretNames {
		s.secretVars = append(s.secretVars, creds.Vars[name])
	}
	name, key, err := deriveKey(a, creds, secretNames)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Account: a.String(), Fact: "cannot derive the key of the sealed cache", Err: err}
	}
	s.creds.ID, s.key, s.now = name, key, o.now
	s.base = filepath.Join(o.Dirs.Sealed(), name)
	s.disk, s.takeover = o.disk, o.Takeover
	if err := s.usable(); err != nil {
		s.lose(err)
	}
	return s, nil
}

// usable refuses directories in which another user could replace the cache, or
// its files.
func (s *SealedCache) usable() error {
	dir := filepath.Dir(s.base)
	if err := disk.CheckHome(dir); err != nil {
		return err
	}
	if err := disk.CheckDir(filepath.Dir(dir)); err != nil {
		return err
	}
	return disk.CheckDir(dir)
}

// lose makes the cache store nothing, because its directory cannot be used, and
// says what that costs and what to do. The directory is tried again later, for
// programs that run for days.
func (s *SealedCache) lose(err error) {
	s.mu.Lock()
	s.lost = s.now()
	s.mu.Unlock()
	s.notices.notify("tokens are not cached, so each call requests a new one: " + auth.Message(err) + "; to cache them, " + cure(err))
}

// cure says what to do about a directory that cannot be used.
func cure(err error) string {
	e, _ := auth.AsError(err)
	switch {
	case e != nil && e.Remedy == auth.RemedyDirMode && runtime.GOOS != "windows":
		return "run: chmod go-w " + text.Word(e.Subject)
	case e != nil && (e.Remedy == auth.RemedySpace || e.Remedy == auth.RemedyQuota):
		return "free some space, or set HAUTH_HOME to a directory on another file system"
	}
	return "set HAUTH_HOME to a directory of your own"
}

// lostFor is how long a directory that could not be used is not tried again.
const lostFor = 30 * time.Second

// orLose is err, unless it means that the directory cannot be used: then the
// cache stores nothing from now on, and there is no error.
func (s *SealedCache) orLose(err error) error {
	if e, ok := auth.AsError(err); !ok || e.Kind != auth.Store || errors.Is(err, ErrNewer) {
		return err
	}
	s.lose(err)
	return nil
}

// privateID is the ID of credentials whose token is not stored: no name may be
// derived from a secret that is short enough to be guessed.
const privateID = "private"

// NewPrivate is a cache that stores nothing, for HAUTH_STORE=none.
func NewPrivate(creds auth.Credentials) *SealedCache {
	creds.ID = privateID
	return &SealedCache{creds: creds, now: time.Now, sidecar: sidecar{notices: &notices{}, seen: &seen{}}}
}

// Shared reports whether anything is stored for other processes.
func (s *SealedCache) Shared() bool {
	if s.key == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	since := s.now().Sub(s.lost)
	return s.lost.IsZero() || since < 0 || since >= lostFor
}

// Credentials are those from the environment.
func (s *SealedCache) Credentials(context.Context) (auth.Credentials, error) {
	for _, secret := range s.secretVars {
		s.see(secret)
	}
	return s.creds, nil
}

// Token reads the sealed token, without a lock. Whatever is wrong with it, the
// error is of kind NotFound; a notice says what is wrong unless the token is
// simply absent.
func (s *SealedCache) Token(context.Context) (auth.Token, error) {
	if !s.Shared() {
		return auth.Token{}, &auth.Error{Kind: auth.NotFound, Fact: "no cached token", Err: ErrNotFound}
	}
	t, err := s.read()
	switch {
	case err == nil:
		s.see(t.Value)
		return t, nil
	case errors.Is(err, ErrNotFound):
	case errors.Is(err, ErrNewer):
		s.notices.notify("the cached token was written by a newer version of hauth; ignoring it and leaving it in place")
	default:
		if unusable := s.usable(); unusable != nil {
			s.lose(unusable) // the directory has changed since OpenSealed
			break
		}
		s.notices.notify("ignoring the cached token: " + auth.Message(err))
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

// SaveGrant seals the grant's token. Where nothing is stored it succeeds, with
// one notice if the reason is a short secret. A file of a newer version is not
// replaced. Rotated credentials are an error, since those in the environment
// cannot be replaced.
func (s *SealedCache) SaveGrant(_ context.Context, g auth.Grant) error {
	if g.Rotated != nil {
		return auth.Lost(errors.New("hauth cannot change those in the environment"))
	}
	t := g.Token
	if !s.Shared() {
		if s.weak {
			s.notices.notify("the secret is shorter than 16 bytes, so its token is not cached: each call requests a new one")
		}
		return nil
	}
	if t.Endpoint != s.creds.Endpoint || t.CredentialID != s.creds.ID {
		return &auth.Error{Kind: auth.Internal, Account: s.account.String(), Fact: "the token was issued for other credentials"}
	}
	data, err := encodeToken(s.account, t)
	if err != nil {
		return err
	}
	if _, err := s.read(); errors.Is(err, ErrNewer) {
		return &auth.Error{Kind: auth.Store, Account: s.account.String(), Fact: "refusing to replace the cached token", Err: ErrNewer, Remedy: auth.RemedyUpdate, Subject: s.base}
	}
	file, err := sealToken(s.key, t.ExpiresAt, data)
	if err != nil {
		return err
	}
	if err := s.disk.Write(s.base, file); err != nil {
		return s.orLose(err)
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

// Lock is Vault.Lock. Where nothing is stored there is nothing to wait for.
func (s *SealedCache) Lock(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	if !s.Shared() {
		return func() {}, ctx.Err()
	}
	unlock, err = s.lock(ctx, wait)
	if !auth.Is(err, auth.Store) {
		return unlock, err
	}
	// Without a lock a token can still be cached, unless nothing can be written.
	tmp, writeErr := s.disk.WriteTemp(s.base, nil)
	if writeErr != nil {
		s.lose(writeErr)
		return func() {}, nil
	}
	s.disk.Remove(tmp)
	return nil, err
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
	return s.orLose(s.saveAttempt(a))
}
