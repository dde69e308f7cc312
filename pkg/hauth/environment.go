package hauth

import (
	"maps"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// HasEnvironment reports whether a variable could hold credentials of the
// account. The provider's file is read only then.
func (c *Client) HasEnvironment(account auth.Account) bool {
	c.setUp()
	for name := range c.environ.withPrefix(account.EnvPrefix() + "_") {
		if !isOwn(name) {
			return true
		}
	}
	return false
}

// isOwn reports whether HAUTH_<PROVIDER>_ with this rest is not part of the
// credentials: hauth itself sets it for a child, or it belongs to a profile.
func isOwn(rest string) bool {
	switch rest {
	case "TOKEN", "EXPIRES_AT", "URL", "ENDPOINT", "API":
		return true
	}
	return strings.HasPrefix(rest, "_")
}

// Values are the credentials that variables hold.
type Values struct {
	Vars    map[string]auth.Secret // by variable name as in the provider file
	Missing []string               // names of environment variables that are not set, or empty
	Empty   []string               // those of Missing that are set, but empty
	Unknown map[string]string      // names that the provider does not know, each with the nearest right one
}

// Complete reports whether nothing is missing.
func (v Values) Complete() bool { return len(v.Vars) > 0 && len(v.Missing) == 0 }

// EnvironmentValues reads the account's credentials from variables, and from
// the files that variables name.
func (c *Client) EnvironmentValues(account auth.Account, provider *providers.Provider) (Values, error) {
	c.setUp()
	v := Values{Vars: map[string]auth.Secret{}}
	prefix := account.EnvPrefix() + "_"
	known := []string{"ENDPOINT", "API"}
	for _, x := range provider.Vars {
		rest := strings.ToUpper(x.Name)
		known = append(known, rest, rest+"_FILE")
		value, set := c.environ.Lookup(prefix + rest)
		file, fileSet := c.environ.Lookup(prefix + rest + "_FILE")
		name := prefix + rest
		switch {
		case value != "" && file != "":
			return Values{}, &auth.Error{Kind: auth.Usage, Fact: "both " + name + " and " + name + "_FILE are set", Remedy: auth.RemedyUnset}
		case file != "":
			text, err := ReadSecretFile(file)
			if err != nil {
				// What the variable holds is not repeated: it may be the secret itself.
				return Values{}, &auth.Error{Kind: auth.Usage, Fact: "cannot read the file that " + name + "_FILE names", Err: err}
			}
			if text == "" {
				return Values{}, &auth.Error{Kind: auth.Usage, Fact: name + "_FILE names an empty file"}
			}
			value, name = text, name+"_FILE"
		case value == "" && (x.Optional || x.Default != ""):
			continue
		case value == "":
			v.Missing = append(v.Missing, name)
			if set || fileSet {
				v.Empty = append(v.Empty, name)
			}
			continue
		}
		check := CheckValue
		if x.Is == providers.IsPEM {
			check = checkPEMText // a hit does not need the key, and reading one costs a fiftieth of it
		}
		if err := check(name, value, x); err != nil {
			return Values{}, err
		}
		v.Vars[x.Name] = auth.NewSecret(value)
	}
	v.Unknown = c.unknownVariables(account, known)
	return v, nil
}

// unknownVariables finds mistyped names: those with the account's prefix that
// its provider does not know and that no other provider has, with the nearest
// right one.
func (c *Client) unknownVariables(account auth.Account, known []string) map[string]string {
	var unknown map[string]string
	prefix := account.EnvPrefix() + "_"
	for rest := range c.environ.withPrefix(prefix) {
		if isOwn(rest) || slices.Contains(known, rest) || c.belongsToAnother(account, prefix+rest) {
			continue
		}
		near := text.Nearest(strings.ToLower(rest), lowerNames(known))
		if len(near) == 0 {
			continue
		}
		if unknown == nil {
			unknown = map[string]string{}
		}
		unknown[prefix+rest] = prefix + strings.ToUpper(near[0])
	}
	return unknown
}

// belongsToAnother reports whether a variable's name begins like those of
// another provider, whose name is longer:
// HAUTH_WAHOOL_AUTHORIZATION_ACCESS_KEY is not a variable of wahool.
func (c *Client) belongsToAnother(account auth.Account, name string) bool {
	for _, other := range c.Catalogue().Names() {
		prefix := auth.Account{Provider: other, Profile: auth.DefaultProfile}.EnvPrefix() + "_"
		if len(prefix) > len(account.EnvPrefix())+1 && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// environmentCredentials reads the account's credentials from the environment.
// found reports whether they are complete; an incomplete set gets a notice,
// and missing lists the variables that it lacks.
func (c *Client) environmentCredentials(a *Account) (creds auth.Credentials, found bool, missing []string, err error) {
	if !c.HasEnvironment(a.Name) {
		return creds, false, nil, nil
	}
	provider, err := a.provider()
	if err != nil {
		if auth.Is(err, auth.NotFound) {
			err = nil // the variable belongs to another program
		}
		return creds, false, nil, err
	}
	values, err := c.EnvironmentValues(a.Name, provider)
	if err != nil {
		return creds, false, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(values.Unknown)) {
		c.noticeOnce(a.Name, "%s is not a variable of this provider; did you mean %s?", name, values.Unknown[name])
	}
	if !values.Complete() {
		if c.removedByExec(a.Name) {
			return creds, false, values.Missing, nil // what is left of them is not the user's mistake
		}
		if len(values.Vars) > 0 || len(values.Empty) > 0 {
			c.noticeOnce(a.Name, "ignoring the credentials in the environment: %s", incomplete(values))
			return creds, false, values.Missing, nil
		}
		return creds, false, nil, nil
	}
	creds = auth.Credentials{SpecSHA256: provider.SHA256, Vars: values.Vars}
	if creds.Endpoint, err = c.environmentEndpoint(a.Name); err != nil {
		return creds, false, nil, err
	}
	if creds.API, err = c.environmentAPI(a.Name); err != nil {
		return creds, false, nil, err
	}
	if creds.Endpoint == "" {
		if creds.Endpoint, err = provider.ResolveEndpoint(values.Vars, false); err != nil {
			return creds, false, nil, toSet(err, a.Name.EnvPrefix()+"_ENDPOINT")
		}
	}
	return creds, true, nil, nil
}

func (c *Client) environmentEndpoint(account auth.Account) (string, error) {
	return c.environmentURL(account, "_ENDPOINT", providers.CheckEndpoint)
}

func (c *Client) environmentAPI(account auth.Account) (string, error) {
	return c.environmentURL(account, "_API", providers.CheckAPI)
}

// environmentURL is the base URL that a variable of the account names; empty if
// it is not set. One that is set but empty gets a notice: the secret goes to the
// provider's own host, which may not be what was meant.
func (c *Client) environmentURL(account auth.Account, suffix string, check func(raw string, insecureOK bool) (string, error)) (string, error) {
	name := account.EnvPrefix() + suffix
	value, set := c.environ.Lookup(name)
	if value == "" {
		if set {
			c.noticeOnce(account, "%s is set but empty, so the provider's own is used", name)
		}
		return "", nil
	}
	if err := CheckText(name, value); err != nil {
		return "", err
	}
	url, err := check(value, false)
	return url, toSet(err, name)
}

// toSet makes setting the variable the remedy of an error about a base URL.
func toSet(err error, name string) error {
	e, ok := auth.AsError(err)
	if !ok {
		return err
	}
	wrong := *e
	wrong.Remedy, wrong.Subject = auth.RemedySetEndpoint, name
	return &wrong
}

// removedByExec reports whether an outer hauth exec has removed the
// account's secrets from the environment.
func (c *Client) removedByExec(account auth.Account) bool {
	return slices.Contains(strings.Fields(c.environ.Get("HAUTH_EXEC")), account.String())
}

// tellHomeless says what does not work without a home directory.
func (c *Client) tellHomeless(a *Account) {
	e, ok := auth.AsError(c.dirsErr)
	if !ok || e.Remedy != auth.RemedyHome || c.environ.Get("HAUTH_STORE") == store.None {
		return
	}
	where := "so every call fetches a new token"
	switch {
	case c.dirs.Cache != "" && a.stored == store.None:
		return // the cache has said why it is of no use
	case c.dirs.Cache != "":
		where = "so tokens are cached in " + auth.Printable(c.dirs.Cache)
	}
	c.noticeOnce(a.Name, "%s, %s; set HAUTH_HOME to a directory of your own", e.Fact, where)
}

func incomplete(v Values) string {
	var parts []string
	unset := slices.DeleteFunc(slices.Clone(v.Missing), func(name string) bool { return slices.Contains(v.Empty, name) })
	for _, group := range []struct {
		names  []string
		is, be string
	}{{unset, "is not set", "are not set"}, {v.Empty, "is set but empty", "are set but empty"}} {
		switch len(group.names) {
		case 0:
		case 1:
			parts = append(parts, group.names[0]+" "+group.is)
		default:
			parts = append(parts, strings.Join(group.names, ", ")+" "+group.be)
		}
	}
	return strings.Join(parts, "; ")
}

// EnvironmentAccounts are the accounts that variables in the environment could
// belong to, complete or not.
func (c *Client) EnvironmentAccounts() []auth.Account {
	c.setUp()
	var accounts []auth.Account
	for _, name := range c.Catalogue().Names() {
		base := auth.Account{Provider: name, Profile: auth.DefaultProfile}
		var provider *providers.Provider
		for rest := range c.environ.withPrefix(base.EnvPrefix() + "_") {
			if isOwn(rest) && !strings.HasPrefix(rest, "_") {
				continue
			}
			if provider == nil {
				var err error
				if provider, err = c.Catalogue().Find(name); err != nil {
					break
				}
			}
			if account, ok := accountOf(base, rest, provider); ok && !slices.Contains(accounts, account) {
				accounts = append(accounts, account)
			}
		}
	}
	return accounts
}

// InheritedAccounts are the accounts whose tokens variables in the environment
// could hold, as hauth exec passes them on.
func (c *Client) InheritedAccounts() []auth.Account {
	c.setUp()
	var accounts []auth.Account
	for _, name := range c.Catalogue().Names() {
		base := auth.Account{Provider: name, Profile: auth.DefaultProfile}
		for rest := range c.environ.withPrefix(base.EnvPrefix() + "_") {
			before, ok := strings.CutSuffix("_"+rest, "_TOKEN")
			account := base
			if profile, named := strings.CutPrefix(before, "__"); named {
				account.Profile = profileOf(profile)
			} else if before != "" {
				continue
			}
			if ok && auth.ValidName(account.Profile) && c.environ.Get(account.EnvPrefix()+"_EXPIRES_AT") != "" {
				accounts = append(accounts, account)
			}
		}
	}
	return accounts
}

// profileOf is the profile that a variable's name has in this form.
func profileOf(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", "-"))
}

// accountOf is the account whose credentials HAUTH_<PROVIDER>_ with this rest
// is part of.
func accountOf(base auth.Account, rest string, provider *providers.Provider) (auth.Account, bool) {
	for _, v := range provider.Vars {
		before, ok := strings.CutSuffix(strings.TrimSuffix(rest, "_FILE"), strings.ToUpper(v.Name))
		if !ok {
			continue
		}
		account := base
		if profile, ok := strings.CutPrefix(before, "_"); ok {
			account.Profile = profileOf(strings.TrimSuffix(profile, "_"))
		} else if before != "" {
			continue
		}
		if auth.ValidName(account.Profile) {
			return account, true
		}
	}
	return auth.Account{}, false
}

// CompleteInEnvironment reports whether every variable of the account is
// set, directly or as the name of a file, which is not opened.
func (c *Client) CompleteInEnvironment(account auth.Account) bool {
	provider, err := c.Catalogue().Find(account.Provider)
	if err != nil {
		return false
	}
	for _, v := range provider.Vars {
		name := account.EnvPrefix() + "_" + strings.ToUpper(v.Name)
		if c.environ.Get(name) == "" && c.environ.Get(name+"_FILE") == "" && !v.Optional && v.Default == "" {
			return false
		}
	}
	return true
}

// lowerNames are the names in lower case, without those that name a file.
func lowerNames(names []string) []string {
	var lower []string
	for _, name := range names {
		if !strings.HasSuffix(name, "_FILE") {
			lower = append(lower, strings.ToLower(name))
		}
	}
	return lower
}
