package proxy

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Policy is what the program behind the proxy may do.
type Policy struct {
	ReadOnly bool      // GET, HEAD and OPTIONS only
	Paths    []Pattern // one of them must match; none: any path
}

// Pattern matches the path that follows an account's address, without its
// query and decoded. "*" stands for any characters of one segment, "**" for
// any characters, "/" among them. Everything else stands for itself, case
// matters, and the whole path has to match.
type Pattern struct{ compiled *regexp.Regexp }

// ParsePattern reads a Pattern. An error is an *auth.Error of kind Usage: a
// pattern that no path matches, or that does not mean what it seems to.
func ParsePattern(pattern string) (Pattern, error) {
	wrong := ""
	switch {
	case pattern == "":
		wrong = "it is empty"
	case strings.Contains(pattern, "://"):
		wrong = "it is a URL; write what follows the API's base URL"
	case pattern[0] != '/':
		wrong = "it does not begin with /"
	case strings.ContainsAny(pattern, "?#"):
		wrong = "patterns are compared with the path, without a query or fragment"
	case strings.Contains(pattern, "%"):
		wrong = "patterns are compared with the decoded path; write the characters themselves"
	case strings.ContainsAny(pattern, `[]{}\`):
		wrong = "only * and ** stand for other characters"
	case strings.Contains(pattern, "***"):
		wrong = "three * in a row have no meaning"
	case strings.Contains(pattern, "//"):
		wrong = "it contains an empty segment"
	case !plainPath(pattern):
		wrong = "it contains . or .. segments, or control characters"
	case strings.ContainsAny(pattern, " \t"):
		wrong = "it contains white space"
	}
	if wrong != "" {
		return Pattern{}, &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("path pattern %q: %s", auth.Printable(pattern), wrong)}
	}
	return Pattern{compile(pattern)}, nil
}

// Match reports whether the whole decoded path matches.
func (p Pattern) Match(path string) bool { return p.compiled.MatchString(path) }

// compile writes the pattern as a regular expression, whose matching takes no
// longer than the path is long.
func compile(pattern string) *regexp.Regexp {
	var b strings.Builder
	for i, part := range strings.Split(pattern, "**") {
		if i > 0 {
			b.WriteString(`.*`)
		}
		for j, literal := range strings.Split(part, "*") {
			if j > 0 {
				b.WriteString(`[^/]*`)
			}
			b.WriteString(regexp.QuoteMeta(literal))
		}
	}
	return regexp.MustCompile(`\A(?s:` + b.String() + `)\z`)
}

// overrides are headers that make some servers treat a request as one with
// another method.
var overrides = [...]string{"X-Http-Method-Override", "X-Http-Method", "X-Method-Override"}

func (p Policy) refuse(r *http.Request, rest string) *refusal {
	if p.ReadOnly {
		if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, r.Method) {
			return &refusal{status: http.StatusMethodNotAllowed, code: "policy", text: "only reading is allowed here (--read-only)", header: map[string]string{"Allow": "GET, HEAD, OPTIONS"}}
		}
		for name := range r.Header {
			if name == "Upgrade" || slices.Contains(overrides[:], http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))) {
				return &refusal{status: http.StatusMethodNotAllowed, code: "policy", text: "only reading is allowed here (--read-only), without the header " + name}
			}
		}
	}
	if len(p.Paths) == 0 {
		return nil
	}
	path := cmp.Or(text.DecodePath(rest), "/")
	if hidesSeparator(rest) || !slices.ContainsFunc(p.Paths, func(x Pattern) bool { return x.Match(path) }) {
		return &refusal{status: http.StatusForbidden, code: "policy", text: "this path is not allowed here (--path)"}
	}
	return nil
}
