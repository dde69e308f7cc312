package draft

import (
	"fmt"
	"slices"
	"strings"
)

// variable is a variable of the draft.
type variable struct {
	name, label, is, standard string // standard: its default
	secret                    bool
	value                     string // what the command has there; never written
}

// request is the draft as far as it is known.
type request struct {
	*command
	vars     []*variable
	endpoint string
	path     string
	query    []pair // templates from here on
	headers  []pair
	form     []pair
	json     *node
	basic    []string
	oauth2   bool // there is a grant_type: the response follows RFC 6749
	rotates  bool // a refresh token is sent
	signs    bool // the request has a signature
}

// add makes a variable, or returns the existing one with the same meaning,
// as a template.
func (r *request) add(v variable) string {
	base := v.name
	for n := 2; ; n++ {
		i := slices.IndexFunc(r.vars, func(other *variable) bool { return other.name == v.name })
		if i < 0 {
			r.vars = append(r.vars, &v)
			return "{" + v.name + "}"
		}
		if other := r.vars[i]; other.value == v.value {
			other.secret = other.secret || v.secret
			return "{" + v.name + "}"
		}
		v.name = fmt.Sprintf("%s_%d", base, n)
	}
}

// secretName is the first secret variable; empty: there is none.
func (r *request) secretName() string {
	for _, v := range r.vars {
		if v.secret {
			return v.name
		}
	}
	return ""
}

// field is the template for a parameter's value: the value itself if every
// account sends the same, else a variable named after the parameter.
func (r *request) field(key, value string) string {
	word := squashed(key)
	name, isPlaceholder := placeholder(value)
	switch {
	case value == "", slices.Contains([]string{"granttype", "responsetype", "clientassertiontype"}, word) && !strings.ContainsAny(value, "{}<>"):
		r.oauth2 = r.oauth2 || key == "grant_type"
		return value
	case strings.Contains(word, "time") || word == "ts" || word == "t":
		if made := moment(value); made != "" {
			return made
		}
	case isUUID(value) && !namesAccount(key) && !namesSecret(key), isPlaceholder && squashed(name) == "uuid":
		return "{uuid}"
	case slices.Contains([]string{"sign", "signature", "sig"}, word):
		r.remark("%s signs the request: complete sign, which says how it is made", key)
		r.signs = true
		return "{sign}"
	case word == "assertion" || word == "clientassertion":
		r.remark("if you sign %s yourself, say in a field jwt how, and write {jwt} in its place", key)
	case word == "refreshtoken":
		r.rotates = true
	}
	secret := namesSecret(key) || isPlaceholder && namesSecret(name)
	v := variable{name: variableName(key, "value"), label: label(key), secret: secret, value: value}
	switch {
	case slices.Contains([]string{"scope", "scopes", "audience", "resource"}, word):
		if !isPlaceholder && isText(value) && !looksSecret(value) {
			v.standard = value
		}
		v.secret = false
		return r.add(v)
	case isPlaceholder || secret || namesAccount(key):
		return r.add(v)
	case fill(value, func(string) string { return "" }) != value:
		return r.filled(value)
	case looksSecret(value):
		v.secret = true
		return r.add(v)
	}
	return value
}

// filled replaces the placeholders in a text by variables.
func (r *request) filled(text string) string {
	return fill(text, func(name string) string {
		return r.add(variable{name: variableName(name, "value"), label: label(name), secret: namesSecret(name), value: name})
	})
}

// header is the template for a header's value. Authorization is a scheme and
// a value that belongs to the account.
func (r *request) header(name, value string) string {
	switch squashed(name) {
	case "contenttype", "accept", "useragent", "referer", "origin", "acceptlanguage":
		return value
	case "authorization":
		scheme, rest, two := strings.Cut(value, " ")
		if !two {
			scheme, rest = "", value
		} else {
			scheme += " "
		}
		word, _ := placeholder(rest)
		if word == "" {
			word = "api_key"
		}
		return scheme + r.add(variable{name: variableName(word, "api_key"), label: label(word), secret: true, value: rest})
	}
	return r.field(name, value)
}

// userParts are id and secret of HTTP Basic.
func (r *request) userParts(user string) []string {
	id, secret, two := strings.Cut(user, ":")
	if id == "" && secret == "" {
		return nil
	}
	part := func(text, name string, secret bool) string {
		if text == "" && two {
			return ""
		}
		if word, ok := placeholder(text); ok && word != "" && variableName(word, "") != "" {
			name = variableName(word, name)
		}
		return r.add(variable{name: name, label: label(name), secret: secret, value: text})
	}
	if two && secret == "" {
		return []string{part(id, "api_key", true), ""}
	}
	return []string{part(id, "client_id", false), part(secret, "client_secret", true)}
}

// moment is the name of the time that a number of seconds or milliseconds is.
func moment(value string) string {
	name, isPlaceholder := placeholder(value)
	digits := strings.Trim(value, "0123456789") == ""
	switch {
	case digits && len(value) == 10:
		return "{now_s}"
	case digits && len(value) == 13, isPlaceholder && (strings.Contains(squashed(name), "milli") || strings.HasSuffix(squashed(name), "ms")):
		return "{now_ms}"
	case isPlaceholder:
		return "{now_s}"
	}
	return ""
}

// isUUID reports whether s has the form of RFC 9562, section 4.
func isUUID(s string) bool {
	parts := strings.Split(strings.ToLower(s), "-")
	if len(parts) != 5 || len(s) != 36 {
		return false
	}
	for i, n := range []int{8, 4, 4, 4, 12} {
		if len(parts[i]) != n || strings.Trim(parts[i], "0123456789abcdef") != "" {
			return false
		}
	}
	return true
}

// label is a vendor's term in the form that login may show.
func label(word string) string {
	if !isText(word) || len(word) > maxPlaceholder || strings.TrimSpace(word) != word {
		return ""
	}
	return word
}
