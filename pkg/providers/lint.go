package providers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// linter finds what a well-formed provider file says wrong. Each rule adds a
// problem at the line of what it is about, and goes on.
type linter struct {
	*Spec
	*decoder
	used map[string]bool // variables that templates name
}

func (l *linter) run() {
	l.used = map[string]bool{}
	l.complete()
	l.names()
	l.variables()
	l.target()
	l.preset()
	l.request()
	l.jwt()
	l.sign()
	l.command()
	l.answer()
	l.expiries()
	l.use()
	l.rotate()
	l.keep()
	l.unused()
}

func (l *linter) problem(path, format string, args ...any) {
	l.fail(l.at(path), fmt.Sprintf(format, args...))
}

// complete wants what no provider can do without, and nothing that its way to
// a token has no use for.
func (l *linter) complete() {
	l.required("name", l.has("name"))
	l.required("vars", l.has("vars"))
	l.required("token", len(l.Token) > 0 || l.has("token"))
	l.required("use", l.has("use") || len(l.Use.Headers) > 0)
	switch {
	case l.has("command"):
		l.useless("with command", "request", "oauth2", "ok", "token", "expires", "error", "jwt", "sign")
	case l.SignsLocally():
		l.useless("where {jwt} is the token, which ends with its own exp,", "request", "oauth2", "ok", "expires", "codes", "rotate", "keep", "sign")
	default:
		l.required("request.method", l.Request.Method != "" || l.has("request.method"))
		l.required("expires", len(l.Expires) > 0 || l.has("expires"))
	}
}

// required reports a field that is missing.
func (l *linter) required(path string, there bool) {
	if !there {
		l.problem(path, "%s is missing", path)
	}
}

func (l *linter) useless(where string, paths ...string) {
	for _, path := range paths {
		if l.has(path) {
			l.problem(path, "%s has no meaning %s: leave it out", path, strings.TrimSuffix(where, ","))
		}
	}
}

func (l *linter) names() {
	if l.has("name") && !auth.ValidName(l.Name) {
		l.problem("name", "name must contain a-z, 0-9 and single inner hyphens only, and at most %d characters", auth.MaxNameLength)
	}
	for path, text := range map[string]string{"title": l.Title, "docs": l.Docs, "note": l.Note, "unverified": l.Unverified} {
		l.oneLine(path, text)
	}
	if l.Docs != "" && !strings.HasPrefix(l.Docs, "https://") && !strings.HasPrefix(l.Docs, "http://") {
		l.problem("docs", "docs must be a URL")
	}
	if l.has("source") {
		l.oneOf("source", l.Spec.Source, SourceDocument, SourceClient, SourceCatalogue)
	}
}

// oneLine wants text that can be shown as it is.
func (l *linter) oneLine(path, text string) {
	if auth.Printable(text) != text {
		l.problem(path, "%s must be one line of at most 300 visible characters, without space around it and without what a CI runner would take for a command", path)
	}
}

// oneOf wants a field to be one of a few words.
func (l *linter) oneOf(path, have string, words ...string) {
	if slices.Contains(words, have) || l.broken[path] {
		return
	}
	last := len(words) - 1
	l.problem(path, "%s must be %s or %s%s", path, strings.Join(words[:last], ", "), words[last], didYouMean(have, words))
}

func (l *linter) variables() {
	seen := map[string]bool{}
	before := len(l.problems)
	defer func() {
		if len(l.problems) > before {
			l.broken["vars"] = true
		}
	}()
	for i, v := range l.Vars {
		path := fmt.Sprintf("vars.%d", i)
		l.oneLine(path+".label", v.Label)
		switch {
		case !validVarName(v.Name) || strings.Contains(v.Name, "__") || strings.HasSuffix(v.Name, "_"):
			// "__" stands before the profile in environment names.
			l.problem(path+".name", "variable name must contain a-z, 0-9 and single inner underscores only, and begin with a letter")
		case len(v.Name) > auth.MaxNameLength:
			l.problem(path+".name", "variable name is longer than %d characters", auth.MaxNameLength)
		case seen[v.Name]:
			l.problem(path+".name", "variable %q appears more than once", v.Name)
		case v.Name == "token" || v.Name == "expires_at" || v.Name == "endpoint" || strings.HasSuffix(v.Name, "_file"),
			v.Name == "api" && l.has("api"):
			l.problem(path+".name", "variable %q would clash with one of hauth's own environment variables", v.Name)
		}
		seen[v.Name] = true
		l.kind(path, v)
	}
	if l.has("vars") && !l.broken["vars"] && len(l.SecretVars()) == 0 && !l.has("command") {
		l.problem("vars", "no variable is secret: mark one with secret: true")
	}
	for env := range envNames(l.Spec) {
		if ownVariable(env) {
			l.problem("name", "environment variable %s is reserved by hauth", env)
		}
	}
}

// kind checks what a variable has to be, and its default.
func (l *linter) kind(path string, v Var) {
	if v.Is != "" {
		l.oneOf(path+".is", v.Is, IsText, IsLabel, IsHost, IsSegment, IsNumber, IsPEM)
	}
	switch {
	case v.Is == IsPEM && !v.Secret:
		l.problem(path, "variable %q is a private key: mark it with secret: true", v.Name)
	case v.Default != "" && v.Secret:
		l.problem(path+".default", "a secret has no default")
	case v.Default != "" && v.Optional:
		l.problem(path+".optional", "a variable with a default always has a value: leave optional out")
	case v.Default != "":
		if err := v.Check(v.Default); err != nil {
			l.problem(path+".default", "the default of %s", err)
		}
		l.oneLine(path+".default", v.Default)
	}
}

func (l *linter) unused() {
	if l.broken["vars"] || l.broken["request"] || l.broken["jwt"] || l.broken["sign"] || l.unfinished || l.has("command") {
		return
	}
	for i, v := range l.Vars {
		if !l.used[v.Name] {
			l.problem(fmt.Sprintf("vars.%d", i), "variable %q is not used", auth.Printable(v.Name))
		}
	}
}
