package providers

import (
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// place is where a template stands, which decides what it may name.
type place struct {
	secret   bool // secret variables
	optional bool // variables without a value: what names them is left out
	signed   bool // {jwt} and {sign}
	made     bool // {now_s}, {now_ms} and {uuid}
	kept     bool // the names of keep
	token    bool // {token}
}

var (
	inRequest = place{secret: true, optional: true, signed: true, made: true}
	inPath    = place{secret: true, made: true}
	inBasic   = place{secret: true, signed: true, made: true}
	inClaims  = place{secret: true, optional: true, made: true}
	inDigest  = place{secret: true, made: true}
	inBase    = place{}
	inAPI     = place{kept: true}
	inUse     = place{optional: true, made: true, kept: true, token: true}
)

// template checks a template and what it names.
func (l *linter) template(path, text string, in place) {
	names, err := templateNames(text)
	if err != nil {
		l.problem(path, "%s: %v", auth.Printable(path), err)
	}
	for _, name := range names {
		l.used[name] = true
		if reason := l.mayName(name, in); reason != "" {
			l.problem(path, "%s: %s", auth.Printable(path), reason)
		}
	}
}

// mayName says why a template at a place may not name it; empty: it may.
func (l *linter) mayName(name string, in place) (reason string) {
	v, isVar := l.Var(name)
	_, isKept := l.Spec.Keep[name]
	switch {
	case isVar && v.Secret && !in.secret:
		return "{" + name + "} is secret, and would be shown or sent with every API call; only variables that are not secret can stand here"
	case isVar && v.Optional && !in.optional:
		return "{" + name + "} is optional, and this place cannot be left out: give it a default instead"
	case isVar:
		return ""
	case isKept && !in.kept:
		return "{" + name + "} is known only after the response: it can stand in api and use"
	case isKept:
		return ""
	case generated(name):
		if !in.made {
			return "{" + name + "} cannot stand here"
		}
		return ""
	case name == nameToken && in.token:
		return ""
	case name == nameJWT && in.signed && l.JWT.Alg != "", name == nameSign && in.signed && l.Sign.Alg != "":
		return ""
	case (name == nameJWT || name == nameSign) && in.signed:
		return "{" + name + "} needs a field " + name + ", which says how it is made"
	case name == nameJWT || name == nameSign:
		return "{" + name + "} can stand in request only"
	case l.broken["vars"]:
		return ""
	}
	return `there is no variable "` + name + `"` + didYouMean(name, l.namesFor(in))
}

// namesFor lists what a template at a place may name.
func (l *linter) namesFor(in place) []string {
	var names []string
	for _, v := range l.Vars {
		names = append(names, v.Name)
	}
	if in.kept {
		names = append(names, sortedKeys(l.Spec.Keep)...)
	}
	if in.made {
		names = append(names, nameNowS, nameNowMS, nameUUID)
	}
	if in.signed && l.JWT.Alg != "" {
		names = append(names, nameJWT)
	}
	if in.signed && l.Sign.Alg != "" {
		names = append(names, nameSign)
	}
	if in.token {
		names = append(names, nameToken)
	}
	return names
}

// base checks the template of a base URL: a variable may be a whole host or a
// part of one, or a segment of the path, and says so itself.
func (l *linter) base(path, template string, in place) (normal string) {
	before := len(l.problems)
	l.template(path, template, in)
	plain := template
	if name, rest, ok := leading(template); ok {
		if _, kept := l.Spec.Keep[name]; !kept && len(l.problems) == before {
			l.problem(path, "%s: a variable cannot be the whole URL: write https://{%s} with is: host", path, name)
		}
		plain = "https://x" + rest
	}
	host, rest := splitBase(plain)
	l.kinds(path, host, "host", IsLabel, IsHost)
	l.kinds(path, rest, "path", IsSegment, IsLabel)
	if len(l.problems) > before {
		return template
	}
	sample := func(string) (string, error) { return "x", nil }
	plain, _ = expand(plain, sample)
	if u, reason := parseBaseURL(plain, false); reason != "" {
		l.problem(path, "%s %s", path, reason)
	} else if plain == template {
		return u.String()
	}
	return strings.TrimRight(template, "/")
}

// kinds wants the variables in a part of a URL to be of a kind that cannot
// leave it.
func (l *linter) kinds(path, part, where string, first, second string) {
	names, _ := templateNames(part)
	for _, name := range names {
		v, ok := l.Var(name)
		if !ok || v.Is == first || v.Is == second || v.Is == IsNumber {
			continue
		}
		write := "is: " + first
		if where == "host" && part == "https://{"+name+"}" {
			write = "is: " + IsHost
		}
		l.problem(path, "%s: {%s} is part of the URL's %s, so its variable needs %s", path, name, where, write)
	}
}
