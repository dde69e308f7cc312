package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// withWords gives e the hint that its Remedy stands for, unless it has a hint
// already.
func (a *app) withWords(e *auth.Error) *auth.Error {
	if e.Hint != "" || e.Remedy == "" {
		return e
	}
	c := *e
	c.Hint = a.hintFor(e)
	return &c
}

// hintFor puts a Remedy into words: what to type, or what to look at. A hint
// must help where it is read: a CI job cannot log in, and "run: hauth login"
// does not help a user who has just done that.
func (a *app) hintFor(e *auth.Error) string {
	if e.Subject == "" {
		var ok bool
		if e, ok = a.withSubject(e); !ok {
			return ""
		}
	}
	account := e.Account
	if account == "" {
		account = "ACCOUNT"
	}
	login := a.toLogIn(account, "")
	subject := text.Word(e.Subject)
	switch e.Remedy {
	case auth.RemedyLogin:
		return a.loginHint(e)
	case auth.RemedyReview:
		return "look at it, then " + login
	case auth.RemedyRefresh:
		return "run: hauth refresh " + account
	case auth.RemedyUseFile:
		return a.otherStoreHint(account)
	case auth.RemedyUnlock:
		hint := "unlock the keyring (" + e.Subject + ")"
		if a.movesStored() {
			return hint
		}
		return hint + ", or " + a.otherStoreHint(account)
	case auth.RemedyBus:
		return "run: unset " + e.Subject
	case auth.RemedyDoctor:
		return "run: hauth doctor"
	case auth.RemedyUpdate:
		if e.Subject == "" { // what is kept there is not to be lost
			return "update hauth"
		}
		return "update hauth, or run: " + hereCommands().remove + subject
	case auth.RemedyMode, auth.RemedyDirMode, auth.RemedyModes:
		return a.modeHint(e)
	case auth.RemedyOwner:
		return "run hauth as the user that it belongs to, or set HAUTH_HOME to a directory of your own"
	case auth.RemedySudo:
		return "run hauth without sudo or with sudo -H, or set HAUTH_HOME to a directory of root's own"
	case auth.RemedyLook:
		return lookHint(e, hereCommands().look, e.Subject)
	case auth.RemedyLookDir:
		return lookHint(e, hereCommands().lookDir, e.Subject)
	case auth.RemedySpace:
		return hereCommands().space + subject
	case auth.RemedyQuota:
		return hereCommands().quota
	case auth.RemedyHome:
		return "set HAUTH_HOME to an absolute path"
	case auth.RemedyRestoreKey:
		return "set HAUTH_AGE_IDENTITY_FILE as it was at login, or restore your backup of the key"
	case auth.RemedyOtherKey:
		return "set the variable that named the key, or restore your backup of it; without one, run: hauth logout " + e.Subject
	case auth.RemedyMakeKey:
		if e.Subject == "" {
			return "an identity begins with AGE-SECRET-KEY-1; to make one, run: age-keygen"
		}
		return "to make one, run: age-keygen -o " + subject
	case auth.RemedyCheckFile:
		return "run: hauth providers check " + subject
	case auth.RemedyAuthorities:
		return "check --ca-file and HAUTH_CA_FILE"
	case auth.RemedyOwnAuthority:
		return "if the host or a proxy has its own certificate authority, use --ca-file FILE or HAUTH_CA_FILE"
	case auth.RemedyProxy:
		return "check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY"
	case auth.RemedyProxyUser:
		return "put the proxy's user into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT"
	case auth.RemedyEndpoint:
		return "check the endpoint: a token endpoint does not redirect"
	case auth.RemedyEndpointForm:
		return "a base URL looks like https://api.example.com or https://api.example.com/base"
	case auth.RemedyHTTPS:
		return "use https, or agree to plain http at login with --insecure-http"
	case auth.RemedyClock:
		if e.Subject != "" {
			return "this machine's clock is " + e.Subject + " of the vendor's: set it, then try again"
		}
		return "the response has no Date to go by; check this machine's clock"
	case auth.RemedyWait:
		return "try again with a longer --timeout"
	case auth.RemedyAgain:
		return "run the command again"
	case auth.RemedyName:
		const rule = "ames hold a-z, 0-9 and single inner hyphens, at most 48 characters"
		switch near := a.wellFormed(e.Near); {
		case len(near) > 0:
			return "did you mean " + strings.Join(near, " or ") + "? N" + rule
		case e.Subject == "account":
			return "an account is PROVIDER[/PROFILE]; n" + rule
		}
		return "n" + rule
	case auth.RemedySet:
		return "set " + e.Subject
	case auth.RemedySetEndpoint:
		return "set " + e.Subject + " to an https URL; plain http needs a stored account"
	case auth.RemedyUnset:
		return "unset one of them"
	case auth.RemedyOutside:
		return "run hauth outside of hauth exec, or use the token that it passed on"
	case auth.RemedyReplace:
		return "to replace it, add --replace"
	case auth.RemedyLookUp:
		switch {
		case e.Subject == "":
			return "look the code up in the vendor's documentation"
		case e.VendorCode == "":
			return "see " + auth.Printable(e.Subject)
		}
		return "look the code up: " + auth.Printable(e.Subject)
	case auth.RemedyMatch:
		return "compare ok, token and expires in " + subject + " with the response; --debug shows its keys"
	case auth.RemedyRotate:
		return fmt.Sprintf("add to the provider file: rotate: {%s: PATH}, get a new one from the vendor, and log in again", auth.Printable(e.Subject))
	case auth.RemedyLost:
		if a.command == "login" {
			return "mend that, get new credentials from the vendor, and log in again"
		}
		return "mend that, get new credentials from the vendor, and " + login
	case auth.RemedyStopped:
		return "it may be stopped: find it with ps -A -o pid,stat,args (T is stopped), and let it go on with kill -CONT PID"
	case auth.RemedyEngine:
		if a.command == "doctor" || a.command == "login" { // doctor knows of no fleet that no account has yet
			return "see whether it is up, and whether this machine can reach it"
		}
		return "see whether it is up: hauth doctor --network"
	case auth.RemedyEngineLogin:
		return "check user, password-file, token-file or role in the fleet's URL"
	case auth.RemedyEngineRights:
		return "its administrator can run: " + e.Subject
	case auth.RemedyEngineTLS:
		return "check ca-file, cert-file and key-file in the fleet's URL"
	case auth.RemedyFleetURL:
		if e.Subject == "" {
			return "run: hauth help fleet"
		}
		return "write it as " + e.Subject
	case auth.RemedyPasswordFile:
		return "use password-file, or set HAUTH_FLEET instead: " + e.Subject
	case auth.RemedySealFile:
		if e.Subject == "" {
			return "make one on every machine's disk with: openssl rand -out FILE -hex 32, and add seal-file=FILE to the fleet's URL"
		}
		return "check " + subject
	case auth.RemedyKeep:
		return login + ", or share them between machines: hauth help fleet"
	case auth.RemedyNearest:
		list := "hauth providers list shows all"
		near := append(a.accountsOfProfile(e.Account), e.Near...)
		if len(near) == 0 {
			return list
		}
		return fmt.Sprintf("did you mean %s? %s", strings.Join(near, " or "), list)
	}
	return ""
}

// withSubject gives the failure of an earlier attempt the subject that the
// attempts file does not keep, from the account's provider. It reports false
// where there is none and a hint without one would be no help.
func (a *app) withSubject(e *auth.Error) (*auth.Error, bool) {
	c := *e
	if account, err := auth.ParseAccount(e.Account); err == nil {
		provider, err := a.catalogue().Find(account.Provider)
		switch {
		case err != nil:
		case e.Remedy == auth.RemedyLookUp:
			c.Subject = provider.Docs
		case e.Remedy == auth.RemedyMatch:
			c.Subject = provider.Path
		}
	}
	needed := e.Remedy == auth.RemedyMatch || e.Remedy == auth.RemedyLook || e.Remedy == auth.RemedyRotate
	return &c, c.Subject != "" || !needed
}

// accountsOfProfile are the stored accounts whose profile is what was given for
// a provider, or nearly so: work for 123pan/work.
func (a *app) accountsOfProfile(given string) []string {
	infos, _ := a.client.List()
	var profiles []string
	for _, info := range infos {
		if info.Account.Profile != auth.DefaultProfile && !slices.Contains(profiles, info.Account.Profile) {
			profiles = append(profiles, info.Account.Profile)
		}
	}
	near := text.Nearest(given, profiles)
	if slices.Contains(profiles, given) {
		near = []string{given}
	}
	var names []string
	for _, info := range infos {
		if slices.Contains(near, info.Account.Profile) {
			names = append(names, info.Account.String())
		}
	}
	return names[:min(3, len(names))]
}

// wellFormed are the accounts among names whose provider exists.
func (a *app) wellFormed(names []string) []string {
	known := a.catalogue().Names()
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		account, err := auth.ParseAccount(name)
		return err != nil || !slices.Contains(known, account.Provider)
	})
}
