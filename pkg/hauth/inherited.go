package hauth

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// inherited is the store of an account that has a token in the environment and
// nothing else: an outer hauth exec put it there. It is never stored or
// refreshed.
type inherited struct {
	token   auth.Token
	removed bool // an outer hauth exec removed the account's credentials
}

// openInherited looks for HAUTH_<PROVIDER>_TOKEN and _EXPIRES_AT.
func (c *Client) openInherited(a *Account) bool {
	prefix := a.Name.EnvPrefix()
	value := c.environ.Get(prefix + "_TOKEN")
	if value == "" || c.unusableToken(a.Name) != "" {
		return false
	}
	expires, _ := time.Parse(time.RFC3339, c.environ.Get(prefix+"_EXPIRES_AT"))
	provider, err := a.provider()
	if err != nil {
		return false
	}
	values, err := c.EnvironmentValues(a.Name, provider)
	if err != nil {
		values = Values{} // the reason would not help anybody
	}
	endpoint, err := c.environmentEndpoint(a.Name)
	if err == nil && endpoint == "" {
		endpoint, _ = provider.ResolveEndpoint(values.Vars, false)
	}
	if a.api, err = c.environmentAPI(a.Name); err != nil {
		return false
	}
	a.Source, a.stored, a.endpoint = SourceInherited, store.None, endpoint
	a.keep = inherited{removed: c.removedByExec(a.Name), token: auth.Token{
		Value: auth.NewSecret(value), Type: provider.TokenType(), ExpiresAt: expires, Source: auth.SourceField, Endpoint: a.endpoint,
		Kept: provider.Carries(values.Vars),
	}}
	a.broker = a.newBroker()
	return true
}

// unusableToken says why the token of an account that is in the environment is
// not used; empty if it can be, or there is none.
func (c *Client) unusableToken(name auth.Account) string {
	token, end := name.EnvPrefix()+"_TOKEN", name.EnvPrefix()+"_EXPIRES_AT"
	value, until := c.environ.Get(token), c.environ.Get(end)
	if value == "" {
		return ""
	}
	expires, err := time.Parse(time.RFC3339, until)
	switch wrong := CheckText(token, value); {
	case wrong != nil:
		return wrong.Error()
	case until == "":
		return token + " is set without " + end
	case err != nil:
		return end + " is not a time such as 2006-01-02T15:04:05Z"
	case expires.Sub(c.now()) < minInherited:
		return "the token in " + token + " has expired"
	}
	return ""
}

// minInherited is how long an inherited token must still be valid.
const minInherited = 5 * time.Second

func (s inherited) Token(context.Context) (auth.Token, error) { return s.token, nil }

func (s inherited) Credentials(context.Context) (auth.Credentials, error) {
	e := &auth.Error{Kind: auth.NotFound, Fact: "the token in the environment cannot be refreshed: not logged in", Remedy: auth.RemedyLogin}
	if s.removed {
		e.Fact, e.Remedy = "the token in the environment cannot be refreshed: "+factRemoved, auth.RemedyOutside
	}
	return auth.Credentials{}, e
}

func (s inherited) SaveGrant(context.Context, auth.Grant) error { return nil }

func (s inherited) Lock(ctx context.Context, _ time.Duration) (func(), error) {
	return func() {}, ctx.Err()
}

func (s inherited) LastAttempt() (auth.Attempt, error) { return auth.Attempt{}, nil }

func (s inherited) SaveAttempt(auth.Attempt) error { return nil }

func (s inherited) StateFile(string) string { return "" }

func (s inherited) Delete(context.Context) error { return nil }
