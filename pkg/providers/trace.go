package providers

import (
	"fmt"
	"slices"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

func (e *Engine) trace(line string) {
	if e.Trace != nil {
		e.Trace(line)
	}
}

// traceRequest shows the request without its body. It is made from values
// that are not secret, not by searching the real one for them.
func (e *Engine) traceRequest(creds auth.Credentials) {
	if e.Trace == nil {
		return
	}
	shown, err := e.shown(creds)
	if err != nil {
		return
	}
	e.trace("> " + shown.line)
	for _, header := range shown.headers {
		e.trace("> " + header)
	}
}

// traceAnswer shows the status and the headers that never hold a token, and
// only once the body has been read: a vendor may repeat there the token that
// it gives. Others are counted, for even a name may hold one.
func (e *Engine) traceAnswer(a *answer, took time.Duration, secrets []auth.Secret) {
	if e.Trace == nil {
		return
	}
	secrets = slices.Concat(secrets, e.Provider.tokensIn(a))
	e.trace(fmt.Sprintf("< HTTP %d in %v", a.status, took.Round(time.Millisecond)))
	others := 0
	for _, name := range sortedKeys(a.header) {
		switch name {
		case "Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Retry-After", "Server":
			e.trace("< " + name + ": " + auth.Printable(a.header.Get(name), secrets...))
		default:
			others++
		}
	}
	if others > 0 {
		e.trace(fmt.Sprintf("< … and %d more, not shown", others))
	}
	if a.tree != nil {
		e.trace("< " + a.keys(secrets))
	}
}
