package mockvendor

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// check reports what in a request for a token differs from the file.
func (f *fileVendor) check(r *http.Request, body []byte, now time.Time) error {
	m := f.match(now)
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errors.New("the query cannot be read")
	}
	for _, wrong := range []error{
		m.pairs("parameter", f.Query, query),
		m.headers(f.Headers, r),
		m.basic(r),
		m.body(r, body),
	} {
		if wrong != nil {
			return wrong
		}
	}
	if wrong := m.wrongMade(); wrong != "" {
		return errors.New(wrong)
	}
	return m.signatures()
}

// wrong is the error for a place whose value does not match its template.
func (m *match) wrong(place, template string) error {
	if m.secret(template) {
		return errWrongCredentials
	}
	return fmt.Errorf("%s does not match the file", place)
}

// pairs requires exactly these parameters, each once.
func (m *match) pairs(what string, templates map[string]string, got url.Values) error {
	for name := range got {
		if _, ok := templates[name]; !ok {
			return fmt.Errorf("a %s is not in the file", what)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		place, template := what+" "+name, templates[name]
		switch values := got[name]; {
		case len(values) == 0 && m.mayMiss(template):
		case len(values) != 1:
			return fmt.Errorf("%s must be present once", place)
		case !m.text(template, values[0]):
			return m.wrong(place, template)
		}
	}
	return nil
}

// headers requires these headers, each once. Others are allowed.
func (m *match) headers(templates map[string]string, r *http.Request) error {
	for _, name := range slices.Sorted(maps.Keys(templates)) {
		place, template := "header "+name, templates[name]
		switch values := r.Header.Values(name); {
		case len(values) == 0 && m.mayMiss(template):
		case len(values) != 1:
			return fmt.Errorf("%s must be present once", place)
		case !m.text(template, values[0]):
			return m.wrong(place, template)
		}
	}
	return nil
}

// basic requires HTTP Basic as the file describes it, or no Authorization at
// all.
func (m *match) basic(r *http.Request) error {
	if len(m.file.Basic) != 2 {
		for name := range m.file.Headers {
			if http.CanonicalHeaderKey(name) == "Authorization" {
				return nil
			}
		}
		if len(r.Header.Values("Authorization")) > 0 {
			return errors.New("header Authorization is not in the file")
		}
		return nil
	}
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return errors.New("header Authorization must be present once")
	}
	encoded, ok := strings.CutPrefix(values[0], "Basic ")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil {
		return errors.New("header Authorization is not HTTP Basic")
	}
	id, secret, _ := strings.Cut(string(raw), ":")
	for i, part := range []string{id, secret} {
		text := part
		if m.file.BasicForm {
			text, err = url.QueryUnescape(part)
		}
		if err != nil || m.file.BasicForm && url.QueryEscape(text) != part || !m.text(m.file.Basic[i], text) {
			return errWrongCredentials
		}
	}
	return nil
}

// fill replaces the names whose values are known in a template.
func (m *match) fill(template string) string {
	return expand(template, func(name string) string {
		value, _ := m.value(name)
		return value
	})
}

// body requires the body to have the form that the file describes, and
// nothing else in it.
func (m *match) body(r *http.Request, body []byte) error {
	f := m.file
	switch {
	case f.JSON != nil:
		if err := m.contentType(r, "application/json"); err != nil {
			return err
		}
		tree, err := readJSON(body)
		if err != nil {
			return err
		}
		return m.json(f.JSON, tree, "")
	case f.Form != nil:
		if err := m.contentType(r, "application/x-www-form-urlencoded"); err != nil {
			return err
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return errors.New("the form cannot be read")
		}
		return m.pairs("field", f.Form, form)
	case len(body) > 0:
		return errors.New("the body must be empty")
	}
	return nil
}

// contentType requires the media type of the body, unless the file names
// another in its headers.
func (m *match) contentType(r *http.Request, want string) error {
	for name := range m.file.Headers {
		if http.CanonicalHeaderKey(name) == "Content-Type" {
			return nil
		}
	}
	return checkContentType(r, want)
}

// carried is the token of a protected call that carries it as the file says.
func (f *fileVendor) carried(r *http.Request, form url.Values, now time.Time) (token string, ok bool) {
	m := f.match(now)
	query := r.URL.Query()
	for _, group := range []struct {
		templates map[string]string
		values    func(name string) []string
	}{
		{f.Use.Headers, r.Header.Values},
		{f.Use.Query, func(name string) []string { return query[name] }},
		{f.Use.Form, func(name string) []string { return form[name] }},
	} {
		for name, template := range group.templates {
			values := group.values(name)
			if len(values) == 0 && m.mayMiss(template) {
				continue
			}
			if len(values) != 1 || !m.text(template, values[0]) {
				return "", false
			}
		}
	}
	return m.made["token"], m.wrongMade() == ""
}
