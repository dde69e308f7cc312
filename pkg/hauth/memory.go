package hauth

import (
	"context"
	"sync"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// memory is a token that an account has read before, and the state of its file
// at that time.
type memory struct {
	mu    sync.Mutex
	token auth.Token
	stamp stamp
}

// remembered is Token, from memory while the account's file is unchanged and
// the token is neither short of what is wanted nor near its end.
func (a *Account) remembered(ctx context.Context, want broker.Want) (broker.Result, error) {
	m := &a.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	stamp, now := a.client.stampOf(a.Name), a.client.wallClock()
	if want == (broker.Want{MinTTL: want.MinTTL}) && stamp.equal(m.stamp) && valid(m.token, now) &&
		m.token.Left(now) >= want.MinTTL && !m.token.Expiring(now) {
		return broker.Result{Token: m.token, From: broker.FromCache}, nil
	}
	result, err := a.Token(ctx, want)
	if err == nil {
		m.token, m.stamp = result.Token, stamp
		if result.From == broker.FromVendor {
			m.stamp = a.client.stampOf(a.Name) // this call has just written it
		}
	}
	return result, err
}
