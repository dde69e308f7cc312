package hauth

import (
	"context"
	"sync"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// memory is the latest token that an account has had, and the state of its file
// at that time.
type memory struct {
	mu    sync.Mutex
	token auth.Token
	stamp stamp
}

// keep does nothing where a call that began earlier comes with an older token.
func (m *memory) keep(token auth.Token, s stamp) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.token.CredentialID != token.CredentialID || !m.token.NewerThan(token) {
		m.token, m.stamp = token, s
	}
}

func (m *memory) at(s stamp) auth.Token {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !s.equal(m.stamp) {
		return auth.Token{}
	}
	return m.token
}

// remembered is Token, from memory while the account's file is unchanged and
// the token is neither short of what is wanted nor near its end. Callers do not
// wait for one another here: only the broker can tell who has to wait.
func (a *Account) remembered(ctx context.Context, want broker.Want) (broker.Result, error) {
	stamp, now := a.stamp(), a.client.wallClock()
	token := a.memory.at(stamp)
	if want == (broker.Want{MinTTL: want.MinTTL}) && valid(token, now) && token.Left(now) >= want.MinTTL && !token.Expiring(now) {
		return broker.Result{Token: token, From: broker.FromCache}, nil
	}
	result, err := a.Token(ctx, want)
	if err == nil && result.From != broker.FromVendor { // else Token has done it
		a.memory.keep(result.Token, stamp)
	}
	return result, err
}
