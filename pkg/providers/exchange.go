package providers

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Exchange sends the credentials to their own endpoint, once and at most once
// more, and returns what a good answer gives: a token and, from a vendor whose
// credentials rotate, those that replace the ones that were sent. Credentials
// that were refused are not sent again, and nothing is kept. Every error is an
// *auth.Error.
//
// A Grant that comes with an error may hold Rotated all the same: the vendor
// replaced the credentials, and nothing else in its answer was of use.
func (e *Engine) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	p := e.Provider
	if !p.Accepts(creds.SpecSHA256) {
		return auth.Grant{}, &auth.Error{
			Kind:   auth.Usage,
			Fact:   "the provider file changed since login",
			Remedy: auth.RemedyReview,
		}
	}
	if err := p.checkVars(creds); err != nil {
		return auth.Grant{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout())
	defer cancel()
	var grant auth.Grant
	var err error
	switch {
	case p.SignsLocally():
		grant.Token, err = e.mint(creds)
	case len(p.Command) > 0:
		grant, err = e.runCommand(ctx, creds)
	default:
		grant, err = e.request(ctx, creds)
	}
	if err == nil {
		grant.Token.Endpoint, grant.Token.CredentialID = creds.Endpoint, creds.ID
	}
	return grant, err
}

// request is the exchange with a vendor's token endpoint.
func (e *Engine) request(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	base, err := baseURL(isEndpoint, creds.Endpoint, creds.InsecureHTTP)
	if err != nil {
		return auth.Grant{}, err
	}
	transport, err := e.transport(creds.CAFile)
	if err != nil {
		return auth.Grant{}, err
	}
	secrets := e.secrets(creds)
	for first := true; ; first = false {
		grant, again, err := e.try(ctx, transport, base, creds, &secrets)
		if err == nil || !again || !first || !pause(ctx, err) {
			return grant, err
		}
		e.trace("once more, after: " + err.Error())
	}
}

// secrets are what no text from outside may show: the credentials' own and
// those that the caller named.
func (e *Engine) secrets(creds auth.Credentials) []auth.Secret {
	return slices.Concat(e.Provider.Spec.secrets(creds), e.Hide)
}

// try makes one request, anew each time: a signature or a UUID is good for
// one. again says that another may fare better at once. A token that even a
// failure holds joins the secrets, for the next answer may repeat it.
func (e *Engine) try(ctx context.Context, transport http.RoundTripper, base *url.URL, creds auth.Credentials, secrets *[]auth.Secret) (_ auth.Grant, again bool, _ error) {
	p := e.Provider
	begun := e.now()
	values, made := p.requestValues(creds, begun.Add(e.ClockSkew))
	w, err := p.newWire(base, e.userAgent(), values)
	if err != nil {
		return auth.Grant{}, false, err
	}
	*secrets = append(*secrets, made()...)
	e.traceRequest(creds)
	a, again, err := e.send(ctx, transport, w, *secrets)
	if err != nil {
		return auth.Grant{}, again, err
	}
	clock := newClock(begun, e.now(), a.header)
	*secrets = append(*secrets, p.tokensIn(a)...)
	if failure := p.judge(a, clock, *secrets); failure != nil {
		p.blameClock(failure, clock, e.ClockSkew)
		var grant auth.Grant
		if a.status >= 200 && a.status < 300 && p.rawToken(a) != "" {
			grant.Rotated, _ = p.rotated(a, creds)
		}
		// There was an answer: what rotates may have been used up.
		return grant, !p.Limits.Rotates && p.worthAgain(a, failure), failure
	}
	grant, err := e.grant(a, clock, creds, *secrets)
	return grant, false, err
}

// grant takes what a good answer gives. The new credentials come first:
// whatever else is wrong, the old ones may be dead.
func (e *Engine) grant(a *answer, c clock, creds auth.Credentials, secrets []auth.Secret) (auth.Grant, error) {
	p := e.Provider
	rotated, err := p.rotated(a, creds)
	if err != nil {
		return auth.Grant{}, err
	}
	lost := auth.Grant{Rotated: rotated}
	if name := p.replacedUnasked(a, creds); name != "" {
		if e.Login {
			return lost, undeclaredRotation(name)
		}
		e.notice(undeclaredRotation(name).Error())
	}
	token, notice, err := p.readToken(a, c, secrets)
	if err != nil {
		if e, ok := auth.AsError(err); ok {
			p.pointToFile(e)
		}
		return lost, err
	}
	if token.Kept, err = p.keep(a, creds); err != nil {
		return lost, err
	}
	if notice != "" {
		e.notice(notice)
	}
	return auth.Grant{Token: token, Rotated: rotated}, nil
}

// retryPause is how long after a failure the one retry comes, jittered so
// that machines that failed together do not come back together.
const retryPause = 250 * time.Millisecond

// pause waits for the retry. It reports false where the deadline would be
// over first, or the vendor asked for more than a second.
func pause(ctx context.Context, err error) bool {
	wait := retryPause + rand.N(retryPause/2) - retryPause/4
	if e, ok := auth.AsError(err); ok {
		if e.RetryAfter > time.Second {
			return false
		}
		wait = max(wait, e.RetryAfter)
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
