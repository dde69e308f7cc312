package cmd

import (
	"fmt"
	"path/filepath"
	"runtime"
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
	account := e.Account
	if account == "" {
		account = "ACCOUNT"
	}
	login := "hauth login " + account
	subject := text.Word(e.Subject)
	switch e.Remedy {
	case auth.RemedyLogin:
		return a.loginHint(e)
	case auth.RemedyReview:
		return "look at it, then run: " + login
	case auth.RemedyRefresh:
		return "run: hauth refresh " + account
	case auth.RemedyUseFile:
		return "run: " + login + " --store file"
	case auth.RemedyUnlock:
		return "unlock the keyring (" + e.Subject + "), or run: " + login + " --store file"
	case auth.RemedyBus:
		return "run: unset " + e.Subject
	case auth.RemedyDoctor:
		return "run: hauth doctor"
	case auth.RemedyUpdate:
		if e.Subject == "" {
			return "update hauth, or run: hauth logout " + account
		}
		return "update hauth, or run: rm " + subject
	case auth.RemedyMode, auth.RemedyDirMode, auth.RemedyModes:
		return a.modeHint(e)
	case auth.RemedyOwner:
		return "run hauth as the user that it belongs to, or set HAUTH_HOME to a directory of your own"
	case auth.RemedySudo:
		return "run hauth without sudo or with sudo -H, or set HAUTH_HOME to a directory of root's own"
	case auth.RemedyLook:
		return "run: ls -l " + subject
	case auth.RemedyLookDir:
		return "run: ls -ld " + subject
	case auth.RemedySpace:
		return "run: df " + subject
	case auth.RemedyQuota:
		return "run: quota -s"
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
		return "an endpoint looks like https://api.example.com or https://api.example.com/base"
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
		names := "names consist of a-z, 0-9 and single inner hyphens, at most 48 characters"
		if e.Subject == "account" {
			return "an account is PROVIDER[/PROFILE]; " + names
		}
		return names
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
	case auth.RemedyEngine:
		if a.command == "doctor" {
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
		return "run: " + login + ", or share them between machines: hauth help fleet"
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

// loginHint says how to give the account's credentials: the variables to set
// if nobody can answer questions, else the command to run.
func (a *app) loginHint(e *auth.Error) string {
	account, err := auth.ParseAccount(e.Account)
	hint := "run: hauth login " + account.String()
	switch {
	case err != nil:
		return "run: hauth login ACCOUNT"
	case a.command == "login":
		return ""
	case !a.mayAsk():
		if names := a.variablesOf(account); len(names) > 0 {
			hint = "set " + strings.Join(names, ", ")
		}
	}
	if e.Kind != auth.NotFound {
		return hint
	}
	if near := a.nearAccounts(account); len(near) > 0 {
		return "did you mean " + strings.Join(near, " or ") + "? Or " + hint
	}
	return hint
}

// accountsOfProfile are the stored accounts whose profile is what was given for
// a provider: work for 123pan/work.
func (a *app) accountsOfProfile(given string) []string {
	infos, _ := a.client.List()
	var names []string
	for _, info := range infos {
		if info.Account.Profile == given && given != "" {
			names = append(names, info.Account.String())
		}
	}
	return names
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
	return names
}

// modeHint is how to make a file or a directory private.
func (a *app) modeHint(e *auth.Error) string {
	if runtime.GOOS == "windows" {
		return a.accessListHint(e)
	}
	subject := text.Word(e.Subject)
	switch e.Remedy {
	case auth.RemedyMode:
		return "run: chmod 600 " + subject
	case auth.RemedyDirMode:
		return "run: chmod go-w " + subject
	}
	return "run: chmod 600 " + subject + " && chmod go-w " + text.Word(filepath.Dir(e.Subject))
}

// accessListHint is written so that cmd and PowerShell both understand it. The
// numbers are those of Everyone, Authenticated Users and Users, whose names depend
// on the language.
func (a *app) accessListHint(e *auth.Error) string {
	const inherited = "(OI)(CI)"
	only := func(path, inherit string) string {
		return fmt.Sprintf(`icacls "%s" /inheritance:r /remove:g *S-1-1-0 *S-1-5-11 *S-1-5-32-545 /grant:r "%s:%sF"`, auth.Printable(path), auth.Printable(a.getenv("USERNAME")), inherit)
	}
	switch e.Remedy {
	case auth.RemedyMode:
		return "run: " + only(e.Subject, "")
	case auth.RemedyDirMode:
		return "run: " + only(e.Subject, inherited)
	}
	return "run: " + only(e.Subject, "") + " and " + only(filepath.Dir(e.Subject), inherited)
}
