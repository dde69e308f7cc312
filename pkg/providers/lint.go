package providers

import (
	"fmt"
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
	l.required("name", "vars", "endpoint", "request.method", "token", "expires", "use")
	l.names()
	l.variables()
	l.target()
	l.request()
	l.unused()
	l.answer()
	l.expiries()
	l.use()
}

func (l *linter) problem(path, format string, args ...any) {
	l.fail(l.at(path), fmt.Sprintf(format, args...))
}

// required wants these paths to be there; a parent that is missing is
// reported once.
func (l *linter) required(paths ...string) {
	for _, path := range paths {
		if !l.has(path) {
			l.problem(path, "%s is missing", path)
		}
	}
}

func (l *linter) names() {
	if l.has("name") && !auth.ValidName(l.Name) {
		l.problem("name", "name must hold a-z, 0-9 and single inner hyphens, and at most %d characters", auth.MaxNameLength)
	}
	for path, text := range map[string]string{"title": l.Title, "docs": l.Docs, "note": l.Note, "unverified": l.Unverified} {
		l.oneLine(path, text)
	}
	if l.Docs != "" && !strings.HasPrefix(l.Docs, "https://") && !strings.HasPrefix(l.Docs, "http://") {
		l.problem("docs", "docs must be a URL")
	}
}

// oneLine wants text that can be shown as it is.
func (l *linter) oneLine(path, text string) {
	if auth.Printable(text) != text {
		l.problem(path, "%s must be one line of at most 300 visible characters, without space around it and two colons or two # together", path)
	}
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
			l.problem(path+".name", "variable name must hold a-z, 0-9 and single inner underscores, and begin with a letter")
		case len(v.Name) > auth.MaxNameLength:
			l.problem(path+".name", "variable name is longer than %d characters", auth.MaxNameLength)
		case seen[v.Name]:
			l.problem(path+".name", "variable %q is there twice", v.Name)
		case v.Name == "token" || v.Name == "expires_at" || v.Name == "endpoint" || strings.HasSuffix(v.Name, "_file"):
			l.problem(path+".name", "variable %q would clash with one of hauth's own environment names", v.Name)
		}
		seen[v.Name] = true
	}
	if l.has("vars") && !l.broken["vars"] && len(l.SecretVars()) == 0 {
		l.problem("vars", "no variable is secret")
	}
	for env := range envNames(l.Spec) {
		if ownVariable(env) {
			l.problem("name", "its environment name %s is one of hauth's own", env)
		}
	}
}

func (l *linter) unused() {
	if l.broken["vars"] || l.broken["request"] {
		return
	}
	for i, v := range l.Vars {
		if !l.used[v.Name] {
			l.problem(fmt.Sprintf("vars.%d", i), "variable %q is used nowhere in request", auth.Printable(v.Name))
		}
	}
}

// template checks a template of the request.
func (l *linter) template(path, text string) {
	names, err := templateNames(text)
	if err != nil {
		l.problem(path, "%s: %v", auth.Printable(path), err)
	}
	for _, name := range names {
		l.used[name] = true
		if !l.isVar(name) && !l.broken["vars"] {
			l.problem(path, "%s: there is no variable %q", auth.Printable(path), name)
		}
	}
}

func (l *linter) isVar(name string) bool {
	for _, v := range l.Vars {
		if v.Name == name {
			return true
		}
	}
	return false
}
