package providers

import (
	"fmt"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// mint signs the token itself: nothing is sent, and the vendor sees it with
// the first API call.
func (e *Engine) mint(creds auth.Credentials) (auth.Token, error) {
	p := e.Provider
	issued := e.now().UTC().Truncate(time.Second)
	at := issued.Add(e.ClockSkew)
	values, _ := p.requestValues(creds, at)
	text, err := values(nameJWT)
	if err != nil {
		return auth.Token{}, err
	}
	if reason := tokenProblem(text); reason != "" {
		return auth.Token{}, &auth.Error{Kind: auth.Usage, Fact: reason}
	}
	return auth.Token{
		Value:     auth.NewSecret(text),
		Type:      p.TokenType(),
		IssuedAt:  issued,
		ExpiresAt: issued.Add(p.JWT.Life),
		VendorAt:  at.Truncate(time.Second),
		Source:    auth.SourceJWT,
		Kept:      p.Carries(creds.Vars),
	}, nil
}

// maxDrift is the difference between two clocks from which a signed time is
// likely to be refused for it.
const maxDrift = 30 * time.Second

// blameClock adds what helps to the refusal of a JWT or a signature whose
// time, by the answer's own Date, was wrong.
func (s *Spec) blameClock(failure *auth.Error, c clock, skew time.Duration) {
	if s.JWT.Alg == "" && s.Sign.Alg == "" || failure.Kind != auth.Denied || c.date.IsZero() {
		return
	}
	if off := c.date.Sub(c.issued.Add(skew)); off.Abs() > maxDrift {
		failure.Remedy = auth.RemedyClock
		failure.Subject = fmt.Sprintf("%s %s", off.Abs().Round(time.Second), map[bool]string{true: "behind", false: "ahead"}[off > 0])
	}
}
