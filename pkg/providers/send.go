package providers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

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
		if e.Provider.Limits.Rotates && !neverLeft(err) {
			again = false // the vendor may have used up what rotates
		}
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
