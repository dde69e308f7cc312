package providers

import (
	"strings"
	"unicode"

	"github.com/hauth/hauth/pkg/auth"
)

// What the value of a variable has to be.
const (
	IsText    = "text"    // anything; the default, kept as ""
	IsLabel   = "label"   // one label of a host name
	IsHost    = "host"    // a host name or address, with a port if need be
	IsSegment = "segment" // one segment of a URL's path
	IsNumber  = "number"  // a JSON number, and sent as one where a JSON value is this variable alone
	IsPEM     = "pem"     // a private key in PEM, of several lines
)

// maxNumber bounds a number's length, in bytes.
const maxNumber = 40

// Check reports whether a value is what the variable has to be. An empty one
// is good if the variable may be left out. The error, of kind Usage, never
// repeats the value.
func (v Var) Check(value string) error {
	if value == "" {
		if v.Optional || v.Default != "" {
			return nil
		}
		return v.wrong("is missing")
	}
	switch v.Is {
	case IsLabel:
		if !validHostLabel(value) {
			return v.wrong("must be one label of a host name, such as my-tenant: letters, digits and hyphens, without dots, slashes or https://")
		}
	case IsHost:
		if !validHostPort(value) {
			return v.wrong("must be a host alone, such as my-tenant.example.com: without https://, path, user or query")
		}
	case IsSegment:
		if !validSegment(value) {
			return v.wrong("must be one segment of a path: visible characters without / or \\, and not . or ..")
		}
	case IsNumber:
		if !validNumber(value) {
			return v.wrong("must be a number, such as 42")
		}
	case IsPEM:
		if _, err := parsePrivateKey(value); err != nil {
			return v.wrong(err.Error())
		}
	}
	return nil
}

func (v Var) wrong(why string) error {
	return &auth.Error{Kind: auth.Usage, Fact: v.Name + " " + why}
}

// checkVars checks every variable before anything is sent.
func (s *Spec) checkVars(creds auth.Credentials) error {
	for _, v := range s.Vars {
		value := creds.Vars[v.Name].Reveal()
		if value == "" && !v.Optional && v.Default == "" {
			return &auth.Error{Kind: auth.Usage, Fact: "the credentials hold no " + v.Name, Remedy: auth.RemedyLogin}
		}
		if err := v.Check(value); err != nil {
			return err
		}
	}
	return nil
}

// validHostLabel wants what keeps to one label, so that a value cannot name
// another host than the one around it.
func validHostLabel(s string) bool {
	return len(s) <= 63 && !strings.Contains(s, ".") && !strings.HasPrefix(s, "-") && !strings.HasSuffix(s, "-") && validHostName(s)
}

func validHostPort(s string) bool {
	u, wrong := parseBaseURL("https://"+s, false)
	return wrong == "" && u.Path == "" && !strings.HasSuffix(s, "/") && len(s) <= 255
}

func validSegment(s string) bool {
	return s != "." && s != ".." && len(s) <= 1024 && !strings.ContainsAny(s, `/\`) &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar })
}

// validNumber follows the grammar of JSON, without an exponent.
func validNumber(s string) bool {
	if len(s) > maxNumber {
		return false
	}
	whole, fraction, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (whole == "0" || whole[0] != '0') && (!dotted || digits(fraction))
}
