package hauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// send makes a request carry the token, and sends it with the body from its
// beginning.
func (t *Transport) send(in opened, req *http.Request, body *replayBody) (*http.Response, error) {
	if err := t.session.mayGet(in, req.URL); err != nil {
		return nil, err
	}
	base := t.options.Base
	if base == nil {
		own, err := t.session.ownBase(in)
		if err != nil {
			return nil, named(in.account.Name, err)
		}
		base = own
	}
	// A RoundTripper does not change its caller's request. The trailer is the
	// caller's own, which sets its values while the body is read.
	out := req.WithContext(req.Context())
	out.Header = req.Header.Clone()
	// What the caller says here is ignored, but net/http waits for no consent
	// to a body if it says HTTP/1.0.
	out.ProtoMajor, out.ProtoMinor = 1, 1
	out.Body, out.GetBody = nil, nil
	var turn *sending // nil: no body, or one that the request can give again
	if body != nil {
		content, err := body.send()
		if err != nil {
			return nil, named(in.account.Name, &auth.Error{Kind: auth.Internal, Fact: "the request's body cannot be sent", Err: err})
		}
		out.Body, out.GetBody = content, body.getBody()
		if body.again == nil {
			turn, _ = content.(*sending)
		}
	}
	if err := in.account.Apply(out, in.token); err != nil {
		if out.Body != nil {
			out.Body.Close()
		}
		return nil, err
	}
	if t.options.Base == nil {
		sendOnce(out.Header)
	}
	if turn != nil {
		out = t.expect.announce(out, base, turn)
	}
	resp, err := base.RoundTrip(out)
	if err != nil {
		return nil, t.failure(in, req, err)
	}
	if resp == nil {
		return nil, named(in.account.Name, &auth.Error{Kind: auth.Internal, Fact: "the base RoundTripper returned neither a response nor an error"})
	}
	// A test's base may leave out what net/http always sets.
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	resp.Request = req
	resp.Header.Del(NoteHeader)
	return resp, nil
}

// sendOnce keeps Go's transport from sending a request again by itself when its
// connection breaks: of requests that change something it does so with those
// that have one of these headers, but not every API honours them. The transport
// looks for the names as written here; on the wire their case does not matter.
func sendOnce(h http.Header) {
	for _, name := range [...]string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values, ok := h[name]; ok {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}

// failure says why there was no response. A request whose own context has
// ended fails with that context's error, as http.Client wants it.
func (t *Transport) failure(in opened, req *http.Request, err error) error {
	var own *auth.Error
	switch ctx := req.Context(); {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &own):
		return named(in.account.Name, own)
	default:
		return named(in.account.Name, unanswered(ctx, err, req.URL.Host, t.Tokens()))
	}
}

// repair handles a request whose token is dead. It repeats the request with a
// new token, if it can and there is one; otherwise the result is the API's
// own response.
func (t *Transport) repair(in opened, req *http.Request, resp *http.Response, body *replayBody) (*http.Response, error) {
	repeatable := body.freeze()
	key := t.holds.key(req)
	fresh, ok := t.session.newer(in.token)
	if !ok {
		if left := t.holds.left(key, t.now()); left > 0 {
			return noted(resp, "not repeated: a new token was refused a moment ago; the next one can be fetched in %s", left.Truncate(time.Second)+time.Second)
		}
		var err error
		fresh, err = t.session.fetch(req.Context(), in.account, broker.Want{IfSHA256: in.token.Value.SHA256()})
		switch {
		case req.Context().Err() != nil:
			resp.Body.Close()
			return nil, context.Cause(req.Context())
		case err != nil:
			return noted(resp, "not repeated: no new token: %s", auth.Message(err))
		case fresh.Value.Equal(in.token.Value):
			t.holds.refuse(key, t.now())
			return noted(resp, "not repeated: the vendor issued the same token again")
		}
	}
	if !repeatable {
		return noted(resp, "not repeated: the body is longer than what is kept of it; there is a new token for the next try")
	}
	if t.options.Repeated != nil {
		t.options.Repeated(req)
	}
	drop(resp)
	in.token = fresh
	resp, err := t.send(in, req, body)
	if err != nil {
		return nil, err
	}
	if dead(in, resp) {
		t.holds.refuse(key, t.now())
		return noted(resp, "repeated: the new token was refused as well")
	}
	t.accepted(key, resp, true)
	return resp, nil
}

// judge notes what the response to a first attempt says about its path.
func (t *Transport) judge(req *http.Request, resp *http.Response, err error) {
	if err == nil {
		t.accepted(t.holds.key(req), resp, false)
	}
}

// accepted notes that a path has accepted a token, unless the response says
// nothing about that.
func (t *Transport) accepted(key uint64, resp *http.Response, helped bool) {
	if resp.StatusCode < 400 {
		t.holds.accept(key, helped)
	}
}

func (t *Transport) now() time.Time { return t.session.client.wallClock() }

func noted(resp *http.Response, format string, args ...any) (*http.Response, error) {
	resp.Header.Set(NoteHeader, auth.Printable(fmt.Sprintf(format, args...)))
	return resp, nil
}

// drop discards a response that nobody will read. A short one is read to its
// end first, if that is there in time, so that its connection can be reused.
func drop(resp *http.Response) {
	body := resp.Body
	go func() {
		late := time.AfterFunc(peekWait, func() { body.Close() })
		defer late.Stop()
		io.CopyN(io.Discard, body, peekBytes)
		body.Close()
	}()
}
