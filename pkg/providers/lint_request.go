package providers

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

func (l *linter) target() {
	if l.Endpoint != "" && l.Endpoint != todo {
		l.Endpoint = l.base("endpoint", l.Endpoint, inBase)
	} else if l.Endpoint == "" && l.has("endpoint") && !l.broken["endpoint"] {
		l.problem("endpoint", "endpoint is empty: leave it out, and login will ask for it")
	}
	if l.has("api") && len(l.API) == 0 && !l.broken["api"] {
		l.problem("api", "api is empty: leave it out where it is the endpoint")
	}
	for i, template := range l.API {
		if template == todo {
			continue
		}
		path := fmt.Sprintf("api.%d", i)
		if len(l.API) == 1 {
			path = "api"
		}
		l.API[i] = l.base(path, template, inAPI)
	}
	l.requestPath()
}

func (l *linter) requestPath() {
	path := l.Request.Path
	if path == "" || path == todo {
		return
	}
	l.template("request.path", path, inPath)
	l.kinds("request.path", path, "path", IsSegment, IsLabel)
	plain, err := expand(path, func(string) (string, error) { return "x", nil })
	if err != nil {
		return
	}
	u, err := url.Parse(plain)
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || u.Path != plain || dotSegments(plain) ||
		strings.ContainsAny(path, `?#\`) || strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r > '~' }) {
		l.problem("request.path", "request.path must be a plain path that begins with /: no query, fragment or escape")
	}
}

// preset wants what a preset needs of the rest of the file.
func (l *linter) preset() {
	if !l.has("oauth2") || l.broken["oauth2"] {
		return
	}
	l.oneOf("oauth2", l.oauth2, presetClientCredentials, presetRefreshToken)
	if l.broken["vars"] || l.broken["request"] {
		return
	}
	for _, name := range []string{"client_id", "client_secret", "refresh_token"} {
		if _, ok := l.Var(name); !ok && l.presetNames(name) {
			l.problem("oauth2", "oauth2 needs a variable %s, or request must say what stands for it: form: {%s: \"{…}\"}", name, name)
			l.broken["request"] = true
		}
	}
}

// presetNames reports that the preset has put {name} into the request.
func (l *linter) presetNames(name string) bool {
	r, template := &l.Request, "{"+name+"}"
	return !l.has("request.form."+name) && r.Form[name] == template ||
		!l.has("request.query."+name) && r.Query[name] == template ||
		!l.has("request.json."+name) && r.JSON[name] == template
}

func (l *linter) request() {
	r := &l.Request
	if l.has("request.method") {
		l.oneOf("request.method", r.Method, "GET", "POST", "PUT")
	}
	if l.broken["request"] {
		return
	}
	l.carriers()
	l.headers("request.headers", r.Headers)
	for name, text := range r.Headers {
		l.template("request.headers."+name, text, inRequest)
	}
	for name, text := range r.Form {
		l.template("request.form."+name, text, inRequest)
	}
	for name, text := range r.Query {
		l.template("request.query."+name, text, inRequest)
	}
	for i, text := range r.Basic {
		path := fmt.Sprintf("request.basic.%d", i)
		if text != "" && !strings.Contains(text, "{") {
			l.problem(path, "%s must name a variable", path)
		}
		l.template(path, text, inBasic)
	}
	l.body("request.json", r.JSON, inRequest)
	if r.BasicForm && len(r.Basic) == 0 {
		l.problem("request.basic_escape", "request.basic_escape says how basic is written, and basic is missing")
	}
	for i, key := range r.AsText {
		path := fmt.Sprintf("request.as_text.%d", i)
		if template, _ := (&answer{tree: r.JSON}).find(key).(string); template == "" {
			l.problem(path, "request.as_text: there is no text at %q in request.json", auth.Printable(key))
		}
	}
}

// carriers wants one body. A query and Basic may stand beside it.
func (l *linter) carriers() {
	r := &l.Request
	if l.has("request.json") && l.has("request.form") {
		l.problem("request.form", "request takes json or form, not both")
	}
	if r.Method == "GET" && (r.JSON != nil || r.Form != nil) {
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
			l.problem(at, "%q is not a valid header name", auth.Printable(name))
		case reservedHeader(name):
			l.problem(at, "header %s is set by hauth itself", name)
		case seen[lower]:
			l.problem(at, "header %s appears more than once", name)
		case !validHeaderValue(headers[name]):
			l.problem(at, "header %s contains a character that no header can carry", name)
		}
		seen[lower] = true
	}
}

// body checks the templates of a JSON value. Keys are literal.
func (l *linter) body(path string, v any, in place) {
	if name, ok := l.bare[path]; ok && l.mayName(name, in) == "" {
		l.problem(path, "%s is a mapping%s", auth.Printable(path), unquotedTemplate(name))
		l.used[name] = true
		return
	}
	switch v := v.(type) {
	case string:
		l.template(path, v, in)
	case []any:
		for i, item := range v {
			l.body(fmt.Sprintf("%s.%d", path, i), item, in)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			l.body(path+"."+key, v[key], in)
		}
	}
}
