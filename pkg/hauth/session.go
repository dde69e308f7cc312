package hauth

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// session is what a Transport keeps of its account between requests.
type session struct {
	client *Client
	name   string

	mu      sync.Mutex
	account *Account     // nil: not open
	stamp   stamp        // of the account's file when account was opened
	token   auth.Token   // zero: not known
	ahead   time.Time    // before it, no other attempt to replace the token ahead of its end
	used    []auth.Token // the latest, oldest first
	api     []string     // base URLs when the account was first opened
	base    ownBase

	flights map[destination]*flight
	closed  bool // no flight begins
	failed  failedRefresh
}

// opened is an account and a token of its own.
type opened struct {
	account *Account
	token   auth.Token
}

const (
	minLeft    = 5 * time.Second  // a token with less left counts as expired, as for the broker
	aheadPause = 30 * time.Second // between two attempts to replace a token ahead of its end
	keptTokens = 4                // how many of the latest are remembered
)

// current is a token that is valid by the wall clock: from memory while the
// account's file is unchanged, else from the store or from the vendor. One that
// is near its end is replaced in the background.
func (s *session) current(ctx context.Context) (opened, error) {
	in, err := s.look()
	if err != nil {
		return opened{}, err
	}
	if now := s.client.wallClock(); valid(in.token, now) {
		if in.token.Expiring(now) {
			s.refreshAhead(in.account, now)
		}
		return in, nil
	}
	in.token, err = s.fetch(ctx, in.account, broker.Want{})
	return in, err
}

// open opens the account and gets a token before any request does: nobody else
// waits for it, so it is no flight, and it ends with ctx.
func (s *session) open(ctx context.Context) (opened, error) {
	in, err := s.look()
	if err != nil {
		return opened{}, err
	}
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return opened{}, named(in.account.Name, errTransportClosed())
	}
	in.token, err = ask(ctx, in.account, broker.Want{})
	if err != nil {
		return opened{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(in.account, in.token)
	return in, nil
}

func valid(t auth.Token, now time.Time) bool {
	return !t.Value.IsEmpty() && t.Left(now) >= minLeft
}

// look opens the account, unless it is open and its file is unchanged. If the
// file has changed, another process has refreshed the token or logged in or
// out, so the token in memory is dropped. Credentials in the environment do
// not change.
func (s *session) look() (opened, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.account != nil && (s.account.Source != SourceStored || s.client.stampOf(s.account.Name).equal(s.stamp)) {
		return opened{s.account, s.token}, nil
	}
	s.account, s.token = nil, auth.Token{}
	name, err := auth.ParseAccount(s.name)
	if err != nil {
		return opened{}, err
	}
	before := s.client.stampOf(name)
	account, err := s.client.Open(s.name)
	if err != nil {
		return opened{}, err
	}
	s.account, s.stamp = account, before
	return opened{account, auth.Token{}}, nil
}

// remember keeps a token of the account in memory. s.mu is held.
func (s *session) remember(account *Account, token auth.Token) {
	if s.account == account {
		s.token = token
	}
	if slices.ContainsFunc(s.used, func(t auth.Token) bool { return t.Value.Equal(token.Value) }) {
		return
	}
	s.used = append(s.used, token)
	if len(s.used) > keptTokens {
		s.used = slices.Delete(s.used, 0, 1)
	}
}

// tokens returns the latest tokens that requests carried.
func (s *session) tokens() []auth.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	secrets := make([]auth.Secret, len(s.used))
	for i, t := range s.used {
		secrets[i] = t.Value
	}
	return secrets
}

// newer is the token in memory, if it is valid, of the same login as the one
// that failed, and another.
func (s *session) newer(failed auth.Token) (auth.Token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.token
	ok := valid(t, s.client.wallClock()) && t.CredentialID == failed.CredentialID && t.Endpoint == failed.Endpoint && !t.Value.Equal(failed.Value)
	return t, ok
}

// refreshAhead replaces a token in the background while it is still valid. The
// broker does it only if nobody else does.
func (s *session) refreshAhead(account *Account, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(s.ahead) && s.ahead.Sub(now) <= aheadPause {
		return
	}
	s.ahead = now.Add(aheadPause)
	s.fly(account, broker.Want{})
}
