package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

// addVendorFlags lets login understand the vendor's own terms: --client-id,
// --app-id, --access-key are the provider's variables of that name. A flag for
// a secret one exists too, only to say why it takes nothing. The provider is
// looked for among the arguments, since flags must be known before they are
// read.
func (a *app) addVendorFlags(f *pflag.FlagSet) map[string]*string {
	values := map[string]*string{}
	for _, arg := range a.env.Args {
		account, err := auth.ParseAccount(arg)
		if err != nil || arg == "login" {
			continue
		}
		provider, err := a.catalogue().Find(account.Provider)
		if err != nil {
			continue
		}
		for _, v := range provider.Vars {
			name := strings.ReplaceAll(v.Name, "_", "-")
			if f.Lookup(name) != nil {
				continue
			}
			if v.Secret {
				f.Var(secretFlag{}, name, "")
			} else {
				values[v.Name] = f.String(name, "", "")
			}
			f.MarkHidden(name)
		}
	}
	return values
}

var errSecretFlag = errors.New("a secret in a flag")

// secretFlag is a flag that must not be given.
type secretFlag struct{}

func (secretFlag) String() string   { return "" }
func (secretFlag) Set(string) error { return errSecretFlag }
func (secretFlag) Type() string     { return "secret" }

// publicVar is the variable that --id sets: client_id, or else the first that
// is not secret.
func publicVar(p *providers.Provider) (providers.Var, bool) {
	for _, v := range p.Vars {
		if v.Name == "client_id" && !v.Secret {
			return v, true
		}
	}
	return p.FirstPublicVar()
}
