package providers

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// wire is a request as it will be sent. Its values come from a function, so
// that the same code makes the real request and the one to be shown.
type wire struct {
	method string
	url    url.URL
	header http.Header
	body   []byte
}

// values gives the value of a variable.
type values func(name string) (string, error)

// realValues are the credentials' own.
func realValues(creds auth.Credentials) values {
	return func(name string) (string, error) {
		secret, ok := creds.Vars[name]
		if !ok || secret.IsEmpty() {
			return "", &auth.Error{Kind: auth.Usage, Fact: "the credentials hold no " + name, Remedy: auth.RemedyLogin}
		}
		return secret.Reveal(), nil
	}
}

// newWire fills the Spec's request. Every error is of kind Usage and names
// the place, never the value.
func (s *Spec) newWire(base *url.URL, userAgent string, value values) (*wire, error) {
	r := &s.Request
	w := &wire{method: r.Method, url: *base, header: http.Header{}}
	w.url.Path += r.Path
	if w.url.RawPath != "" {
		w.url.RawPath += r.Path
	}
	w.header.Set("Accept", "application/json")
	w.header.Set("Accept-Encoding", "identity")
	w.header.Set("User-Agent", userAgent)
	if err := w.setBody(r, value); err != nil {
		return nil, err
	}
	query, err := encodePairs(r.Query, value)
	if err != nil {
		return nil, err
	}
	w.url.RawQuery = query
	if err := w.setBasic(r, value); err != nil {
		return nil, err
	}
	for _, name := range sortedKeys(r.Headers) {
		text, err := expand(r.Headers[name], value)
		if err != nil {
			return nil, err
		}
		if !validHeaderValue(text) {
			return nil, &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("the value for header %s holds a character that no header can carry", name)}
		}
		w.header.Set(name, text)
	}
	return w, nil
}

func (w *wire) setBody(r *Request, value values) error {
	switch {
	case r.JSON != nil:
		body, err := encodeJSON(r.JSON, value)
		if err != nil {
			return err
		}
		w.body = body
		w.header.Set("Content-Type", "application/json")
	case r.Form != nil:
		form, err := encodePairs(r.Form, value)
		if err != nil {
			return err
		}
		w.body = []byte(form)
		w.header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return nil
}

// setBasic joins id and secret as they are. OAuth 2 would escape both first,
// and a secret with + or % would arrive altered.
func (w *wire) setBasic(r *Request, value values) error {
	if len(r.Basic) != 2 {
		return nil
	}
	id, err := expand(r.Basic[0], value)
	if err != nil {
		return err
	}
	secret, err := expand(r.Basic[1], value)
	if err != nil {
		return err
	}
	if strings.Contains(id, ":") {
		return &auth.Error{Kind: auth.Usage, Fact: "the id holds a colon, which HTTP Basic cannot carry"}
	}
	w.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	return nil
}

// encodeJSON escapes what JSON must and nothing else: & < > stay, as every
// vendor's own example would send them. Keys are in order.
func encodeJSON(object map[string]any, value values) ([]byte, error) {
	filled, err := expandJSON(object, func(template string) (string, error) {
		text, err := expand(template, value)
		if err == nil && !utf8.ValidString(text) {
			// encoding/json would replace the bytes without a word.
			return "", &auth.Error{Kind: auth.Usage, Fact: "a value is not UTF-8, which JSON cannot carry"}
		}
		return text, err
	})
	if err != nil {
		return nil, err
	}
	body, err := text.JSON(filled)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "the request could not be written as JSON"}
	}
	return body, nil
}

func encodePairs(templates map[string]string, value values) (string, error) {
	pairs := url.Values{}
	for name, template := range templates {
		text, err := expand(template, value)
		if err != nil {
			return "", err
		}
		pairs.Set(name, text)
	}
	return pairs.Encode(), nil
}
