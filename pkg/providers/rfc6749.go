package providers

import (
	"cmp"
	"strings"
)

// The errors of RFC 6749 sections 4.1.2.1 and 5.2, of RFC 8628 section 3.5
// and what they mean. Most vendors use these words even where their documents
// do not list them, in HTTP 400 and in HTTP 200 alike.
func oauth2Error(code string) (meaning string) {
	switch code {
	case "invalid_client", "invalid_grant", "unauthorized_client", "access_denied", "invalid_scope":
		// Which of them a wrong secret gets differs from vendor to vendor:
		// Keycloak says unauthorized_client, Auth0 access_denied.
		return CodeDenied
	case "slow_down":
		return CodeThrottled
	case "temporarily_unavailable":
		return CodeTransient
	}
	return ""
}

// Where RFC 6749 section 5.2 puts a failure.
const (
	oauth2Code    = "error"
	oauth2Message = "error_description"
)

// failureCode is the vendor's code, as the Spec's error.code or else RFC 6749
// has it: what stands before a vendor's API, such as a gateway, has errors of
// its own. Where a Spec describes errors of another kind, only a word that it
// or RFC 6749 defines counts as a code; nowhere does one that says that
// nothing is wrong.
func (s *Spec) failureCode(a *answer) string {
	if code := a.first(s.Error.Code); code != "" {
		return code
	}
	code, _ := a.text(oauth2Code)
	described := len(s.Error.Code)+len(s.Error.Message)+len(s.Error.Trace) > 0
	switch known := s.meaningOf(code) != ""; {
	case !known && described, code == "0", strings.EqualFold(code, "ok"), strings.EqualFold(code, "success"), strings.EqualFold(code, "false"):
		return ""
	}
	return code
}

// failureMessage is the vendor's own words for a failure.
func (s *Spec) failureMessage(a *answer) string {
	return cmp.Or(a.first(s.Error.Message), a.first([]string{oauth2Message}))
}

// meaningOf is what a code means: what the Spec says first.
func (s *Spec) meaningOf(code string) string {
	if meaning := s.Codes[code]; meaning != "" {
		return meaning
	}
	return oauth2Error(code)
}

// CodePaths are where an answer of the vendor's says what went wrong.
func (s *Spec) CodePaths() []string {
	if len(s.Error.Code) > 0 {
		return s.Error.Code
	}
	return []string{oauth2Code}
}
