package proxy

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
)

// rewrite turns a request to the proxy into one to the API.
func (r *route) rewrite(pr *httputil.ProxyRequest) {
	x := exchangeOf(pr.In.Context())
	_, rest, more := strings.Cut(strings.TrimPrefix(text.EscapedPath(pr.In.URL), "/"), "/")
	path := strings.TrimSuffix(text.EscapedPath(r.base), "/")
	if more || path == "" {
		path += "/" + rest
	}
	pr.Out.URL = withPath(r.base, path)
	pr.Out.URL.RawQuery, pr.Out.URL.ForceQuery = pr.In.URL.RawQuery, pr.In.URL.ForceQuery
	pr.Out.Host = "" // the API's

	h := pr.Out.Header
	for name, values := range h {
		if notForAPI(name) {
			delete(h, name)
			continue
		}
		// An address of the proxy, as in Referer and WebDAV's Destination,
		// becomes the API's, so that the secret in its path does not leak.
		for i, value := range values {
			if after, ok := strings.CutPrefix(value, x.self); ok && (after == "" || strings.ContainsAny(after[:1], "/?#")) {
				values[i] = strings.TrimSuffix(r.base.String(), "/") + after
			} else if strings.Contains(value, r.secret) {
				delete(h, name)
			}
		}
	}
	h.Set("Accept-Encoding", "identity") // otherwise a token in the response could not be masked
}

// misleading are headers from which some servers take the path, the host or the
// client's address, whatever they really are.
var misleading = [...]string{"X-Original-Url", "X-Original-Uri", "X-Original-Host", "X-Rewrite-Url", "X-Http-Host-Override", "X-Real-Ip"}

// notForAPI reports whether a header is not passed on. Some servers read "_" as
// "-".
func notForAPI(name string) bool {
	name = http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
	return strings.HasPrefix(name, "Hauth-") || strings.HasPrefix(name, "X-Forwarded-") || slices.Contains(misleading[:], name)
}

// withPath is base with another path, which is escaped already.
func withPath(base *url.URL, escaped string) *url.URL {
	u := *base
	u.Path, u.RawPath = escaped, ""
	if decoded, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = decoded, escaped
	}
	return &u
}

// toProxy rewrites a reference in a response: one within the API leads to
// the proxy, any other is left as it is.
func (r *route) toProxy(reference string, req *http.Request) string {
	u, err := url.Parse(reference)
	if err != nil {
		return reference
	}
	u.RawPath = text.EscapedPath(u)
	u = req.URL.ResolveReference(u)
	if !text.Within(r.base, u) {
		return u.String()
	}
	to := exchangeOf(req.Context()).self + strings.TrimPrefix(text.EscapedPath(u), strings.TrimSuffix(text.EscapedPath(r.base), "/"))
	if u.RawQuery != "" {
		to += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		to += "#" + u.EscapedFragment()
	}
	return to
}

// linksToProxy rewrites the references of a Link header, by which programs find
// the next page (RFC 8288).
func (r *route) linksToProxy(value string, req *http.Request) string {
	var b strings.Builder
	for {
		before, rest, _ := strings.Cut(value, "<")
		reference, after, ok := strings.Cut(rest, ">")
		if !ok {
			return b.String() + value
		}
		if begun := strings.TrimSpace(before); begun == "" && b.Len() == 0 || strings.HasSuffix(begun, ",") {
			reference = r.toProxy(reference, req)
		}
		b.WriteString(before + "<" + reference + ">")
		value = after
	}
}
