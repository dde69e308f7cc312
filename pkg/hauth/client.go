package hauth

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// Client opens accounts. The zero Client is ready to use and behaves as the
// command does. A Client may be used by several goroutines, but must not be
// copied or changed after its first use.
type Client struct {
	Environ   Environ                      // nil: the process's own
	HTTP      *http.Client                 // for token requests; nil: a client with hauth's own limits
	Now       func() time.Time             // nil: time.Now
	Timeout   time.Duration                // for a token request, its retry included; 0: 20 s, which is also the most
	UserAgent string                       // of token requests; empty: "hauth"
	Notice    func(account, text string)   // a line that the user should see; nil: none
	Trace     func(account, text string)   // a redacted line about a token request; nil: none
	Attended  func() bool                  // reports whether somebody can answer a prompt of the keyring; nil: nobody can
	Waiting   func(on Wait) (ended func()) // called when something starts that can take a while; nil: not called; ended may be nil

	// Backend opens the store of that name; nil: the operating system's.
	Backend func(name string) (store.Backend, error)

	once    sync.Once
	environ Environ
	dirs    store.Dirs
	dirsErr error
	told    sync.Map // what noticeOnce has said
}

// Wait says what an account waits for.
type Wait struct {
	Account string
	Vendor  bool   // for the vendor's response; else for another process
	Fleet   string // the engine, as it may be shown, that it may be waiting for as well; empty: none
}

// MaxTimeout is both the default and the greatest Timeout. Processes that wait
// for another one's request rely on it.
const MaxTimeout = auth.MaxExchange

// setUp reads the environment once.
func (c *Client) setUp() {
	c.once.Do(func() {
		c.environ = c.Environ
		if c.environ == nil {
			c.environ = os.Environ()
		}
		c.dirs, c.dirsErr = resolveDirs(c.environ)
	})
}

// Dirs are the directories that the client uses. With an error there is no
// place for stored accounts.
func (c *Client) Dirs() (store.Dirs, error) {
	c.setUp()
	return c.dirs, c.dirsErr
}

// Getenv is the value of a variable in the client's environment.
func (c *Client) Getenv(name string) string {
	c.setUp()
	return c.environ.Get(name)
}

// Catalogue holds the providers that the client knows: the built-in ones and
// the user's own.
func (c *Client) Catalogue() providers.Catalogue {
	c.setUp()
	if c.dirs.Config == "" { // without a home there are no files of the user's
		return providers.Catalogue{}
	}
	return providers.Catalogue{Dir: c.dirs.Providers()}
}

// List lists the stored accounts. An account that cannot be read does not hide
// the others: the error joins those of all that could not.
func (c *Client) List() ([]store.Info, error) {
	c.setUp()
	if c.dirsErr != nil {
		return nil, c.dirsErr
	}
	return store.List(c.dirs)
}

// storeOptions are what the stores of one account share.
func (c *Client) storeOptions(account auth.Account) store.Options {
	return store.Options{
		Dirs:     c.dirs,
		Backends: c.Backends(account),
		Notice:   c.noticeFor(account),
		Now:      c.Now,
	}
}

// Names lists the stored accounts without reading their files.
func (c *Client) Names() ([]auth.Account, error) {
	c.setUp()
	if c.dirsErr != nil {
		return nil, c.dirsErr
	}
	return store.Names(c.dirs)
}

// Info reads what is listed of one stored account.
func (c *Client) Info(account auth.Account) (store.Info, error) {
	c.setUp()
	if c.dirsErr != nil {
		return store.Info{}, c.dirsErr
	}
	return store.Read(c.dirs, account)
}

// engine fetches tokens from a vendor.
func (c *Client) engine(account auth.Account, provider *providers.Provider) *providers.Engine {
	c.setUp()
	e := &providers.Engine{
		Provider:  provider,
		Client:    c.HTTP,
		Now:       c.Now,
		Notice:    c.noticeFor(account),
		Timeout:   c.timeout(),
		UserAgent: c.UserAgent,
		CAFile:    c.environ.Get("HAUTH_CA_FILE"),
	}
	if c.Trace != nil {
		e.Trace = func(text string) { c.Trace(account.String(), text) }
	}
	return e
}

// DryRun is the token request that credentials of provider would make, as text
// with the secrets redacted. Nothing is sent.
func (c *Client) DryRun(provider *providers.Provider, creds auth.Credentials) (string, error) {
	return c.engine(auth.Account{Provider: provider.Name, Profile: auth.DefaultProfile}, provider).DryRun(creds)
}

// Skew is a vendor's clock minus this machine's, exact to about a second.
func (a *Account) Skew(ctx context.Context) (time.Duration, error) {
	provider, err := a.Provider()
	if err != nil {
		return 0, err
	}
	skew, err := a.client.engine(a.Name, provider).Skew(ctx, a.endpoint, a.ownAuthority())
	return skew, named(a.Name, err)
}

func (c *Client) timeout() time.Duration {
	if c.Timeout <= 0 || c.Timeout > MaxTimeout {
		return MaxTimeout
	}
	return c.Timeout
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// wallClock is now without the monotonic reading, which stands still while the
// machine sleeps.
func (c *Client) wallClock() time.Time { return c.now().Round(0) }

func (c *Client) notice(account auth.Account, format string, args ...any) {
	if c.Notice != nil {
		c.Notice(account.String(), fmt.Sprintf(format, args...))
	}
}

// noticeOnce is notice for what does not change while the client lives: an
// account that is opened again, for --json or by a server, does not repeat it.
func (c *Client) noticeOnce(account auth.Account, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if _, said := c.told.LoadOrStore(account.String()+": "+text, nil); !said {
		c.notice(account, "%s", text)
	}
}

func (c *Client) noticeFor(account auth.Account) func(string) {
	return func(text string) { c.notice(account, "%s", text) }
}
