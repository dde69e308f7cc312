package hauth

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Apply makes req carry the token the way the account's vendor wants it: in
// headers, which replace those of the same name, in the query, or in a form
// body. It does not look at where the request goes; [Client.Transport] does.
func (a *Account) Apply(req *http.Request, token auth.Token) error {
	carried, err := a.Carry(token)
	if err != nil {
		return err
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	for _, h := range carried.Headers {
		setHeader(req.Header, h[0], h[1])
	}
	if len(carried.Query) > 0 {
		u := *req.URL
		u.RawQuery = joinPairs(withoutPairs(u.RawQuery, carried.Query), encodePairs(carried.Query))
		req.URL = &u
	}
	if len(carried.Form) > 0 {
		return named(a.Name, applyForm(req, carried.Form))
	}
	return nil
}

// setHeader sets a header and removes those that some servers treat as the
// same one, because they read "_" as "-".
func setHeader(h http.Header, name, value string) {
	for other := range h {
		if strings.EqualFold(strings.ReplaceAll(other, "_", "-"), strings.ReplaceAll(name, "_", "-")) {
			delete(h, other)
		}
	}
	h.Set(name, value)
}

// API lists the base URLs of the account's API. A relative URL is appended to
// the first; each of them may get the token, and nothing else may.
func (a *Account) API(token auth.Token) ([]string, error) {
	provider, err := a.Provider()
	if err != nil {
		return nil, err
	}
	bases, err := provider.APIBases(a.endpoint, a.api, token)
	return bases, named(a.Name, err)
}

// refusal says how the API tells inside a 2xx answer that the token is dead.
func (a *Account) refusal() refusal {
	provider, err := a.provider()
	if err != nil {
		return refusal{}
	}
	return refusal{paths: provider.Spec.CodePaths(), codes: provider.Spec.Use.Refused}
}

// withoutPairs removes parameters with the pairs' names from a query or a
// form, and keeps the order and the spelling of the others.
func withoutPairs(query string, pairs [][2]string) string {
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		if err == nil && hasName(pairs, name) {
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, "&")
}

func joinPairs(first, then string) string {
	if first == "" || then == "" {
		return first + then
	}
	return first + "&" + then
}

func hasName(pairs [][2]string, name string) bool {
	for _, p := range pairs {
		if p[0] == name {
			return true
		}
	}
	return false
}

func encodePairs(pairs [][2]string) string {
	var parts []string
	for _, p := range pairs {
		parts = append(parts, url.QueryEscape(p[0])+"="+url.QueryEscape(p[1]))
	}
	return strings.Join(parts, "&")
}

const formType = "application/x-www-form-urlencoded"

// maxForm is the longest form, in bytes, that is read as a whole.
const maxForm = 1 << 20

// applyForm puts pairs before the fields of a form body, and takes fields of
// the same names out of it. A form that is longer than maxForm, or of
// unknown length, is streamed, and its fields are left as they are.
func applyForm(req *http.Request, pairs [][2]string) error {
	mediaType, _, _ := strings.Cut(req.Header.Get("Content-Type"), ";")
	empty := req.Body == nil || req.Body == http.NoBody
	if !empty && !strings.EqualFold(strings.TrimSpace(mediaType), formType) {
		return &auth.Error{Kind: auth.Usage, Fact: "this vendor wants the token in a form, and the request's body is not one"}
	}
	prefix := encodePairs(pairs)
	switch {
	case empty:
		req.Header.Set("Content-Type", formType)
		setForm(req, prefix, nil)
		return nil
	case req.ContentLength > 0 && req.ContentLength <= maxForm:
		fields, err := io.ReadAll(io.LimitReader(req.Body, maxForm))
		if err != nil {
			return errBody(err)
		}
		setForm(req, joinPairs(prefix, withoutPairs(string(fields), pairs)), req.Body)
		return nil
	}
	prefix += "&"
	before := func(body io.ReadCloser) io.ReadCloser {
		return joinedBody{io.MultiReader(strings.NewReader(prefix), body), body}
	}
	if getBody := req.GetBody; getBody != nil {
		req.GetBody = func() (io.ReadCloser, error) {
			body, err := getBody()
			if err != nil {
				return nil, err
			}
			return before(body), nil
		}
	}
	if req.ContentLength > 0 {
		req.ContentLength += int64(len(prefix))
	}
	req.Body = before(req.Body)
	return nil
}

// setForm makes a text the request's body; closing it closes the body that
// it replaces.
func setForm(req *http.Request, form string, from io.Closer) {
	req.ContentLength = int64(len(form))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(form)), nil }
	req.Body = io.NopCloser(strings.NewReader(form))
	if from != nil {
		req.Body = joinedBody{strings.NewReader(form), from}
	}
}

// joinedBody reads from one and closes the other.
type joinedBody struct {
	io.Reader
	io.Closer
}

var errNotAPI = errors.New("the request does not go to the account's API, so it does not get the token")
