package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hauth/hauth/internal/text"
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
	command := false // "login" itself, which a provider may be called, too
	for _, arg := range a.env.Args {
		account, err := auth.ParseAccount(arg)
		if err != nil {
			continue
		}
		if arg == "login" && !command {
			command = true
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

// vendorFlagsNear are the vendor's words for what is not secret that a mistyped
// flag may mean; none where it may mean a secret as well.
func vendorFlagsNear(c *cobra.Command, name string) []string {
	var words, secret []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		switch {
		case f.Value.Type() == (secretFlag{}).Type():
			secret = append(secret, f.Name)
		case f.Hidden:
			words = append(words, f.Name)
		}
	})
	name = strings.ReplaceAll(name, "_", "-")
	if len(text.Nearest(name, secret)) > 0 {
		return nil
	}
	return text.Nearest(name, words)
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
