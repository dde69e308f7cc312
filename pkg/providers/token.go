package providers

import (
	"fmt"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// maxToken bounds a token, in bytes.
const maxToken = 32 << 10

// readToken takes token and expiry out of a successful answer. The notice,
// where there is one, is for the person. Errors are of kind Vendor and never
// show the token.
func (s *Spec) readToken(a *answer, c clock) (_ auth.Token, notice string, _ error) {
	raw, ok := a.text(s.Token)
	if !ok {
		return auth.Token{}, "", &auth.Error{Kind: auth.Vendor, Fact: "the answer holds no token at " + s.Token}
	}
	value := s.bareToken(raw)
	if reason := tokenProblem(value); reason != "" {
		return auth.Token{}, "", &auth.Error{Kind: auth.Vendor, Fact: reason}
	}
	life, notice, err := s.life(a, c)
	if err != nil {
		return auth.Token{}, "", err
	}
	return auth.Token{
		Value:    auth.NewSecret(value),
		Type:     s.TokenType(),
		IssuedAt: c.issued,
		// Whole seconds on both sides, so that a record reads back as it was.
		ExpiresAt: c.issued.Add(life.length).Truncate(time.Second),
		VendorAt:  c.issuedAt(value),
		Source:    life.source,
	}, notice, nil
}

// tokenProblem says what keeps a text from being a token: it must fit a
// header as it is. RFC 6750's narrower set would refuse tokens that vendors
// really send, with * and inner =.
func tokenProblem(token string) string {
	switch {
	case token == "":
		return "the token is empty"
	case len(token) > maxToken:
		return fmt.Sprintf("the token is larger than %d KiB", maxToken>>10)
	}
	for i := range len(token) {
		switch c := token[i]; {
		case c == ' ':
			return "the token holds a space"
		case c < ' ' || c == 0x7f:
			return "the token holds a control character"
		case c > '~':
			return "the token holds a character outside ASCII"
		}
	}
	return ""
}
