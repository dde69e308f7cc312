package cmd

import (
	"errors"
	"slices"
	"strings"

	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/store"
)

// openStore opens the backend and proves that it can be written, before the
// vendor is asked for anything.
func (l *loginRun) openStore() (*hauth.Login, error) {
	name, err := l.storeName()
	if err != nil {
		return nil, err
	}
	open := func(name string) (*hauth.Login, error) {
		if name == store.File {
			made, err := l.app.client.MakeKey()
			if err != nil {
				return nil, err
			}
			if made != "" {
				l.app.notice(l.account.String(), "created encryption key "+made+"; back it up, the stored credentials cannot be read without it")
			}
		}
		return l.app.client.BeginLogin(l.app.ctx, l.account, l.provider, name)
	}
	if name != storeAuto {
		return open(name)
	}
	login, err := open(store.Keyring)
	if err == nil || !errors.Is(err, store.ErrAbsent) {
		return login, err
	}
	// Only a keyring that is absent may be replaced, and only if the user
	// agrees, or has agreed to it for another account.
	t, terminalErr := l.open()
	if terminalErr != nil {
		return nil, withHint(err, "run: hauth login "+l.account.String()+l.flagsGiven()+" --store file")
	}
	if l.app.usesFiles() {
		l.app.notice(l.account.String(), "there is no OS keyring here; using an encrypted file, as other accounts do")
		return open(store.File)
	}
	answer, askErr := t.Ask(l.app.ctx, "There is no OS keyring here. Use an encrypted file instead? [y/N] ")
	if askErr != nil {
		return nil, unanswered("an answer", askErr)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return nil, withHint(err, "run: hauth login "+l.account.String()+l.flagsGiven()+" --store file")
	}
	return open(store.File)
}

const storeAuto = "auto"

// storeName is the chosen backend: by flag, environment, what the account
// has now, or auto.
func (l *loginRun) storeName() (string, error) {
	name := l.options.store
	if name == storeAuto {
		if v := l.app.getenv("HAUTH_STORE"); v != "" && v != store.None {
			name = v
		} else if l.previous != nil {
			name = l.previous.Store()
		}
	}
	return storeFlag(name)
}

// storeFlag accepts the name of a store that login can choose.
func storeFlag(name string) (string, error) {
	known := []string{storeAuto, store.Keyring, store.File}
	if !slices.Contains(known, name) {
		return "", unknownValue("store", name, known)
	}
	return name, nil
}

// usesFiles reports that a stored account is in the encrypted file store.
func (a *app) usesFiles() bool {
	infos, _ := a.client.List()
	return slices.ContainsFunc(infos, func(i store.Info) bool { return i.Store == store.File })
}
