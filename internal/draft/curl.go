package draft

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Draft is an unfinished provider file.
type Draft struct {
	Text    string
	Remarks []string // what could not be taken over from its source, one line each
}

// FromCurl drafts the provider of that name from the first curl command in a
// text. Errors name the line; they repeat nothing that may be a credential.
func FromCurl(name, src string, options Options) (*Draft, error) {
	if err := readable(src); err != nil {
		return nil, err
	}
	words, line, err := curlWords(src)
	if err != nil {
		return nil, err
	}
	fail := func(err error) (*Draft, error) { return nil, fmt.Errorf("line %d: %w", line, err) }
	c, err := readCommand(words, options)
	if err != nil {
		return fail(err)
	}
	r, err := c.request()
	if err != nil {
		return fail(err)
	}
	return &Draft{Text: r.write(name), Remarks: r.remarks}, nil
}

// readable refuses text with characters that would hide a part of it.
func readable(src string) error {
	for i, line := range strings.Split(src, "\n") {
		if strings.ContainsRune(line, 0) || strings.ToValidUTF8(line, "") != line {
			return fmt.Errorf("line %d: not UTF-8 text", i+1)
		}
		if strings.ContainsFunc(line, func(r rune) bool {
			return unicode.IsControl(r) && r != '\t' && r != '\r' || unicode.Is(unicode.Bidi_Control, r)
		}) {
			return fmt.Errorf("line %d: contains a control character", i+1)
		}
	}
	return nil
}

// request finds out which parts of the command belong to the account.
func (c *command) request() (*request, error) {
	object, fields, err := c.body()
	if err != nil {
		return nil, err
	}
	r := &request{command: c}
	if c.hasUser {
		r.basic = r.userParts(c.user)
	}
	query, err := r.target(c.url)
	if err != nil {
		return nil, err
	}
	for _, piece := range c.query {
		query = append(query, splitPair(piece))
	}
	if c.get {
		query, fields, object = append(query, fields...), nil, ""
	}
	if err := r.setMethod(object != "" || fields != nil); err != nil {
		return nil, err
	}
	for _, p := range query {
		r.query = append(r.query, pair{p.name, r.field(p.name, p.value)})
	}
	for _, h := range c.headers {
		if h.value = r.contentType(h, object != "", fields != nil); h.value != "" {
			r.headers = append(r.headers, pair{h.name, r.header(h.name, h.value)})
		}
	}
	for _, p := range fields {
		r.form = append(r.form, pair{p.name, r.field(p.name, p.value)})
	}
	if object != "" {
		if r.json, err = readJSON(object); err != nil {
			return nil, err
		}
		r.templates(r.json)
	}
	r.wantSecret()
	return r, nil
}

// contentType removes the header that follows from the kind of body.
func (r *request) contentType(h pair, json, form bool) string {
	if !strings.EqualFold(h.name, "Content-Type") {
		return h.value
	}
	kind, _, _ := strings.Cut(strings.ToLower(h.value), ";")
	switch strings.TrimSpace(kind) {
	case "application/json":
		if json {
			return ""
		}
	case "application/x-www-form-urlencoded", "multipart/form-data":
		if form {
			return ""
		}
	}
	return h.value
}

func (r *request) setMethod(body bool) error {
	switch {
	case r.method == "" && body:
		r.method = "POST"
	case r.method == "":
		r.method = "GET"
	case !slices.Contains([]string{"GET", "POST", "PUT"}, r.method):
		return errors.New("the method is not GET, POST or PUT")
	}
	return nil
}

// target splits the URL into endpoint, path and query.
func (r *request) target(raw string) ([]pair, error) {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		scheme, rest = "https", raw
	}
	switch strings.ToLower(scheme) {
	case "https":
	case "http":
		r.remark("the command sends plain http; the draft says https")
	default:
		return nil, errors.New("the URL is neither https nor http")
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	if user, after, ok := strings.Cut(host, "@"); ok {
		host = after
		r.basic = r.userParts(user)
	}
	if host == "" {
		return nil, errNoURL
	}
	r.endpoint = "https://" + r.host(host)
	if path != "" {
		r.path = "/" + r.segments(path)
	}
	var pairs []pair
	for part := range strings.SplitSeq(query, "&") {
		if part != "" {
			pairs = append(pairs, splitPair(part))
		}
	}
	return pairs, nil
}

func splitPair(text string) pair {
	name, value, _ := strings.Cut(text, "=")
	return pair{unescape(name), unescape(value)}
}

// host puts variables in place of the parts of a host that belong to the
// account.
func (r *request) host(host string) string {
	name, ok := placeholder(host)
	if inner, rest := cutPlaceholder(host); ok && (!strings.Contains(host, ".") || inner != "" && rest == "") {
		return r.add(variable{name: variableName(name, "host"), label: label(name), is: "host", value: host})
	}
	labels := strings.Split(host, ".")
	for i, text := range labels {
		add := func(name string) string {
			return r.add(variable{name: variableName(name, "tenant"), label: label(name), is: "label", value: name})
		}
		if name, ok := placeholder(text); ok {
			labels[i] = add(name)
		} else {
			labels[i] = fill(text, add)
		}
	}
	return strings.ToLower(strings.Join(labels, "."))
}

// segments does the same for a path. Frameworks write :name there.
func (r *request) segments(path string) string {
	parts := strings.Split(path, "/")
	for i, text := range parts {
		add := func(name string) string {
			return r.add(variable{name: variableName(name, "segment"), label: label(name), is: "segment", value: name})
		}
		if name, ok := strings.CutPrefix(text, ":"); ok && nameLength(name) == len(name) && name != "" {
			parts[i] = add(name)
		} else if name, ok := placeholder(text); ok {
			parts[i] = add(name)
		} else {
			parts[i] = fill(text, add)
		}
	}
	return strings.Join(parts, "/")
}

// wantSecret picks the variable that is probably secret if no name says so
// plainly.
func (r *request) wantSecret() {
	switch {
	case r.secretName() != "":
		return
	case r.signs: // with a secret that is not sent
		r.add(variable{name: "app_secret", label: "App Secret", secret: true})
		return
	}
	for _, part := range []string{"secret", "key"} {
		for _, v := range r.vars {
			if v.is == "" && strings.Contains(v.name, part) {
				v.secret = true
				return
			}
		}
	}
}
