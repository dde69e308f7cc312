package hauth

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Transport returns a RoundTripper that makes every request carry the
// account's token. The token is replaced by the clock, in the background while
// it is still valid, and when the API no longer accepts it; the request is then
// repeated once. Replacing is shared with all other processes: however many
// see the same token fail, the vendor is asked for one new token.
//
// Requests to anything but the account's API are refused. The account is
// opened by the first request, and again when its file has changed. A nil base
// stands for a transport with hauth's own limits, which keeps connections,
// speaks HTTP/2 and trusts the authorities that the account trusts.
func (c *Client) Transport(account string, base http.RoundTripper) http.RoundTripper {
	return c.TransportWith(account, TransportOptions{Base: base})
}

// TransportWith is [Client.Transport] with options.
func (c *Client) TransportWith(account string, o TransportOptions) *Transport {
	switch {
	case o.Replay == 0:
		o.Replay = DefaultReplay
	case o.Replay < 0:
		o.Replay = 0
	}
	return &Transport{options: o, session: session{client: c, name: account}}
}

// TransportOptions configure a [Transport]. The zero value is what
// [Client.Transport] uses.
type TransportOptions struct {
	Base http.RoundTripper // nil: hauth's own

	// Replay is how many bytes of a request's body are kept so that it can be
	// sent again; 0 means DefaultReplay, less than 0 none. A body that the
	// request can give again itself (GetBody) is not kept. Longer bodies are
	// sent only after the API's consent ("Expect: 100-continue"), if Base
	// supports that.
	Replay int64

	// Repeated is called before a request is sent a second time; nil: not
	// called.
	Repeated func(*http.Request)
}

// DefaultReplay is how much of a body is kept unless TransportOptions says
// otherwise.
const DefaultReplay = 1 << 20

// Transport is an http.RoundTripper for one account. It may be used by
// several goroutines.
type Transport struct {
	options TransportOptions
	session session
	holds   holds
	expect  expectations
}

// NoteHeader is the header that a Transport adds to a response of the API
// which says that the token is dead, if the request was not repeated or
// repeating it did not help. Its value says why.
const NoteHeader = "Hauth-Note"

// Open opens the account and gets a token, as the first request would, and
// returns the base URLs of the account's API. Where ctx ends first, the token
// request is given up.
func (t *Transport) Open(ctx context.Context) (api []string, err error) {
	in, err := t.session.open(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := in.account.Carry(in.token); err != nil {
		return nil, err // no request could be sent
	}
	return in.account.API(in.token)
}

// Tokens returns the tokens that requests have carried recently, for callers
// that must keep them out of their output.
func (t *Transport) Tokens() []auth.Secret { return t.session.tokens() }

// Close waits until no token request is in progress, or ctx ends, so that a
// token that the vendor has issued, and credentials that came with it, are
// stored. It closes the idle connections of hauth's own base. A closed
// Transport fetches no token: requests that need one fail.
func (t *Transport) Close(ctx context.Context) {
	t.session.settle(ctx)
	t.session.closeIdle()
}

// CloseIdleConnections closes the idle connections of Base, or of hauth's own;
// [http.Client.CloseIdleConnections] calls it.
func (t *Transport) CloseIdleConnections() {
	if base, ok := t.options.Base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
	t.session.closeIdle()
}

// RoundTrip implements http.RoundTripper. Its errors are of type *auth.Error,
// but for those of the request's own context.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	body := newReplayBody(req, t.options.Replay)
	defer body.settle()
	in, err := t.session.current(req.Context())
	if err != nil {
		return nil, err
	}
	resp, err := t.send(in, req, body)
	if err != nil || !dead(in, resp) {
		t.judge(req, resp, err)
		return resp, err
	}
	return t.repair(in, req, resp, body)
}

// withinAny reports whether a URL is within one of the bases.
func withinAny(bases []string, u *url.URL) bool {
	return slices.ContainsFunc(bases, func(base string) bool {
		b, err := url.Parse(base)
		return err == nil && text.Within(b, u)
	})
}
