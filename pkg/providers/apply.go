package providers

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Apply puts the token onto an API request, as the Spec says: headers and
// parameters of the same name are replaced. It changes the request, so a
// RoundTripper clones it first. It does not ask whether the request's host may
// have the token; [Spec.APIBases] lists those that may.
func (s *Spec) Apply(req *http.Request, token auth.Token) error {
	c, err := s.Carry(token)
	if err != nil {
		return err
	}
	if len(c.Form) > 0 {
		if err := addForm(req, c.Form); err != nil {
			return err
		}
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	for _, header := range c.Headers {
		req.Header.Set(header[0], header[1])
	}
	if len(c.Query) > 0 {
		u := *req.URL
		u.RawQuery = withPairs(u.RawQuery, c.Query)
		req.URL = &u
	}
	return nil
}

// withPairs adds parameters to a query that is otherwise left as it is.
func withPairs(query string, pairs [][2]string) string {
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		taken := slices.ContainsFunc(pairs, func(pair [2]string) bool { return err == nil && pair[0] == plain })
		if part != "" && !taken {
			parts = append(parts, part)
		}
	}
	return strings.Join(append(parts, encoded(pairs)), "&")
}

func encoded(pairs [][2]string) string {
	var parts []string
	for _, pair := range pairs {
		parts = append(parts, url.QueryEscape(pair[0])+"="+url.QueryEscape(pair[1]))
	}
	return strings.Join(parts, "&")
}

const formType = "application/x-www-form-urlencoded"

// addForm puts parameters before those of a form that the request has, which
// may be long and is not read.
func addForm(req *http.Request, pairs [][2]string) error {
	first := encoded(pairs)
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	hasBody := req.Body != nil && req.Body != http.NoBody
	switch {
	case req.Method == http.MethodGet || req.Method == http.MethodHead || req.Method == "":
		return &auth.Error{Kind: auth.Usage, Fact: "this vendor's token travels in a form, which a " + http.MethodGet + " request does not have: use POST"}
	case hasBody && !strings.EqualFold(kind, formType):
		return &auth.Error{Kind: auth.Usage, Fact: "this vendor's token travels in a form, and the request's body is not one"}
	case hasBody:
		first += "&"
	}
	prepend := func(body io.ReadCloser) io.ReadCloser {
		if !hasBody {
			return io.NopCloser(strings.NewReader(first))
		}
		return struct {
			io.Reader
			io.Closer
		}{io.MultiReader(strings.NewReader(first), body), body}
	}
	if again := req.GetBody; again != nil || !hasBody {
		req.GetBody = func() (io.ReadCloser, error) {
			if !hasBody {
				return prepend(nil), nil
			}
			body, err := again()
			if err != nil {
				return nil, err
			}
			return prepend(body), nil
		}
	}
	req.Body = prepend(req.Body)
	if req.ContentLength >= 0 {
		req.ContentLength += int64(len(first))
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Header.Set("Content-Type", formType)
	req.Header.Del("Content-Length")
	return nil
}
