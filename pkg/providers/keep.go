package providers

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/hauth/hauth/pkg/auth"
)

// maxKept bounds a kept value, in bytes.
const maxKept = 2 << 10

// keep collects what API calls need beside the token: the values of the
// answer that the Spec names, and variables that are not secret. A URL among
// them decides where the token goes, and is checked like an endpoint.
func (s *Spec) keep(a *answer, creds auth.Credentials) (map[string]string, error) {
	kept := s.Carries(creds.Vars)
	for _, name := range sortedKeys(s.Keep) {
		path := s.Keep[name]
		text, ok := a.text(path)
		if !ok {
			return nil, &auth.Error{Kind: auth.Vendor, Fact: fmt.Sprintf("no text in the response at %s, which keep names", path)}
		}
		if !keepable(text) {
			return nil, &auth.Error{Kind: auth.Vendor, Fact: fmt.Sprintf("the value at %s cannot be kept: it must be one line of visible text, at most %d bytes", path, maxKept)}
		}
		if kept == nil {
			kept = map[string]string{}
		}
		kept[name] = text
	}
	for _, template := range s.API {
		if s.firstKept(template) == "" {
			continue
		}
		if err := s.checkKeptURL(template, kept, creds); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

func keepable(text string) bool {
	return text != "" && len(text) <= maxKept && text == strings.TrimSpace(text) &&
		!strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
}

// checkKeptURL wants https for where the token will go, or else the scheme
// and the host that the credentials went to.
func (s *Spec) checkKeptURL(template string, kept map[string]string, creds auth.Credentials) error {
	base, err := baseURL(isEndpoint, creds.Endpoint, creds.InsecureHTTP)
	if err != nil {
		return err
	}
	u, err := resolveURL(isAPI, template, s.carried(auth.Token{Kept: kept}), true)
	if err == nil && (u.Scheme == "https" || u.Scheme == base.Scheme && u.Host == base.Host) {
		return nil
	}
	path := s.Keep[s.firstKept(template)]
	return &auth.Error{Kind: auth.Vendor, Fact: fmt.Sprintf("the value at %s is not an https URL or part of one: the token is not sent there", path)}
}
