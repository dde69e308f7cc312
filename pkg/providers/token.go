package providers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// maxToken bounds a token, in bytes.
const maxToken = 32 << 10

// rawToken is the token as the answer has it; empty: there is none.
func (s *Spec) rawToken(a *answer) string {
	for _, path := range s.Token {
		if text, ok := a.text(path); ok && text != "" {
			return text
		}
	}
	return ""
}

// readToken takes token and expiry out of a successful answer. The notice,
// where there is one, is for the user. Errors are of kind Vendor and never
// show the token.
func (s *Spec) readToken(a *answer, c clock, secrets []auth.Secret) (_ auth.Token, notice string, _ error) {
	value := s.bareToken(s.rawToken(a))
	if reason := tokenProblem(value); reason != "" {
		return auth.Token{}, "", &auth.Error{Kind: auth.Vendor, Fact: reason}
	}
	life, notice, err := s.life(a, c, secrets)
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
			return "the token contains a space"
		case c < ' ' || c == 0x7f:
			return "the token contains a control character"
		case c > '~':
			return "the token contains a character outside ASCII"
		}
	}
	return ""
}

// tokensIn lists what an answer holds that must not be shown, in a failure
// neither: the token, values that replace a secret, and what stands under the
// names that OAuth 2 gives to tokens.
func (s *Spec) tokensIn(a *answer) []auth.Secret {
	var texts []string
	paths := slices.Clone(s.Token)
	for _, path := range s.Rotate {
		paths = append(paths, path)
	}
	add := func(text string) {
		if !slices.Contains(texts, text) {
			texts = append(texts, text) // once: a long one costs a lot to look for
		}
	}
	for _, path := range paths {
		if text, p := a.lookup(path); p == scalar {
			add(text)
			add(s.bareToken(text))
		}
	}
	namedTokens(a.tree, 0, add)
	var secrets []auth.Secret
	for _, text := range texts {
		secrets = append(secrets, auth.NewSecret(text))
	}
	return secrets
}

// namedTokens finds the values of access_token, refreshToken and their like.
func namedTokens(v any, depth int, add func(string)) {
	const shortest = 16 // bytes; a shorter value is more likely a word
	object, ok := v.(map[string]any)
	if !ok || depth > maxKeyDepth {
		return
	}
	for key, item := range object {
		text, isText := item.(string)
		if isText && len(text) >= shortest {
			switch strings.ToLower(strings.ReplaceAll(key, "_", "")) {
			case "accesstoken", "refreshtoken", "idtoken", "sessiontoken":
				add(text)
			}
		}
		namedTokens(item, depth+1, add)
	}
}
