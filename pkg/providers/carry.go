package providers

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Carried is how one API call carries the token: name and value pairs, sorted
// by name, everything filled in. Query and Form values are not percent-encoded.
type Carried struct{ Headers, Query, Form [][2]string }

// Carry fills the Spec's use with the token, with what the token brings along
// in Kept, and with a time and a UUID of this call. An error is an *auth.Error
// and names the value that is missing or cannot be sent.
func (s *Spec) Carry(token auth.Token) (Carried, error) {
	kept, now := s.carried(token), moment(time.Now())
	value := func(name string) (string, error) {
		_, isVar := s.Var(name)
		switch {
		case name == nameToken:
			return token.Value.Reveal(), nil
		case !isVar && generated(name):
			return now(name)
		}
		return kept(name)
	}
	var c Carried
	for _, part := range []struct {
		templates map[string]string
		to        *[][2]string
	}{{s.Use.Headers, &c.Headers}, {s.Use.Query, &c.Query}, {s.Use.Form, &c.Form}} {
		for _, name := range slices.Sorted(maps.Keys(part.templates)) {
			text, err := expand(part.templates[name], value)
			if errors.Is(err, errLeftOut) {
				continue
			}
			if err != nil {
				return Carried{}, err
			}
			if part.to == &c.Headers && !validHeaderValue(text) {
				return Carried{}, badHeader(name)
			}
			*part.to = append(*part.to, [2]string{name, text})
		}
	}
	return c, nil
}

// TokenType is the scheme that stands before the token in Authorization
// ("Bearer"), or empty where there is none.
func (s *Spec) TokenType() string {
	for name, value := range s.Use.Headers {
		if strings.EqualFold(name, "Authorization") {
			if scheme, ok := strings.CutSuffix(value, " "+tokenTemplate); ok && !strings.ContainsAny(scheme, " {") {
				return scheme
			}
		}
	}
	return ""
}

// tokenTemplate stands for the token in a Use.
const tokenTemplate = "{" + nameToken + "}"

// tokenPrefix is the literal text that use puts before the token. A token
// that begins with it loses it once, because use puts it back.
func (s *Spec) tokenPrefix() string {
	for _, templates := range []map[string]string{s.Use.Headers, s.Use.Query, s.Use.Form} {
		for _, value := range templates {
			if prefix, _, ok := strings.Cut(value, tokenTemplate); ok && !strings.Contains(prefix, "{") {
				return prefix
			}
		}
	}
	return ""
}

// bareToken takes the literal prefix of use off. Schemes, which end in a
// space, are compared without regard to case, as RFC 9110 section 11.1 has it.
func (s *Spec) bareToken(raw string) string {
	prefix := s.tokenPrefix()
	if len(raw) < len(prefix) || prefix == "" {
		return raw
	}
	head := raw[:len(prefix)]
	if head == prefix || strings.HasSuffix(prefix, " ") && strings.EqualFold(head, prefix) {
		return raw[len(prefix):]
	}
	return raw
}
