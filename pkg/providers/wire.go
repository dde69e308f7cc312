package providers

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

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

// newWire fills the Spec's request. Every error is of kind Usage and names
// the place, never the value.
func (s *Spec) newWire(base *url.URL, userAgent string, value values) (*wire, error) {
	r := &s.Request
	w := &wire{method: r.Method, url: *base, header: http.Header{}}
	if err := w.addPath(r.Path, value); err != nil {
		return nil, err
	}
	w.header.Set("Accept", "application/json")
	w.header.Set("Accept-Encoding", "identity")
	w.header.Set("User-Agent", userAgent)
	if err := w.setBody(s, value); err != nil {
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
		if errors.Is(err, errLeftOut) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !validHeaderValue(text) {
			return nil, badHeader(name)
		}
		w.header.Set(name, text)
	}
	return w, nil
}

func badHeader(name string) error {
	return &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("the value for header %s contains a character that no header can carry", name)}
}

// addPath appends the request's path. Values are escaped, so that each stays
// in the segment where the template puts it.
func (w *wire) addPath(template string, value values) error {
	path, err := expand(template, escaped(value))
	if err != nil {
		return err
	}
	raw := w.url.EscapedPath() + path
	plain, err := url.PathUnescape(raw)
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "the request's path cannot be written"}
	}
	w.url.Path, w.url.RawPath = plain, raw
	return nil
}

// escaped are the same values as segments of a path.
func escaped(value values) values {
	return func(name string) (string, error) {
		text, err := value(name)
		return url.PathEscape(text), err
	}
}

func (w *wire) setBody(s *Spec, value values) error {
	r := &s.Request
	switch {
	case r.JSON != nil:
		body, err := s.encodeJSON(r.JSON, r.AsText, value)
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

// setBasic joins id and secret as they are, unless the Spec wants both
// form-encoded first: few vendors decode them, and a secret with + or % would
// arrive altered.
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
	if r.BasicForm {
		id, secret = url.QueryEscape(id), url.QueryEscape(secret)
	}
	if strings.Contains(id, ":") {
		return &auth.Error{Kind: auth.Usage, Fact: "the id contains a colon, which HTTP Basic cannot carry"}
	}
	w.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	return nil
}

// encodeJSON fills an object's templates. It escapes what JSON must and
// nothing else: & < > stay, as every vendor's own example would send them.
// Keys are in order.
func (s *Spec) encodeJSON(object map[string]any, asText []string, value values) ([]byte, error) {
	filled, err := expandJSON(object, "", func(path, template string) (any, error) {
		return s.jsonText(template, value, slices.Contains(asText, path))
	})
	if err != nil {
		return nil, err
	}
	return compactJSON(filled)
}

func compactJSON(v any) ([]byte, error) {
	body, err := text.JSON(v)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "the request could not be written as JSON"}
	}
	return body, nil
}

func encodePairs(templates map[string]string, value values) (string, error) {
	pairs := url.Values{}
	for name, template := range templates {
		text, err := expand(template, value)
		if errors.Is(err, errLeftOut) {
			continue
		}
		if err != nil {
			return "", err
		}
		pairs.Set(name, text)
	}
	return pairs.Encode(), nil
}
