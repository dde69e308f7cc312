package providers

import (
	"net/http"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Engine exchanges credentials for a token as its Provider's Spec says. Nil
// fields mean the real thing. An Engine keeps no state between exchanges.
type Engine struct {
	Provider  *Provider
	Client    *http.Client     // nil: NewClient's
	Now       func() time.Time // nil: time.Now
	Notice    func(string)     // one line for the user; nil: none
	Trace     func(string)     // one redacted line for --debug; nil: none
	Timeout   time.Duration    // the whole exchange, retry included; 0: auth.MaxExchange
	UserAgent string           // empty: "hauth"
	Hide      []auth.Secret    // what else no text may show, such as the token that the account holds
	ClockSkew time.Duration    // the vendor's clock minus this machine's, where it is known: signed times follow it
	Login     bool             // the credentials are new: an answer that replaces one of them, without the Spec saying so, is an error
	CAFile    string           // further certificate authorities, PEM, beside the credentials' own; empty: none
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
	return auth.MaxExchange
}

func (e *Engine) notice(line string) {
	if e.Notice != nil {
		e.Notice(line)
	}
}

func (e *Engine) userAgent() string {
	if e.UserAgent != "" {
		return e.UserAgent
	}
	return "hauth"
}
