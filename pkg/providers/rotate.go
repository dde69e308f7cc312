package providers

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"strings"
	"unicode"

	"github.com/hauth/hauth/pkg/auth"
)

// rotated returns the credentials that replace those which were sent, under
// the same ID, or nil where the answer brings nothing new: RFC 6749 section 6
// leaves it to the server. A value that is there and cannot be used is an
// error, because the old one may be dead.
func (s *Spec) rotated(a *answer, creds auth.Credentials) (*auth.Credentials, error) {
	var fresh *auth.Credentials
	for _, name := range sortedKeys(s.Rotate) {
		path := s.Rotate[name]
		text, p := a.lookup(path)
		switch {
		case p == absent, p == scalar && text == creds.Vars[name].Reveal():
			continue
		case p == structured || !sendable(text):
			return nil, &auth.Error{
				Kind: auth.Vendor, Fact: fmt.Sprintf("the new %s in the response at %s cannot be used; the old one may no longer be valid", name, path),
				Remedy: auth.RemedyLogin,
			}
		}
		if fresh == nil {
			c := creds
			c.Vars = maps.Clone(creds.Vars)
			fresh = &c
		}
		fresh.Vars[name] = auth.NewSecret(text)
	}
	return fresh, nil
}

// sendable reports that a secret can be stored and sent again: text, of a
// sane length, without what no header or form should carry.
func sendable(text string) bool {
	return text != "" && len(text) <= maxToken && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar })
}

// replacedUnasked names the secret variable which the answer replaces though
// the Spec does not say that it rotates; empty: none. The sign is a value
// under the request's own name for a refresh token, beside the token or at
// the top, that differs from what was sent.
func (s *Spec) replacedUnasked(a *answer, creds auth.Credentials) (variable string) {
	for key, variable := range s.refreshParameters() {
		if _, declared := s.Rotate[variable]; declared {
			continue
		}
		for _, token := range append([]string{""}, s.Token...) {
			path := key
			if i := strings.LastIndexByte(token, '.'); i > 0 {
				path = token[:i] + "." + key
			}
			if text, ok := a.text(path); ok && text != "" && text != creds.Vars[variable].Reveal() {
				return variable
			}
		}
	}
	return ""
}

// refreshParameters are the request's parameters that carry one secret
// variable each and are named like a refresh token.
func (s *Spec) refreshParameters() map[string]string {
	found := map[string]string{}
	look := func(key, template string) {
		name, alone := only(template)
		if v, ok := s.Var(name); alone && ok && v.Secret && strings.Contains(strings.ToLower(key), "refresh") {
			found[key] = name
		}
	}
	for key, value := range s.Request.JSON {
		if text, ok := value.(string); ok {
			look(key, text)
		}
	}
	for _, pairs := range []map[string]string{s.Request.Form, s.Request.Query} {
		for key, text := range pairs {
			look(key, text)
		}
	}
	return found
}

func undeclaredRotation(variable string) *auth.Error {
	return &auth.Error{
		Kind: auth.Usage, Fact: fmt.Sprintf("the vendor replaced %s, and the provider file does not say so: the new one is lost", variable),
		Remedy: auth.RemedyRotate, Subject: variable,
	}
}

// neverLeft reports a failure to connect at all: the vendor has not seen the
// request.
func neverLeft(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
