package providers

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// DryRun is the request as text: method and URL, headers in order, body. Of
// the credentials it shows what is no secret; what is missing stands as
// {name}. The endpoint is the credentials', else the Spec's.
func (e *Engine) DryRun(creds auth.Credentials) (string, error) {
	endpoint := creds.Endpoint
	if endpoint == "" {
		endpoint = e.Provider.Endpoint
	}
	shown, err := e.shown(endpoint, creds)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", shown.line)
	for _, header := range shown.headers {
		fmt.Fprintf(&b, "%s\n", header)
	}
	if shown.body != "" {
		fmt.Fprintf(&b, "\n%s\n", shown.body)
	}
	return b.String(), nil
}

// shownRequest is a request that may be printed.
type shownRequest struct {
	line    string // method and URL
	headers []string
	body    string
}

// shown makes the request anew from values that are no secret, so that no
// escaping or encoding can carry one past a search for it.
func (e *Engine) shown(endpoint string, creds auth.Credentials) (*shownRequest, error) {
	s := e.Provider.Spec
	base, err := baseURL(endpoint, creds.InsecureHTTP)
	if err != nil {
		return nil, err
	}
	placeholders := []string{url.QueryEscape(auth.Redacted), auth.Redacted}
	public := map[string]string{}
	for _, v := range s.Vars {
		name := "{" + v.Name + "}"
		placeholders = append(placeholders, url.QueryEscape(name), name)
		switch given := creds.Vars[v.Name]; {
		case v.Secret:
			public[v.Name] = auth.Redacted
		case given.IsEmpty():
			public[v.Name] = name
		default:
			public[v.Name] = given.Reveal()
		}
	}
	w, err := s.newWire(base, e.userAgent(), func(name string) (string, error) { return public[name], nil })
	if err != nil {
		return nil, err
	}
	readable := strings.NewReplacer(placeholders...)
	// A variable marked public may still be a copy of a secret one.
	clean := func(text string) string { return auth.Redact(readable.Replace(text), s.secrets(creds)...) }
	if len(s.Request.Basic) == 2 {
		w.header.Set("Authorization", "Basic "+auth.Redacted)
	}
	shown := &shownRequest{line: w.method + " " + clean(w.url.String()), body: clean(string(w.body))}
	for _, name := range sortedKeys(w.header) {
		shown.headers = append(shown.headers, name+": "+clean(w.header.Get(name)))
	}
	return shown, nil
}
