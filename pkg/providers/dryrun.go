package providers

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// DryRun is the request as text: method and URL, headers in order, body. Of
// the credentials it shows what is not secret; what is missing stands as
// {name}. The endpoint is the credentials', else the Spec's. What is signed
// and what runs in the request's place is shown as the file writes it.
func (e *Engine) DryRun(creds auth.Credentials) (string, error) {
	var b strings.Builder
	if e.Provider.Request.Method != "" {
		shown, err := e.shown(creds)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s\n", shown.line)
		for _, header := range shown.headers {
			fmt.Fprintf(&b, "%s\n", header)
		}
		if shown.body != "" {
			fmt.Fprintf(&b, "\n%s\n", shown.body)
		}
	}
	made, err := e.showMade(creds)
	if err != nil {
		return "", err
	}
	if made != "" && b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String() + made, nil
}

// shownRequest is a request that may be printed.
type shownRequest struct {
	line    string // method and URL
	headers []string
	body    string
}

// shown makes the request anew from values that are not secret, so that no
// escaping or encoding can carry one past a search for it.
func (e *Engine) shown(creds auth.Credentials) (*shownRequest, error) {
	s := e.Provider.Spec
	value, clean := s.publicValues(creds)
	base := &url.URL{}
	prefix := "{endpoint}"
	switch {
	case creds.Endpoint != "":
		u, err := baseURL(isEndpoint, creds.Endpoint, creds.InsecureHTTP)
		if err != nil {
			return nil, err
		}
		base, prefix = u, u.Scheme+"://"+u.Host
	case s.Endpoint != "":
		var err error
		if prefix, err = expand(s.Endpoint, value); err != nil {
			return nil, err
		}
	}
	w, err := s.newWire(base, e.userAgent(), value)
	if err != nil {
		return nil, err
	}
	if len(s.Request.Basic) == 2 {
		w.header.Set("Authorization", "Basic "+auth.Redacted)
	}
	w.url.Scheme, w.url.Host = "", ""
	shown := &shownRequest{line: w.method + " " + clean(prefix+w.url.String()), body: clean(string(w.body))}
	for _, name := range sortedKeys(w.header) {
		shown.headers = append(shown.headers, name+": "+clean(w.header.Get(name)))
	}
	return shown, nil
}

// publicValues stand in for the real ones where a request is shown. clean
// makes what came of them readable, and redacts: a variable marked public may
// still be a copy of a secret one.
func (s *Spec) publicValues(creds auth.Credentials) (_ values, clean func(string) string) {
	var placeholders []string
	for _, name := range []string{nameNowS, nameNowMS, nameUUID, nameJWT, nameSign} {
		placeholders = append(placeholders, escapes("{"+name+"}")...)
	}
	placeholders = append(placeholders, escapes(auth.Redacted)...)
	public := map[string]string{}
	for _, v := range s.Vars {
		name := "{" + v.Name + "}"
		placeholders = append(placeholders, escapes(name)...)
		switch given := creds.Vars[v.Name]; {
		case v.Secret:
			public[v.Name] = auth.Redacted
		case !given.IsEmpty():
			public[v.Name] = given.Reveal()
		case v.Default != "":
			public[v.Name] = v.Default
		default:
			public[v.Name] = name
		}
	}
	readable := strings.NewReplacer(placeholders...)
	clean = func(text string) string { return auth.Redact(readable.Replace(text), s.secrets(creds)...) }
	return func(name string) (string, error) {
		if text, ok := public[name]; ok {
			return text, nil
		}
		return "{" + name + "}", nil
	}, clean
}

// escapes pairs the forms that URLs give a text with the text itself.
func escapes(text string) []string {
	return []string{url.QueryEscape(text), text, url.PathEscape(text), text}
}

// showMade shows how {jwt} and {sign} are made and what command runs.
func (e *Engine) showMade(creds auth.Credentials) (string, error) {
	s := e.Provider.Spec
	value, clean := s.publicValues(creds)
	var b strings.Builder
	if j := s.JWT; j.Alg != "" {
		header, err := s.encodeJSON(j.header(), nil, value)
		if err != nil {
			return "", err
		}
		claims, err := s.shownClaims(value)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "{jwt}, signed with %s:\n%s\n%s\n", j.Key, clean(string(header)), clean(string(claims)))
	}
	if s.Sign.Alg != "" {
		key := ""
		if s.Sign.Key != "" {
			key = " with " + s.Sign.Key
		}
		fmt.Fprintf(&b, "{sign}, %s%s in %s over:\n%s\n", s.Sign.Alg, key, s.Sign.As, clean(strings.Join(s.Sign.Over, "")))
	}
	if len(s.Command) > 0 {
		input, err := s.shownInput(value)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "runs %s\nwith this on stdin:\n%s\n", clean(strings.Join(s.Command, " ")), clean(string(input)))
	}
	return b.String(), nil
}

func (s *Spec) shownClaims(value values) ([]byte, error) {
	filled, err := expandJSON(s.JWT.Claims, "", func(_, template string) (any, error) { return s.jsonText(template, value, false) })
	if err != nil {
		return nil, err
	}
	claims, now := filled.(map[string]any), "{"+nameNowS+"}"
	life := fmt.Sprintf("%d", int(s.JWT.Life.Seconds()))
	if s.JWT.Millis {
		now, life = "{"+nameNowMS+"}", fmt.Sprintf("%d", s.JWT.Life.Milliseconds())
	}
	claims["iat"], claims["exp"] = now, now+"+"+life
	if s.JWT.NBF {
		claims["nbf"] = now + "-5s"
	}
	if s.JWT.JTI {
		claims["jti"] = "{" + nameUUID + "}"
	}
	return compactJSON(claims)
}

func (s *Spec) shownInput(value values) ([]byte, error) {
	object := map[string]any{"endpoint": "{endpoint}"}
	for _, v := range s.Vars {
		text, err := value(v.Name)
		if err != nil && !errors.Is(err, errLeftOut) {
			return nil, err
		}
		object[v.Name] = text
	}
	return compactJSON(object)
}
