package providers

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

func (l *linter) target() {
	if l.Endpoint != "" {
		u, reason := parseEndpoint(l.Endpoint, false)
		if reason != "" {
			l.problem("endpoint", "%s", reason)
		} else {
			l.Endpoint = u.String()
		}
	} else if l.has("endpoint") {
		l.problem("endpoint", "endpoint is empty")
	}
	if path := l.Request.Path; path != "" {
		u, err := url.Parse(path)
		if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || u.Path != path || dotSegments(path) ||
			strings.ContainsAny(path, `?#{}\`) || strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r > '~' }) {
			l.problem("request.path", "request.path must be a plain path that begins with /: no query, fragment, template or escape")
		}
	}
}

func (l *linter) request() {
	r := &l.Request
	switch r.Method {
	case "GET", "POST", "PUT":
	default:
		if l.has("request.method") {
			l.problem("request.method", "request.method must be GET, POST or PUT")
		}
	}
	l.carriers()
	l.headers("request.headers", r.Headers)
	for name, text := range r.Headers {
		l.template("request.headers."+name, text)
	}
	for name, text := range r.Form {
		l.template("request.form."+name, text)
	}
	for name, text := range r.Query {
		l.template("request.query."+name, text)
	}
	for i, text := range r.Basic {
		path := fmt.Sprintf("request.basic.%d", i)
		if text != "" && !strings.Contains(text, "{") {
			l.problem(path, "%s must name a variable", path)
		}
		l.template(path, text)
	}
	l.body("request.json", r.JSON)
}

// carriers wants one way for the credentials to travel. Basic may come with a
// second, because OAuth 2 servers want grant_type in a form beside it.
func (l *linter) carriers() {
	r := &l.Request
	var ways []string
	for _, way := range []string{"json", "form", "query"} {
		if l.has("request." + way) {
			ways = append(ways, way)
		}
	}
	if len(ways) > 1 {
		l.problem("request."+ways[1], "request takes one of json, form and query, not %s", strings.Join(ways, " and "))
	}
	if r.Method == "GET" && (l.has("request.json") || l.has("request.form")) {
		l.problem("request.method", "a GET request has no body: use query, or POST")
	}
	if l.has("request.basic") {
		for name := range r.Headers {
			if strings.EqualFold(name, "Authorization") {
				l.problem("request.headers."+name, "basic sets Authorization itself")
			}
		}
	}
}

// headers checks the names and the literal parts of the values.
func (l *linter) headers(path string, headers map[string]string) {
	seen := map[string]bool{}
	for _, name := range sortedKeys(headers) {
		at, lower := path+"."+name, strings.ToLower(name)
		switch {
		case !validHeaderName(name):
			l.problem(at, "%q is no header name", auth.Printable(name))
		case reservedHeader(name):
			l.problem(at, "header %s is set by hauth itself", name)
		case seen[lower]:
			l.problem(at, "header %s is there twice", name)
		case !validHeaderValue(headers[name]):
			l.problem(at, "header %s holds a character that no header can carry", name)
		}
		seen[lower] = true
	}
}

// body checks the templates of a JSON value. Keys are literal.
func (l *linter) body(path string, v any) {
	switch v := v.(type) {
	case string:
		l.template(path, v)
	case []any:
		for i, item := range v {
			l.body(fmt.Sprintf("%s.%d", path, i), item)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			l.body(path+"."+key, v[key])
		}
	}
}
