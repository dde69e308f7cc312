package auth

import (
	"fmt"
	"strings"
)

// DefaultProfile is the profile of an account that names none.
const DefaultProfile = "default"

// MaxNameLength is the maximum length, in bytes, of a provider's or a
// profile's name.
const MaxNameLength = 48

// Account names what is logged in: one set of credentials at one provider.
// Its text form is PROVIDER[/PROFILE].
type Account struct{ Provider, Profile string }

// ParseAccount reads PROVIDER[/PROFILE]. Anything else is an Error of Kind
// Usage, so that unexpected text never becomes part of a file name, a
// keyring attribute or an environment variable.
func ParseAccount(s string) (Account, error) {
	provider, profile, given := strings.Cut(s, "/")
	if !given {
		profile = DefaultProfile
	}
	for _, name := range []string{provider, profile} {
		if !ValidName(name) {
			return Account{}, &Error{
				Kind:   Usage,
				Fact:   fmt.Sprintf("invalid account name %q", Printable(s)),
				Remedy: RemedyName, Subject: "account", Near: wellFormed(s),
			}
		}
	}
	return Account{Provider: provider, Profile: profile}, nil
}

// wellFormed is the account's name that s may be a slip for: in capitals, with
// underscores, or with a separator too much.
func wellFormed(s string) []string {
	if len(s) > 2*MaxNameLength+1 {
		return nil
	}
	slip := strings.Trim(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "/- ")
	if provider, profile, given := strings.Cut(slip, "/"); !ValidName(provider) || given && !ValidName(profile) {
		return nil
	}
	return []string{slip}
}

// ValidName reports whether s matches ^[a-z0-9]+(-[a-z0-9]+)*$ and is at most
// MaxNameLength bytes long.
func ValidName(s string) bool {
	if s == "" || len(s) > MaxNameLength {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case c == '-' && i > 0 && i < len(s)-1 && s[i-1] != '-':
		default:
			return false
		}
	}
	return true
}

// String is the shortest text form: the default profile is left out.
func (a Account) String() string {
	if a.Profile == DefaultProfile || a.Profile == "" {
		return a.Provider
	}
	return a.Full()
}

// Full is PROVIDER/PROFILE, the form that names records in stores.
func (a Account) Full() string { return a.Provider + "/" + a.Profile }

// FileName is PROVIDER@PROFILE, the form that names files; neither name can
// hold "@".
func (a Account) FileName() string { return a.Provider + "@" + a.Profile }

// EnvPrefix is how the names of the account's environment variables begin:
// HAUTH_123PAN, HAUTH_123PAN__WORK. The rest follows after one underscore.
func (a Account) EnvPrefix() string {
	p := "HAUTH_" + envName(a.Provider)
	if a.Profile != DefaultProfile {
		p += "__" + envName(a.Profile)
	}
	return p
}

func envName(s string) string {
	return strings.ToUpper(strings.ReplaceAll(s, "-", "_"))
}
