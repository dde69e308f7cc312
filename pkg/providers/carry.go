package providers

import (
	"maps"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Carried is how one API call carries the token: name and value pairs, sorted
// by name, the token filled in. Query and Form values are not percent-encoded.
type Carried struct{ Headers, Query, Form [][2]string }

// Carry fills the token into the Spec's use.
func (s *Spec) Carry(token auth.Secret) Carried {
	fill := func(templates map[string]string) [][2]string {
		var pairs [][2]string
		for _, name := range slices.Sorted(maps.Keys(templates)) {
			pairs = append(pairs, [2]string{name, strings.ReplaceAll(templates[name], tokenTemplate, token.Reveal())})
		}
		return pairs
	}
	return Carried{Headers: fill(s.Use.Headers), Query: fill(s.Use.Query), Form: fill(s.Use.Form)}
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
const tokenTemplate = "{token}"

// tokenPrefix is the literal text that use puts before the token. A token
// that begins with it loses it once, because use puts it back.
func (s *Spec) tokenPrefix() string {
	for _, templates := range []map[string]string{s.Use.Headers, s.Use.Query, s.Use.Form} {
		for _, value := range templates {
			if prefix, _, ok := strings.Cut(value, tokenTemplate); ok {
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
