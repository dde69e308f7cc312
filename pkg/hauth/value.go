package hauth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

// CheckValue refuses a value that cannot be part of any vendor's credentials
// because of what editors, shells or copying left in it. Every value of a
// variable is checked by it, however it was given; from says how, for the
// error, which never repeats the value.
func CheckValue(from, value string, v providers.Var) error {
	if err := checkText(from, value, v.Is == providers.IsPEM); err != nil || value == "" {
		return err
	}
	return v.Check(value)
}

// checkPEMText leaves it to the exchange to find that a key is none.
func checkPEMText(from, value string, _ providers.Var) error { return checkText(from, value, true) }

// CheckText is CheckValue for an endpoint and the like.
func CheckText(from, value string) error { return checkText(from, value, false) }

func checkText(from, value string, lines bool) error {
	wrong := ""
	switch {
	case strings.HasPrefix(value, "\xef\xbb\xbf"):
		wrong = "begins with a byte order mark"
	case strings.HasPrefix(value, "\xff\xfe"), strings.HasPrefix(value, "\xfe\xff"):
		wrong = "is UTF-16 text; save it as UTF-8"
	case strings.ContainsRune(value, 0):
		wrong = "contains a NUL byte; is it UTF-16 text?"
	case !utf8.ValidString(value):
		wrong = "is not UTF-8 text"
	case !lines && strings.ContainsAny(value, "\r\n"):
		wrong = "contains a line break"
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && (!lines || r != '\n' && r != '\r') }):
		wrong = "contains a control character"
	}
	if wrong == "" {
		return nil
	}
	return &auth.Error{Kind: auth.Usage, Fact: from + ": the value " + wrong}
}

// OddLook says what looks odd about a value that the vendor has refused; empty
// if nothing does. Such values are sent unchanged, because for some vendor
// they may be right.
func OddLook(value string) string {
	quoted := func(q string) bool {
		return len(value) > 1 && strings.HasPrefix(value, q) && strings.HasSuffix(value, q)
	}
	name, rest, isPair := strings.Cut(value, "=")
	switch {
	case strings.TrimSpace(value) != value:
		return "begins or ends with white space"
	case quoted(`"`), quoted(`'`), quoted("`"):
		return "is in quotes"
	case strings.Contains(value, "$("), strings.Contains(value, "${"):
		return "contains a shell expression that nothing has expanded"
	case strings.Contains(value, "{{"):
		return "contains a template that nothing has expanded"
	case strings.HasPrefix(value, "op://"), strings.HasPrefix(value, "vault:"), strings.HasPrefix(value, "arn:aws:"):
		return "is a reference to a secret, not the secret"
	case isPair && isVariableName(name), isPair && strings.Contains(name, "_") && strings.Trim(rest, "=") != "" && isVariableName(strings.ToUpper(name)):
		return "looks like NAME=VALUE"
	case strings.ContainsAny(value, " \t"):
		return "contains white space"
	}
	return ""
}

// isVariableName reports whether s is written as names of environment
// variables usually are: in capitals, so that base64 with "=" at its end is
// not taken for one.
func isVariableName(s string) bool {
	if len(s) < 3 || !strings.Contains(s, "_") && len(s) > 12 {
		return false
	}
	for _, r := range s {
		if r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return s[0] < '0' || s[0] > '9'
}
