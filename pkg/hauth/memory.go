package hauth

import (
	"context"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// memory is the latest token that an account has had, and the state of its file
// at that time.
type memory struct {
	mu      sync.Mutex
	token   auth.Token
	stamp   stamp
	kept    int       // how many tokens have been kept
	ahead   time.Time // before it, no other attempt to replace the token ahead of its end
	flights map[broker.Want]*flight
}

// begin is called when a call of the broker begins, and returns what keep wants.
func (m *memory) begin() (kept int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept
}

// keep does nothing where another call, that ended since this one began, came
// with a newer token. Times alone do not decide: those of a fleet's tokens are
// converted from other clocks, and the broker's answer counts for more.
func (m *memory) keep(token auth.Token, s stamp, begun int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == begun || m.token.CredentialID != token.CredentialID || !m.token.NewerThan(token) {
		m.token, m.stamp = token, s
		m.kept++
	}
}

// isNew reports whether the call that had the result has stored its token.
func isNew(result broker.Result) bool {
	return result.From == broker.FromVendor || result.From == broker.FromFleet
}

// remembered is Token, from memory while the account's file is unchanged and
// the token is not short of what is wanted. One that is near its end is replaced
// in the background. Callers that must wait share one call of the broker: it
// opens files, and there may be more goroutines than files.
func (a *Account) remembered(ctx context.Context, want broker.Want) (auth.Token, error) {
	m, stamp, now := &a.memory, a.stamp(), a.client.wallClock()
	m.mu.Lock()
	token := m.token
	good := want == (broker.Want{MinTTL: want.MinTTL}) && stamp.equal(m.stamp) && valid(token, now) && token.Left(now) >= want.MinTTL
	if good && (!token.Expiring(now) || now.Before(m.ahead) && m.ahead.Sub(now) <= aheadPause) {
		m.mu.Unlock()
		return token, nil
	}
	if good {
		m.ahead = now.Add(aheadPause)
	}
	var f *flight
	if good || ctx.Err() == nil {
		f = a.fly(want, stamp)
	}
	m.mu.Unlock()
	switch {
	case good:
		return token, nil
	case f != nil:
		select {
		case <-f.done:
			return f.token, f.err
		case <-ctx.Done():
		}
	}
	return auth.Token{}, named(a.Name, &auth.Error{Kind: auth.Interrupted, Fact: "interrupted", Err: context.Cause(ctx)})
}

// fly returns the call of the broker that is under way for want, or begins one.
// It does not end with the caller that began it. a.memory.mu is held.
func (a *Account) fly(want broker.Want, before stamp) *flight {
	m := &a.memory
	if f := m.flights[want]; f != nil {
		return f
	}
	f := &flight{done: make(chan struct{})}
	if m.flights == nil {
		m.flights = map[broker.Want]*flight{}
	}
	m.flights[want] = f
	begun := m.kept
	go func() {
		defer close(f.done)
		result, err := a.Token(context.Background(), want) // bounded by the broker
		f.token, f.err = result.Token, err
		if err == nil && !isNew(result) { // else Token has done it
			m.keep(result.Token, before, begun)
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.flights, want)
	}()
	return f
}
