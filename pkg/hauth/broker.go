package hauth

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/providers"
)

// newBroker puts a broker before the account's store.
func (a *Account) newBroker() *broker.Broker {
	c := a.client
	var kept broker.Store = a.keep
	var attempts broker.Attempts = a.keep
	if a.shared != nil {
		kept, attempts = a.shared, a.shared
	}
	b := &broker.Broker{
		Store:    announced{kept, a},
		Attempts: attempts,
		Exchanger: func() (broker.Exchanger, auth.Limits, error) {
			provider, err := a.provider()
			if err != nil {
				return nil, auth.Limits{}, err
			}
			return exchanger{a, provider}, provider.Limits, nil
		},
		Now:     c.Now,
		Notice:  c.noticeFor(a.Name),
		Timeout: c.timeout(),
	}
	if c.timeout() < MaxTimeout {
		b.LockWait = c.timeout() // too short to take over from a stopped holder: the wait ends in an error
	}
	return b
}

// announced tells the client when the account begins to wait for another
// process.
type announced struct {
	broker.Store
	account *Account
}

func (s announced) Lock(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	if wait > 0 {
		defer s.account.waiting(false)()
	}
	return s.Store.Lock(ctx, wait)
}

// Prove implements broker.Prover for stores that do.
func (s announced) Prove(ctx context.Context) error {
	if p, ok := s.Store.(broker.Prover); ok {
		return p.Prove(ctx)
	}
	if p, ok := s.account.keep.(broker.Prover); ok {
		return p.Prove(ctx)
	}
	return nil
}

// exchanger fetches tokens for the account and tells the client about it.
type exchanger struct {
	account  *Account
	provider *providers.Provider
}

func (x exchanger) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	defer x.account.waiting(true)()
	engine := x.account.client.engine(x.account.Name, x.provider)
	engine.Login = x.account.login
	if old, err := x.account.keep.Token(ctx); err == nil {
		engine.Hide = append(engine.Hide, old.Value) // a vendor may name the token that it gave before
		if skew := old.VendorAt.Sub(old.IssuedAt); !old.VendorAt.IsZero() && skew.Abs() > minSkew {
			engine.ClockSkew = skew
		}
	}
	return engine.Exchange(ctx, creds)
}

// minSkew is from where on the difference between the vendor's clock and this
// machine's counts for what is signed; less is the time that a request takes.
const minSkew = 30 * time.Second

func (a *Account) waiting(vendor bool) (ended func()) {
	if a.client.Waiting != nil {
		ended = a.client.Waiting(Wait{Account: a.Name.String(), Vendor: vendor, Fleet: a.Fleet()})
	}
	if ended == nil {
		ended = func() {}
	}
	return ended
}
