package providers

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

var (
	errTooBig  = errors.New("the response is larger than 1 MiB")
	errEncoded = errors.New("unexpected Content-Encoding in the response")
)

// maxVendorCode bounds a vendor's code, in characters.
const maxVendorCode = 64

// judge decides whether an answer means success. Nil does: HTTP 2xx, and
// every path of ok finds a text that it accepts. The secrets, the answer's own
// tokens among them, show in no failure.
func (p *Provider) judge(a *answer, c clock, secrets []auth.Secret) *auth.Error {
	success := a.status >= 200 && a.status < 300
	code, mismatch := p.codeOf(a)
	if success && mismatch == "" {
		switch {
		case errors.Is(a.err, errTooBig), errors.Is(a.err, errEncoded):
			return notDocumented(a, secrets)
		case p.rawToken(a) != "": // an empty one must not hide a refusal
			return nil
		case code == "" || p.meansSuccess(code):
			return p.pointToFile(p.noToken(a, secrets))
		}
		// A code that ok does not look at: a failure after all.
	}
	failure := p.classify(a, code, success && code != "" && !p.meansSuccess(code), secrets)
	if code != "" {
		failure.VendorCode = strings.TrimRight(short(auth.Printable(code, secrets...)), ": ") // ": " follows it
	}
	failure.VendorMessage = auth.Printable(p.failureMessage(a), secrets...)
	failure.TraceID = auth.Printable(a.first(p.Error.Trace), secrets...)
	if success && a.err == nil && p.meaningOf(code) == "" {
		// In the fact, which a stored failure keeps.
		if text := p.unexpected(a, mismatch, failure.Kind, secrets); text != "" {
			failure.Fact += ": " + text
		}
		p.pointToFile(failure)
	}
	if a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable || failure.Kind == auth.Throttled {
		failure.RetryAfter = retryAfter(a.header.Get("Retry-After"), c.vendorNow)
	}
	return failure
}

// unexpected says what of the Spec an answer without a known code does not
// match. A refusal by a vendor that hauth knows needs no such words; in a
// user's own file, the file may be what is wrong.
func (p *Provider) unexpected(a *answer, mismatch string, kind auth.Kind, secrets []auth.Secret) string {
	switch {
	case kind == auth.Denied && p.BuiltIn:
		return ""
	case mismatch == "":
		return p.noToken(a, secrets).Fact
	}
	return "expected " + mismatch + "; " + a.keys(secrets)
}

// pointToFile gives a mismatch between an answer and a user's own file the
// file as what to look at, unless there is something better.
func (p *Provider) pointToFile(e *auth.Error) *auth.Error {
	if !p.BuiltIn && p.Path != "" && e.Remedy == "" {
		e.Remedy, e.Subject = auth.RemedyMatch, p.Path
	}
	return e
}

// codeOf returns the vendor's code, and what ok expected where it does not
// accept the answer. Where error.code finds no code, what ok does not accept
// is the code.
func (s *Spec) codeOf(a *answer) (code, mismatch string) {
	for _, path := range sortedKeys(s.OK) {
		text, p := a.lookup(path)
		if p == structured || !slices.Contains(s.OK[path], text) {
			mismatch = cmp.Or(mismatch, auth.Printable(path+" to be "+oneOf(s.OK[path])))
			code = cmp.Or(code, text)
		}
	}
	return cmp.Or(s.failureCode(a), code), mismatch
}

// oneOf writes texts as people list them; the empty one accepts absence.
func oneOf(texts []string) string {
	var names []string
	for _, text := range texts {
		names = append(names, cmp.Or(text, "absent"))
	}
	return strings.Join(names, " or ")
}

// classify gives a failure its kind: what the code means first, then HTTP.
// foreign means a code inside 2xx that is not known.
func (p *Provider) classify(a *answer, code string, foreign bool, secrets []auth.Secret) *auth.Error {
	cause := ""
	if a.status < 200 || a.status > 299 {
		cause = ": " + a.httpCause(secrets)
	}
	meaning := p.meaningOf(code)
	if meaning == "" {
		switch {
		case a.status == http.StatusTooManyRequests:
			meaning = CodeThrottled
		case a.status >= 500:
			meaning = CodeTransient
		case a.status == http.StatusUnauthorized:
			meaning = CodeDenied
		case a.status == http.StatusForbidden, foreign:
			meaning = CodeRefused
		}
	}
	if meaning != "" {
		return p.failure(meaning, cause)
	}
	if cause != "" {
		return &auth.Error{Kind: auth.Vendor, Fact: "the vendor did not give a token" + cause, Remedy: auth.RemedyLookUp, Subject: p.Docs}
	}
	return notDocumented(a, secrets)
}

// failure is the error for what a code means. No cause is named that the
// vendor did not name: only CodeDenied is about the credentials. The status is
// part of the fact, which a stored failure keeps.
func (p *Provider) failure(meaning, cause string) *auth.Error {
	switch meaning {
	case CodeDenied:
		return &auth.Error{Kind: auth.Denied, Fact: "credentials refused by the vendor" + cause, Remedy: auth.RemedyLogin}
	case CodeRefused:
		return &auth.Error{Kind: auth.Denied, Fact: "refused by the vendor" + cause, Remedy: auth.RemedyLookUp, Subject: p.Docs}
	case CodeThrottled:
		return &auth.Error{Kind: auth.Throttled, Fact: "throttled by the vendor" + cause, Retryable: true}
	}
	return &auth.Error{Kind: auth.Vendor, Fact: "the vendor reported an internal error" + cause, Retryable: true}
}

// httpCause names the status and, for a page in JSON's place, its type.
func (a *answer) httpCause(secrets []auth.Secret) string {
	if t := a.mediaType(); a.err != nil && t != "" && !strings.EqualFold(t, "application/json") {
		return fmt.Sprintf("HTTP %d (%s)", a.status, auth.Printable(t, secrets...))
	}
	return fmt.Sprintf("HTTP %d", a.status)
}

// notDocumented is an answer in HTTP 2xx that is neither success nor failure.
func notDocumented(a *answer, secrets []auth.Secret) *auth.Error {
	fact := "the response does not match the vendor's documentation"
	if a.err != nil {
		fact = a.err.Error()
		if t := a.mediaType(); t != "" && errors.Is(a.err, errNotJSON) {
			fact += " (" + auth.Printable(t, secrets...) + ")"
		}
	}
	return &auth.Error{Kind: auth.Vendor, Fact: fact}
}

func (s *Spec) noToken(a *answer, secrets []auth.Secret) *auth.Error {
	if a.err != nil {
		return notDocumented(a, secrets)
	}
	fact := "no token in the response at " + strings.Join(s.Token, " or ")
	for _, path := range s.Token {
		if kind := a.kindAt(path); kind != "" {
			if len(s.Token) == 1 {
				path = "it"
			}
			return &auth.Error{Kind: auth.Vendor, Fact: fact + ": " + path + " is " + kind}
		}
	}
	return &auth.Error{Kind: auth.Vendor, Fact: fact + "; " + a.keys(secrets)}
}

// meansSuccess reports whether ok accepts the code where the code stands.
func (s *Spec) meansSuccess(code string) bool {
	for _, path := range s.Error.Code {
		if slices.Contains(s.OK[path], code) {
			return true
		}
	}
	return false
}

// worthAgain reports failures that one more request may get past: what the
// Spec calls transient, and a gateway's 502, 503 and 504.
func (s *Spec) worthAgain(a *answer, failure *auth.Error) bool {
	if failure.Kind != auth.Vendor || !failure.Retryable {
		return false
	}
	switch a.status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	code, _ := s.codeOf(a)
	return s.meaningOf(code) == CodeTransient
}

func short(s string) string {
	if runes := []rune(s); len(runes) > maxVendorCode {
		return string(runes[:maxVendorCode])
	}
	return s
}
