package hauth

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// destination is what a flight is for. Requests that came before and after a
// change of the account share none: the tokens may belong elsewhere.
type destination struct {
	account  *Account
	ifSHA256 string // of the dead token; empty: none is valid by the clock
}

// flight is one call of the broker on behalf of all requests that want the
// same. It does not end with the request that started it.
type flight struct {
	done  chan struct{}
	token auth.Token
	err   error
}

// failedRefresh is why a token could not be replaced, and until when requests
// get that error without another try. The broker remembers what a vendor
// refused; this is for a vendor that cannot be reached, or fails, while many
// requests fail with it.
type failedRefresh struct {
	of    destination
	until time.Time
	err   error
}

// failedPause follows a failure to replace a dead token, noTokenPause one after
// which requests cannot be sent at all.
const (
	failedPause  = 5 * time.Second
	noTokenPause = time.Second
)

// pauseAfter is how long the same is not tried again. A store that fails is
// asked by the next request that has no token: that costs nobody anything.
func pauseAfter(want broker.Want, err error) time.Duration {
	switch {
	case want.IfSHA256 != "":
		return failedPause
	case auth.Is(err, auth.Network), auth.Is(err, auth.Vendor):
		return noTokenPause
	}
	return 0
}

// fetch asks the broker for a token. The error is ctx's own where that ends
// first; the call goes on for others.
func (s *session) fetch(ctx context.Context, account *Account, want broker.Want) (auth.Token, error) {
	s.mu.Lock()
	now := s.client.wallClock()
	if f := s.failed; f.of == (destination{account, want.IfSHA256}) && now.Before(f.until) && f.until.Sub(now) <= failedPause {
		s.mu.Unlock()
		return auth.Token{}, f.err
	}
	f := s.fly(account, want)
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return auth.Token{}, context.Cause(ctx)
	}
}

// fly returns the flight that is under way for want, or begins one. s.mu is
// held.
func (s *session) fly(account *Account, want broker.Want) *flight {
	to := destination{account, want.IfSHA256}
	if f := s.flights[to]; f != nil {
		return f
	}
	f := &flight{done: make(chan struct{})}
	if s.closed {
		f.err = named(account.Name, errTransportClosed())
		close(f.done)
		return f
	}
	if s.flights == nil {
		s.flights = map[destination]*flight{}
	}
	s.flights[to] = f
	go func() {
		token, err := ask(context.Background(), account, want) // bounded by the broker
		s.mu.Lock()
		defer s.mu.Unlock()
		if err == nil {
			s.remember(account, token)
		} else if pause := pauseAfter(want, err); pause > 0 {
			s.failed = failedRefresh{to, s.client.wallClock().Add(pause), err}
		}
		delete(s.flights, to)
		f.token, f.err = token, err
		close(f.done)
	}()
	return f
}

// ask asks the broker for a token that may be sent to the account's endpoint.
func ask(ctx context.Context, account *Account, want broker.Want) (auth.Token, error) {
	result, err := account.Token(ctx, want)
	if err == nil && result.Token.Endpoint != account.Endpoint() {
		err = named(account.Name, errMoved())
	}
	return result.Token, err
}

// settle waits until no flight is under way, or ctx ends. None begins any more.
func (s *session) settle(ctx context.Context) {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for f := s.anyFlight(); f != nil; f = s.anyFlight() {
		select {
		case <-f.done:
		case <-ctx.Done():
			return
		}
	}
}

func (s *session) anyFlight() *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.flights {
		return f
	}
	return nil
}

func errTransportClosed() *auth.Error {
	return &auth.Error{Kind: auth.Internal, Fact: "the transport is closed"}
}

// errMoved is the error of a request whose account now belongs elsewhere.
func errMoved() *auth.Error {
	return &auth.Error{
		Kind: auth.Store, Fact: "the account's endpoint has changed in the meantime: the token is not sent there",
		Remedy: auth.RemedyAgain,
	}
}
