package hauth

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// Transport returns a RoundTripper that makes every request carry the
// account's token, fresh by the clock, and that replaces the token and repeats
// the request once when the API answers 401. Replacing is shared with all
// other processes: however many see the same token fail, the vendor is asked
// for one new token.
//
// Requests to any host but the account's API are refused. The account is
// opened by the first request, and again when it has been logged out or
// changed since. A nil base is a transport with hauth's own bounds.
func (c *Client) Transport(account string, base http.RoundTripper) http.RoundTripper {
	return &transport{client: c, name: account, base: base}
}

type transport struct {
	client *Client
	name   string
	base   http.RoundTripper

	mu      sync.Mutex
	account *Account
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	account, err := t.open()
	if err != nil {
		closeBody(req)
		return nil, err
	}
	if !withinAPI(account.Endpoint(), req.URL) {
		closeBody(req)
		return nil, named(account.Name, &auth.Error{Kind: auth.Usage, Err: errNotAPI})
	}
	result, err := account.Token(req.Context(), broker.Want{})
	if err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := t.send(account, req, req.Body, result.Token)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	body, repeatable := bodyAgain(req)
	if !repeatable {
		return resp, nil
	}
	// What replaces the token is not undone when this request's caller leaves.
	fresh, err := account.Token(context.WithoutCancel(req.Context()), broker.Want{IfSHA256: result.Token.Value.SHA256()})
	if err != nil || fresh.Token.Value.Equal(result.Token.Value) {
		if body != nil {
			body.Close()
		}
		return resp, nil // the vendor's own answer says the most
	}
	io.Copy(io.Discard, io.LimitReader(resp.Body, 4<<10))
	resp.Body.Close()
	return t.send(account, req, body, fresh.Token)
}

// open opens the account, unless it is open and unchanged.
func (t *transport) open() (*Account, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.account == nil {
		account, err := t.client.Open(t.name)
		if err != nil {
			return nil, err
		}
		t.account = account
	}
	return t.account, nil
}

func (t *transport) send(account *Account, req *http.Request, body io.ReadCloser, token auth.Token) (*http.Response, error) {
	out := req.Clone(req.Context()) // a RoundTripper does not change its caller's request
	out.Body = body
	if err := account.Apply(out, token); err != nil {
		if body != nil {
			body.Close()
		}
		return nil, err
	}
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	return base.RoundTrip(out)
}

// bodyAgain is the request's body for a second sending, and whether it can be
// had.
func bodyAgain(req *http.Request) (io.ReadCloser, bool) {
	switch {
	case req.Body == nil || req.Body == http.NoBody:
		return req.Body, true
	case req.GetBody == nil:
		return nil, false
	}
	body, err := req.GetBody()
	return body, err == nil
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// withinAPI reports that a URL has the scheme, host and port of base and lies
// under its path.
func withinAPI(base string, u *url.URL) bool {
	b, err := url.Parse(base)
	if err != nil || u.User != nil || !strings.EqualFold(b.Scheme, u.Scheme) || !strings.EqualFold(b.Hostname(), u.Hostname()) || portOf(b) != portOf(u) {
		return false
	}
	prefix := strings.TrimSuffix(b.EscapedPath(), "/")
	return prefix == "" || u.EscapedPath() == prefix || strings.HasPrefix(u.EscapedPath(), prefix+"/")
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	if strings.EqualFold(u.Scheme, "http") {
		return "80"
	}
	return "443"
}
