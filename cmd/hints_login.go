package cmd

import (
	"strings"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// toLogIn says how to give an account's credentials anew: by the command to
// run, or where nobody can answer its questions by the variables to set.
func (a *app) toLogIn(account, store string) string {
	if a.again != nil {
		return "run: " + a.again(store)
	}
	if parsed, err := auth.ParseAccount(account); err == nil && !a.mayAsk() {
		if names := a.variablesOf(parsed); len(names) > 0 {
			return "set " + strings.Join(names, ", ")
		}
	}
	if store != "" {
		account += " --store " + store
	}
	return "run: hauth login " + account
}

// otherStoreHint says what helps where the keyring does not.
func (a *app) otherStoreHint(account string) string {
	switch {
	case a.movesStored():
		return "run it in the session that has the keyring"
	case a.command == "import":
		return "add --store file"
	}
	return a.toLogIn(account, store.File)
}

// movesStored reports that the command is about what is stored, for which a new
// login is no help.
func (a *app) movesStored() bool {
	return a.command == "logout" || a.command == "rename" || a.command == "export"
}

// howToBegin says how to have a first account.
func (a *app) howToBegin() string {
	if a.mayAsk() {
		return "run: hauth login PROVIDER (hauth providers list shows them)"
	}
	return "set the variables of one: hauth help environment"
}

// loginHint says how to give the account's credentials: by the variables to
// set where nobody can answer questions, else by the command to run.
func (a *app) loginHint(e *auth.Error) string {
	account, err := auth.ParseAccount(e.Account)
	switch {
	case err != nil:
		return "run: hauth login ACCOUNT"
	case a.command == "login":
		return ""
	}
	hint, or := a.toLogIn(account.String(), ""), "Or "
	if a.movesStored() {
		hint, or = "hauth status lists the accounts", ""
	}
	if e.Kind != auth.NotFound {
		return hint
	}
	// What no provider is called cannot be logged in to.
	_, err = a.catalogue().Find(account.Provider)
	unknown := auth.Is(err, auth.NotFound)
	near := a.nearAccounts(account)
	if unknown {
		near = a.storedLike(account)
	}
	switch {
	case len(near) > 0 && unknown:
		return "did you mean " + strings.Join(near, " or ") + "?"
	case len(near) > 0:
		return "did you mean " + strings.Join(near, " or ") + "? " + or + hint
	case unknown:
		return "hauth status lists the accounts"
	}
	return hint
}

// variablesOf are the variables that give the account's credentials without a
// login. There are none where the vendor replaces a credential and nothing but
// a login could keep the new one.
func (a *app) variablesOf(account auth.Account) []string {
	provider, err := a.catalogue().Find(account.Provider)
	if err != nil {
		return nil
	}
	if url, _ := a.client.EnvironmentFleet(); provider.Limits.Rotates && url == "" {
		return nil
	}
	var names []string
	for _, v := range provider.Vars {
		names = append(names, account.EnvPrefix()+"_"+strings.ToUpper(v.Name))
	}
	// Without it the credentials of an account with an endpoint of its own would
	// go to the provider's.
	if info, err := a.client.Info(account); err == nil && info.Endpoint != a.standardEndpoint(account.Provider) {
		names = append(names, account.EnvPrefix()+"_ENDPOINT")
	}
	return names
}
