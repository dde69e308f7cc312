package cmd

import (
	"fmt"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// withWords gives e the hint that its Remedy stands for, unless it has a hint
// already.
func withWords(e *auth.Error) *auth.Error {
	if e.Hint != "" || e.Remedy == "" {
		return e
	}
	c := *e
	c.Hint = hintFor(e)
	return &c
}

// hintFor puts a Remedy into words: what to type, or what to look at.
func hintFor(e *auth.Error) string {
	account := e.Account
	if account == "" {
		account = "ACCOUNT"
	}
	login := "hauth login " + account
	subject := shellWord(e.Subject)
	switch e.Remedy {
	case auth.RemedyLogin:
		return "run: " + login
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
	case auth.RemedyMode:
		return "run: chmod 600 " + subject
	case auth.RemedyDirMode:
		return "run: chmod 700 " + subject
	case auth.RemedyOwner:
		return "run as the user that it belongs to"
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
		return "restore your backup of it; without one, run: " + login + " --store file"
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
		return "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
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
		names := "names hold a-z, 0-9 and single inner hyphens, at most 48 characters"
		if e.Subject == "account" {
			return "an account is PROVIDER[/PROFILE]; " + names
		}
		return names
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
	case auth.RemedyNearest:
		list := "hauth providers list shows all"
		if len(e.Near) == 0 {
			return list
		}
		return fmt.Sprintf("did you mean %s? %s", strings.Join(e.Near, " or "), list)
	}
	return ""
}

// shellWord makes a path one word of a POSIX shell. A path that needs no
// quotes, as most, stays as it is.
func shellWord(path string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-+@%:,=", r)
	}
	if strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0 {
		return path
	}
	return shellQuote(auth.Printable(path))
}
