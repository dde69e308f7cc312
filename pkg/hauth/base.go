package hauth

import (
	"context"
	"net/http"
	"net/url"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

// ownBase is the transport that a session makes for itself.
type ownBase struct {
	transport    *http.Transport
	credentialID string // whose certificate authorities it trusts
}

// ownBase returns a transport with hauth's own limits, which trusts the
// authorities that the account trusts. After an error the next request tries
// again.
func (s *session) ownBase(in opened) (http.RoundTripper, error) {
	id := in.token.CredentialID
	s.mu.Lock()
	own := s.base
	s.mu.Unlock()
	if own.transport != nil && own.credentialID == id {
		return own.transport, nil
	}
	transport, err := providers.NewAPITransport(in.account.Authorities()...)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base.transport != nil && s.base.credentialID == id {
		return s.base.transport, nil // another request was quicker
	}
	if old := s.base.transport; old != nil {
		old.CloseIdleConnections() // and those that are in use, when they are no longer
	}
	s.base = ownBase{transport, id}
	return transport, nil
}

func (s *session) closeIdle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base.transport != nil {
		s.base.transport.CloseIdleConnections()
	}
}

// mayGet returns an error if a request must not get the account's token.
func (s *session) mayGet(in opened, u *url.URL) error {
	api, err := in.account.API(in.token)
	if err != nil {
		return err
	}
	s.mu.Lock()
	if s.api == nil {
		s.api = api
	}
	first := s.api
	s.mu.Unlock()
	switch {
	case u == nil: // a request that was put together by hand
	case withinAny(api, u):
		return nil
	case withinAny(first, u):
		return named(in.account.Name, errMoved())
	}
	return named(in.account.Name, &auth.Error{Kind: auth.Usage, Err: errNotAPI})
}

// unanswered says why an API call got no response.
func unanswered(ctx context.Context, err error, host string, tokens []auth.Secret) error {
	return providers.TransportError(ctx, err, host, tokens...)
}
