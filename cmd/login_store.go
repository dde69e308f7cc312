package cmd

import (
	"errors"
	"strings"

	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/store"
)

// openStore opens the back-end and proves that it can be written, before the
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
	// Only a keyring that is not there may be replaced, and only by a person.
	t, terminalErr := l.open()
	if terminalErr != nil {
		return nil, withHint(err, "run: hauth login "+l.account.String()+" --store file")
	}
	answer, askErr := t.Ask(l.app.ctx, "There is no OS keyring here. Use an encrypted file instead? [y/N] ")
	if askErr != nil {
		return nil, asked(askErr)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return nil, withHint(err, "run: hauth login "+l.account.String()+" --store file")
	}
	return open(store.File)
}

const storeAuto = "auto"

// storeName is the chosen back-end: by flag, environment, what the account
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
	switch name {
	case storeAuto, store.Keyring, store.File:
		return name, nil
	}
	return "", unknownValue("store", name, []string{storeAuto, store.Keyring, store.File})
}
