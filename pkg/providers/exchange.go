package providers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Exchange sends the credentials to their own endpoint, once and at most once
// more, and returns the token of a good answer. It refuses no credentials
// twice and keeps nothing. Every error is an *auth.Error; one of kind Denied
func (e *Engine) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	s := e.Provider.Spec
	if creds.SpecSHA256 != e.Provider.SHA256 {
		return auth.Grant{}, &auth.Error{
			Kind:   auth.Usage,
			Fact:   "the provider file changed since login",
			Remedy: auth.RemedyReview,
		}
	}
	base, err := baseURL(creds.Endpoint, creds.InsecureHTTP)
	if err != nil {
		return auth.Grant{}, err
	}
	w, err := s.newWire(base, e.userAgent(), realValues(creds))
	if err != nil {
		return auth.Grant{}, err
	}
	transport, err := e.transport(creds.CAFile)
	if err != nil {
		return auth.Grant{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout())
	defer cancel()
	e.traceRequest(creds)
	secrets := s.secrets(creds)
	for first := true; ; first = false {
		token, again, err := e.try(ctx, transport, w, creds, &secrets)
		if err == nil || !again || !first || !pause(ctx, err) {
			return auth.Grant{Token: token}, err
		}
		e.trace("once more, after: " + err.Error())
	}
}

// try makes one request. again says that another may fare better at once. A
// token that even a failure holds joins the secrets, for the next answer may
// repeat it.
func (e *Engine) try(ctx context.Context, transport http.RoundTripper, w *wire, creds auth.Credentials, secrets *[]auth.Secret) (_ auth.Token, again bool, _ error) {
	s := e.Provider.Spec
	begun := e.now()
	a, again, err := e.send(ctx, transport, w, *secrets)
	if err != nil {
		return auth.Token{}, again, err
	}
	clock := newClock(begun, e.now(), a.header)
	*secrets = append(*secrets, s.tokensIn(a)...)
	if failure := s.judge(a, clock, *secrets); failure != nil {
		return auth.Token{}, worthAgain(s, a, failure), failure
	}
	token, notice, err := s.readToken(a, clock)
	if err != nil {
		return auth.Token{}, false, err
	}
	if notice != "" && e.Notice != nil {
		e.Notice(notice)
	}
	token.Endpoint, token.CredentialID = creds.Endpoint, creds.ID
	return token, false, nil
}

// send makes the request and reads the answer, whatever its status. Only a
// redirect is an error already: nothing in it is for us. again says that there
// was a connection failure before any answer.
func (e *Engine) send(ctx context.Context, transport http.RoundTripper, w *wire, secrets []auth.Secret) (_ *answer, again bool, _ error) {
	req := (&http.Request{
		Method: w.method, URL: &w.url, Host: w.url.Host, Header: w.header.Clone(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if w.body != nil {
		// No GetBody: net/http must not send it again on its own.
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(w.body)), int64(len(w.body))
	}
	start := time.Now()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		failure, again := unanswered(ctx, err, w.url.Host, secrets)
		return nil, again, failure
	}
	defer resp.Body.Close()
	a, took := &answer{status: resp.StatusCode, header: resp.Header}, time.Since(start)
	redirect := a.status >= 300 && a.status < 400
	if a.status >= 200 && !redirect { // after 101 the connection is no longer HTTP, and obeys no deadline
		body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
		if err != nil {
			e.trace(fmt.Sprintf("< HTTP %d in %v, broken off", a.status, took.Round(time.Millisecond)))
			return nil, false, brokenOff(ctx, err, w.url.Host)
		}
		a.read(body)
	}
	e.traceAnswer(a, took, secrets)
	if redirect {
		return nil, false, redirected(resp, secrets)
	}
	return a, false, nil
}

// read judges the body's form. What hauth did not ask for it does not read.
func (a *answer) read(body []byte) {
	encoding := strings.ToLower(strings.TrimSpace(strings.Join(a.header.Values("Content-Encoding"), ",")))
	switch {
	case len(body) > maxAnswer:
		a.err = errTooBig
	case encoding != "" && encoding != "identity":
		a.err = errEncoded
	default:
		a.body = body
		a.tree, a.err = readJSON(body)
	}
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

func (e *Engine) now() time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return time.Now()
}

func (e *Engine) timeout() time.Duration {
	if e.Timeout > 0 {
		return e.Timeout
	}
	return defaultTimeout
}

func (e *Engine) userAgent() string {
	if e.UserAgent != "" {
		return e.UserAgent
	}
	return "hauth"
}
