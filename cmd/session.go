package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// Where an account's credentials come from, as status shows it.
const (
	sourceStored      = "stored"
	sourceEnvironment = "environment"
)

// session is one account, opened: its store, and the broker that answers for
// it.
type session struct {
	account  auth.Account
	source   string
	store    string // as status shows it
	endpoint string
	keep     accountStore
	broker   *broker.Broker
	provider func() (*providers.Provider, error) // read once, on demand
	unset    []string                            // variables that credentials in the environment lack
	login    bool                                // the credentials are new
}

// accountStore is what a stored account's vault and the sealed cache both
// are.
type accountStore interface {
	broker.Store
	broker.Attempts
	Delete(ctx context.Context) error
}

// open finds an account's credentials, in the environment first, and puts a
// broker before them. No keyring is opened yet.
func (a *app) open(account auth.Account) (*session, error) {
	if a.dirsErr != nil && !a.hasEnvironment(account) {
		return nil, a.dirsErr
	}
	s := &session{account: account}
	s.provider = sync.OnceValues(func() (*providers.Provider, error) {
		return a.catalogue().Find(account.Provider)
	})
	creds, found, err := a.environmentCredentials(s)
	if err != nil {
		return nil, about(account, err)
	}
	if found {
		err = a.openEnvironment(s, creds)
	} else {
		err = a.openStored(s)
	}
	if err != nil {
		return nil, about(account, err)
	}
	s.broker = a.brokerFor(s)
	return s, nil
}

func (a *app) openStored(s *session) error {
	vault, err := store.Open(a.storeOptions(s.account), s.account)
	if err != nil {
		if auth.Is(err, auth.NotFound) {
			// A mistyped provider is the likelier reason, and has a better answer.
			if _, unknown := s.provider(); unknown != nil {
				return unknown
			}
			if len(s.unset) > 0 {
				return withHint(err, "set "+strings.Join(s.unset, ", "))
			}
			return a.nearAccounts(s.account, err)
		}
		return err
	}
	info := vault.Info()
	s.source, s.store, s.endpoint, s.keep = sourceStored, info.Store, info.Endpoint, vault
	return nil
}

func (a *app) openEnvironment(s *session, creds auth.Credentials) error {
	provider, err := s.provider()
	if err != nil {
		return err
	}
	sealed := store.NewPrivate(creds)
	if a.dirsErr == nil && a.getenv("HAUTH_STORE") != store.None {
		var secrets []string
		for _, v := range provider.SecretVars() {
			secrets = append(secrets, v.Name)
		}
		if sealed, err = store.OpenSealed(a.storeOptions(s.account), s.account, creds, secrets); err != nil {
			return err
		}
	}
	s.source, s.store, s.endpoint, s.keep = sourceEnvironment, store.Sealed, creds.Endpoint, sealed
	if !sealed.Shared() {
		s.store = store.None
	}
	return nil
}

// brokerFor makes the broker of a session whose store is known.
func (a *app) brokerFor(s *session) *broker.Broker {
	b := &broker.Broker{
		Store:    interruptible{a, s.keep},
		Attempts: s.keep,
		Exchanger: func() (broker.Exchanger, auth.Limits, error) {
			provider, err := s.provider()
			if err != nil {
				return nil, auth.Limits{}, err
			}
			return &exchanger{app: a, account: s.account, provider: provider, login: s.login}, provider.Limits, nil
		},
		Now:     a.env.Now,
		Notice:  a.noticeFor(s.account),
		Timeout: a.timeout,
	}
	if a.timeout < maxTimeout {
		b.LockWait = a.timeout // too short to take over from a holder: the wait ends in an error
	}
	return b
}

// interruptible begins to catch signals when the first lock is taken: what
// came before needs no cleaning up.
type interruptible struct {
	app *app
	accountStore
}

func (i interruptible) Lock(ctx context.Context, wait time.Duration) (func(), error) {
	i.app.catchSignals()
	if wait > 0 {
		defer i.app.showProgress("waiting for another hauth process …")()
	}
	return i.accountStore.Lock(ctx, wait)
}

// exchanger is the broker's Exchanger: an engine for the account's provider,
// with something to look at while the vendor is slow.
type exchanger struct {
	app      *app
	account  auth.Account
	provider *providers.Provider
	login    bool
}

func (x *exchanger) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	a := x.app
	a.catchSignals()
	for _, file := range []string{a.getenv("HAUTH_CA_FILE"), creds.CAFile} {
		if file == "" {
			continue
		}
		if err := checkCAFile(file); err != nil {
			return auth.Grant{}, usage("check --ca-file and HAUTH_CA_FILE", "the file of certificate authorities cannot be read: %v", err)
		}
	}
	defer a.showProgress(fmt.Sprintf("asking %s for a token …", x.account))()
	engine := a.engine(x.account, x.provider)
	engine.Login = x.login
	return engine.Exchange(ctx, creds)
}

// checkCAFile refuses what cannot be read at once: a pipe would wait for ever.
func checkCAFile(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	return err
}

func (a *app) engine(account auth.Account, provider *providers.Provider) *providers.Engine {
	e := &providers.Engine{
		Provider:  provider,
		Client:    a.env.HTTP,
		Now:       a.env.Now,
		Notice:    a.noticeFor(account),
		Timeout:   a.timeout,
		UserAgent: "hauth/" + version(),
		CAFile:    a.getenv("HAUTH_CA_FILE"),
	}
	if a.debug {
		e.Trace = func(line string) { a.trace(account.String() + ": " + line) }
	}
	return e
}
