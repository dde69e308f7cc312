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
	errTooBig  = errors.New("the answer is larger than 1 MiB")
	errEncoded = errors.New("the answer is encoded, which was not asked for")
)

// maxVendorCode bounds a vendor's code, in characters.
const maxVendorCode = 64

// judge decides whether an answer means success. Nil does: HTTP 2xx, and
// every path of ok finds a text that it accepts. The secrets, the answer's own
// tokens among them, show in no failure.
func (s *Spec) judge(a *answer, c clock, secrets []auth.Secret) *auth.Error {
	success := a.status >= 200 && a.status < 300
	code, accepted := s.codeOf(a)
	token, _ := a.text(s.Token)
	if success && accepted {
		switch {
		case errors.Is(a.err, errTooBig), errors.Is(a.err, errEncoded):
			return notDocumented(a, secrets)
		case token != "": // an empty one must not hide a refusal
			return nil
		case code == "" || s.meansSuccess(code):
			return s.noToken(a, secrets)
		}
		// A code that ok does not look at: a failure after all.
	}
	failure := s.classify(a, code, success && code != "" && !s.meansSuccess(code), secrets)
	if code != "" {
		failure.VendorCode = strings.TrimRight(short(auth.Printable(code, secrets...)), ": ") // ": " follows it
	}
	failure.VendorMessage = auth.Printable(a.first(s.Error.Message), secrets...)
	failure.TraceID = auth.Printable(a.first(s.Error.Trace), secrets...)
	if a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable || failure.Kind == auth.Throttled {
		failure.RetryAfter = retryAfter(a.header.Get("Retry-After"), c.vendorNow)
	}
	return failure
}

// codeOf returns the vendor's code, and whether ok accepts the answer. Where
// no path of error.code finds one, what ok does not accept is the code.
func (s *Spec) codeOf(a *answer) (code string, accepted bool) {
	accepted = true
	for _, path := range sortedKeys(s.OK) {
		text, p := a.lookup(path)
		if p == structured || !slices.Contains(s.OK[path], text) {
			accepted = false
			code = cmp.Or(code, text)
		}
	}
	return cmp.Or(a.first(s.Error.Code), code), accepted
}

// classify gives a failure its kind: what codes says first, then HTTP.
// refused means a foreign code inside 2xx.
func (s *Spec) classify(a *answer, code string, refused bool, secrets []auth.Secret) *auth.Error {
	var cause error
	if a.status < 200 || a.status > 299 {
		cause = a.httpCause(secrets)
	}
	meaning := s.Codes[code]
	if meaning == "" {
		switch {
		case a.status == http.StatusTooManyRequests:
			meaning = CodeThrottled
		case a.status >= 500:
			meaning = CodeTransient
		case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, refused:
			meaning = CodeDenied
		}
	}
	switch meaning {
	case CodeDenied:
		return &auth.Error{Kind: auth.Denied, Fact: "credentials refused by the vendor", Err: cause}
	case CodeThrottled:
		return &auth.Error{Kind: auth.Throttled, Fact: "throttled by the vendor", Retryable: true, Err: cause}
	case CodeTransient:
		return &auth.Error{Kind: auth.Vendor, Fact: "the vendor has a failure of its own", Retryable: true, Err: cause}
	}
	if cause != nil {
		return &auth.Error{Kind: auth.Vendor, Fact: "the vendor did not give a token", Err: cause}
	}
	return notDocumented(a, secrets)
}

// httpCause names the status and, for a page in JSON's place, its type.
func (a *answer) httpCause(secrets []auth.Secret) error {
	if t := a.mediaType(); a.err != nil && t != "" && t != "application/json" {
		return fmt.Errorf("HTTP %d (%s)", a.status, auth.Printable(t, secrets...))
	}
	return fmt.Errorf("HTTP %d", a.status)
}

// notDocumented is an answer in HTTP 2xx that is neither success nor failure.
func notDocumented(a *answer, secrets []auth.Secret) *auth.Error {
	op := "the answer is not as the vendor documents it"
	if a.err != nil {
		op = a.err.Error()
		if t := a.mediaType(); t != "" && errors.Is(a.err, errNotJSON) {
			op += " (" + auth.Printable(t, secrets...) + ")"
		}
	}
	return &auth.Error{Kind: auth.Vendor, Fact: op}
}

func (s *Spec) noToken(a *answer, secrets []auth.Secret) *auth.Error {
	if a.err != nil {
		return notDocumented(a, secrets)
	}
	return &auth.Error{Kind: auth.Vendor, Fact: "the answer holds no token at " + s.Token}
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

// tokensIn lists the tokens that even a failure may hold.
func (s *Spec) tokensIn(a *answer) []auth.Secret {
	text, p := a.lookup(s.Token)
	if p != scalar {
		return nil
	}
	return []auth.Secret{auth.NewSecret(text), auth.NewSecret(s.bareToken(text))}
}

// worthAgain reports failures that one more request may get past: what the
// Spec calls transient, and a gateway's 502, 503 and 504.
func worthAgain(s *Spec, a *answer, failure *auth.Error) bool {
	if failure.Kind != auth.Vendor || !failure.Retryable {
		return false
	}
	switch a.status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	code, _ := s.codeOf(a)
	return s.Codes[code] == CodeTransient
}

func short(s string) string {
	if runes := []rune(s); len(runes) > maxVendorCode {
		return string(runes[:maxVendorCode])
	}
	return s
}
