package draft

import (
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
)

// TODO stands in place of what only the vendor's document can tell. Package
// providers reports it with its line.
const TODO = "TODO"

// write is the file. What the command does not say is TODO, or a comment.
func (r *request) write(name string) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	line("# ", name, ", drafted from a curl command. Compare each line with the vendor's document.")
	for _, remark := range r.remarks {
		line("# Note: ", remark, ".")
	}
	line("name: ", name)
	line("# title: Acme open platform           # shown by login, and by hauth providers list")
	line("# docs: https://acme.example/docs     # the vendor's own page")
	line("vars:                                 # what login asks for, in this order")
	for _, v := range r.vars {
		line("  - ", v.yaml())
	}
	line("endpoint: ", scalar(r.endpoint))
	line("# api: https://api.acme.example       # if the API has another address than the endpoint")
	line("request:")
	line("  method: ", r.method)
	if r.path != "" {
		line("  path: ", scalar(r.path))
	}
	b.WriteString(mapping("headers", r.headers))
	if len(r.basic) == 2 {
		line("  basic: [", basicPart(r.basic[0]), ", ", basicPart(r.basic[1]), "]")
	}
	b.WriteString(mapping("query", r.query))
	b.WriteString(mapping("form", r.form))
	if r.json != nil {
		b.WriteString(r.json.yaml())
	}
	if r.signs {
		line("sign:                                 # what {sign} is: a digest over these parts, one after the other")
		line("  {alg: hmac-sha256, key: ", r.secretName(), ", over: [TODO], as: hex}")
	}
	line("# The command says nothing about the rest: look at the response in the document.")
	line("# ok: {code: [\"0\"]}                   # what means success besides HTTP 2xx; compared as text")
	if r.oauth2 {
		line("token: access_token                   # as in RFC 6749")
		line("expires:")
		line("  - {at: expires_in, as: seconds}     # as in RFC 6749")
	} else {
		line("token: TODO                           # where the token is, such as data.access_token")
		line("expires:")
		line("  - {at: TODO, as: seconds}           # or {after: 2h}, if only the document says it")
	}
	if r.rotates {
		line("rotate: {refresh_token: refresh_token}   # leave it out if no response contains a new one")
	}
	line("# error: {code: code, message: [message, msg]}")
	line("# codes: {\"401\": denied, \"429\": throttled}")
	line("use:                                  # how an API call carries the token")
	line("  headers: {Authorization: \"Bearer {token}\"}")
	return b.String()
}

func (v *variable) yaml() string {
	parts := []string{"name: " + v.name}
	if v.label != "" {
		parts = append(parts, "label: "+scalar(v.label))
	}
	if v.is != "" {
		parts = append(parts, "is: "+v.is)
	}
	if v.standard != "" {
		parts = append(parts, "default: "+scalar(v.standard))
	}
	if v.secret {
		parts = append(parts, "secret: true")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// basicPart writes {client_id} the short way.
func basicPart(template string) string {
	return scalar(strings.TrimSuffix(strings.TrimPrefix(template, "{"), "}"))
}

// wide is how long a line of the request may get before it is divided.
const wide = 96

// mapping writes a field of request.
func mapping(field string, pairs []pair) string {
	if len(pairs) == 0 {
		return ""
	}
	var entries []string
	for i, p := range pairs {
		// A name has one value in a provider file: the last one.
		if !slices.ContainsFunc(pairs[i+1:], func(later pair) bool { return later.name == p.name }) {
			entries = append(entries, scalar(p.name)+": "+scalar(p.value))
		}
	}
	return divided(field, entries)
}

// divided writes entries on one line, or each on its own.
func divided(field string, entries []string) string {
	if one := "  " + field + ": {" + strings.Join(entries, ", ") + "}\n"; len(one) <= wide {
		return one
	}
	return "  " + field + ":\n    " + strings.Join(entries, "\n    ") + "\n"
}

func (n *node) yaml() string {
	var entries []string
	for i, key := range n.keys {
		entries = append(entries, scalar(key)+": "+n.items[i].flow())
	}
	return divided("json", entries)
}

func (n *node) flow() string {
	var items []string
	for i, item := range n.items {
		text := item.flow()
		if n.kind == '{' {
			text = scalar(n.keys[i]) + ": " + text
		}
		items = append(items, text)
	}
	switch n.kind {
	case '{':
		return "{" + strings.Join(items, ", ") + "}"
	case '[':
		return "[" + strings.Join(items, ", ") + "]"
	case 's':
		return scalar(n.text)
	}
	return n.text
}

// scalar is a text as a YAML scalar that is valid in any place: plain if it
// cannot be taken for anything else, otherwise in double quotes.
func scalar(s string) string {
	bare := s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z' || s[0] == '/' && len(s) > 1)
	for i := range len(s) {
		if !text.IsAlphanumeric(rune(s[i])) && !strings.ContainsRune("_./-", rune(s[i])) {
			bare = bare && s[i] == ':' && i+2 < len(s) && s[i+1:i+3] == "//" // of a URL
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		bare = false
	}
	if bare {
		return s
	}
	quoted, err := text.JSON(s) // every JSON string is a YAML string
	if err != nil {
		return `""`
	}
	return string(quoted)
}
