package fleet

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Lookup returns what the fleet has for creds: a token, which may be over, and
// the credentials that replaced creds, if the vendor has replaced them. Whoever
// finds it knows the secret that a machine of the fleet got a token with, so a
// login need not ask the vendor, whose answer might end the fleet's token.
//
// The error is of kind NotFound when the engine has no record that creds open,
// or one whose credentials the vendor has refused since.
func Lookup(ctx context.Context, engine Engine, t Target, seal Seal, creds auth.Credentials, secrets []string, now func() time.Time) (auth.Grant, error) {
	before := now()
	entry, err := engine.Read(ctx, seal.Name())
	if err != nil {
		return auth.Grant{}, asEngineError(err, t.String())
	}
	rec, err := decodeRecord(seal, entry.Data)
	if err == errNewer {
		return auth.Grant{}, newer(t)
	}
	toLocal := shift(before.Sub(entry.latest()))
	token, last := rec.token(toLocal, creds), rec.attempt(toLocal, creds)
	if err != nil || token.Value.IsEmpty() || last.Failure != nil && last.Failure.Kind == auth.Denied {
		return auth.Grant{}, &auth.Error{Kind: auth.NotFound, Fact: "the fleet has no token for these credentials"}
	}
	g := auth.Grant{Token: token}
	if rec.Vars != nil {
		rotated := rec.withVars(creds, secrets)
		g.Rotated = &rotated
	}
	return g, nil
}

func newer(t Target) error {
	return &auth.Error{
		Kind: auth.Store, Fact: "the record in the fleet engine " + t.String() + " is not used", Err: errNewer,
		Remedy: auth.RemedyUpdate,
	}
}
