package providers

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// ResolveEndpoint fills the Spec's endpoint with the values of its variables
// and returns its normal form, as [CheckEndpoint] does. A Spec that sends no
// request and names no endpoint has the first API in its place. An error is an
// *auth.Error of kind Usage; where it is that the Spec has no endpoint,
// [Spec.NeedsEndpoint] reports true.
func (s *Spec) ResolveEndpoint(vars map[string]auth.Secret, insecureOK bool) (string, error) {
	template := s.endpointTemplate()
	if template == "" {
		return "", &auth.Error{Kind: auth.Usage, Fact: "the provider has no endpoint of its own", Remedy: auth.RemedyEndpointForm}
	}
	creds := auth.Credentials{Vars: vars}
	if err := s.checkNamed(template, creds); err != nil {
		return "", err
	}
	u, err := resolveURL(isEndpoint, template, s.variables(creds), insecureOK)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// NeedsEndpoint reports that the Spec has no endpoint of its own: login asks
// for one.
func (s *Spec) NeedsEndpoint() bool { return s.endpointTemplate() == "" }

func (s *Spec) endpointTemplate() string {
	if s.Endpoint == "" && len(s.API) > 0 && s.Request.Method == "" && s.firstKept(s.API[0]) == "" {
		return s.API[0]
	}
	return s.Endpoint
}

// EndpointVars lists the variables that the endpoint depends on, in the
// Spec's order: they have to be known before it can be shown.
func (s *Spec) EndpointVars() []Var {
	names, _ := templateNames(s.endpointTemplate())
	var vars []Var
	for _, v := range s.Vars {
		if slices.Contains(names, v.Name) {
			vars = append(vars, v)
		}
	}
	return vars
}

// APIBases are the base URLs of the account's API. A relative URL is appended
// to the first; each of them may get the token, and nothing else may. endpoint
// is the account's own, api the base that the user named instead of the
// Spec's, or empty. token brings the values that the Spec's API names.
func (s *Spec) APIBases(endpoint, api string, token auth.Token) ([]string, error) {
	switch {
	case api != "":
		u, err := baseURL(isAPI, api, true) // login asked whether plain http is meant
		if err != nil {
			return nil, err
		}
		return []string{u.String()}, nil
	case len(s.API) == 0:
		return []string{endpoint}, nil
	}
	insecureOK := strings.HasPrefix(endpoint, "http://") // which login asked about, too
	var bases []string
	for _, template := range s.API {
		u, err := resolveURL(isAPI, template, s.carried(token), insecureOK)
		if err != nil {
			return nil, err
		}
		bases = append(bases, u.String())
	}
	return bases, nil
}

// resolveURL fills a base URL's template. What stands in its path is escaped;
// what stands in its host was checked to keep to its place.
func resolveURL(what, template string, value values, insecureOK bool) (*url.URL, error) {
	if name, rest, ok := leading(template); ok {
		text, err := value(name)
		if err != nil {
			return nil, err
		}
		path, err := expand(rest, escaped(value))
		if err != nil {
			return nil, err
		}
		return baseURL(what, strings.TrimRight(text, "/")+path, insecureOK)
	}
	host, path := splitBase(template)
	host, err := expand(host, value)
	if err != nil {
		return nil, err
	}
	if path, err = expand(path, escaped(value)); err != nil {
		return nil, err
	}
	if _, rest, _ := strings.Cut(host, "://"); strings.ContainsAny(rest, "/@?#\\") {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "a value would change the host of " + what, Remedy: auth.RemedyEndpointForm}
	}
	return baseURL(what, host+path, insecureOK)
}

// leading returns the name that a base URL's template begins with, for a value
// that is a URL itself, and the path that follows it.
func leading(template string) (name, path string, ok bool) {
	head, path, closed := strings.Cut(template, "}")
	name, ok = only(head + "}")
	return name, path, ok && closed && (path == "" || path[0] == '/')
}

// splitBase separates scheme and host from the path of a base URL's template.
func splitBase(template string) (host, path string) {
	scheme, rest, ok := strings.Cut(template, "://")
	if !ok {
		return template, ""
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return scheme + "://" + rest[:i], rest[i:]
	}
	return template, ""
}

// checkNamed checks the variables that a template names.
func (s *Spec) checkNamed(template string, creds auth.Credentials) error {
	names, err := templateNames(template)
	if err != nil {
		return &auth.Error{Kind: auth.Usage, Fact: err.Error()}
	}
	for _, name := range names {
		if v, ok := s.Var(name); ok {
			if err := v.Check(creds.Vars[name].Reveal()); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstKept is the first name of Keep that a template uses; empty: none.
func (s *Spec) firstKept(template string) string {
	names, _ := templateNames(template)
	for _, name := range names {
		if _, ok := s.Keep[name]; ok {
			return name
		}
	}
	return ""
}

// Carries returns the values that API calls need beside the token itself: the
// variables that Use and API name and that have a value. They are not secret.
// An exchange puts them into the token's Kept.
func (s *Spec) Carries(vars map[string]auth.Secret) map[string]string {
	templates := slices.Clone(s.API)
	for _, group := range []map[string]string{s.Use.Headers, s.Use.Query, s.Use.Form} {
		templates = slices.AppendSeq(templates, maps.Values(group))
	}
	value := s.variables(auth.Credentials{Vars: vars})
	var kept map[string]string
	for _, template := range templates {
		names, _ := templateNames(template)
		for _, name := range names {
			if v, ok := s.Var(name); !ok || v.Secret {
				continue
			}
			if text, err := value(name); err == nil {
				if kept == nil {
					kept = map[string]string{}
				}
				kept[name] = text
			}
		}
	}
	return kept
}

// carried are the values that a token brings along.
func (s *Spec) carried(token auth.Token) values {
	return func(name string) (string, error) {
		if text := token.Kept[name]; text != "" {
			return text, nil
		}
		if v, ok := s.Var(name); ok {
			switch {
			case v.Default != "":
				return v.Default, nil
			case v.Optional:
				return "", errLeftOut
			}
		}
		return "", &auth.Error{Kind: auth.Store, Fact: "the stored token does not bring " + name + " along, which API calls need", Remedy: auth.RemedyRefresh}
	}
}
