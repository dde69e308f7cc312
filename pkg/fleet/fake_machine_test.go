package fleet

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// machine is a local store with one account.
type machine struct {
	w      *world
	name   string
	offset time.Duration
	env    bool // credentials from the environment

	mu      sync.Mutex
	lock    chan struct{}
	state   string
	token   auth.Token
	creds   auth.Credentials
	attempt auth.Attempt
	saveErr error
	lockErr error
	calls   int // to the engine; guarded by the engine's mutex
	notices []string
}

func (m *machine) now() time.Time { return time.Now().Add(m.offset) }

func (m *machine) give(value string, age, life time.Duration) {
	issued := m.now().Add(-age)
	m.token = auth.Token{
		Value: auth.NewSecret(value), IssuedAt: issued, ExpiresAt: issued.Add(life), CredentialID: m.creds.ID,
		VendorAt: time.Now().Add(m.w.vendor.offset - age).Truncate(time.Second),
	}
}

// process is one run of the command. After it was killed nothing that it does
// has an effect.
type process struct {
	m     *machine
	mu    sync.Mutex
	dead  bool
	holds bool
}

func (p *process) killed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// kill ends the process; the operating system frees its lock.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
	if p.holds {
		<-p.m.lock
	}
}

var errKilled = errors.New("killed")

func (p *process) Token(context.Context) (auth.Token, error) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	if p.m.token.Value.IsEmpty() {
		return auth.Token{}, &auth.Error{Kind: auth.NotFound, Fact: "no token"}
	}
	return p.m.token, nil
}

func (p *process) Credentials(context.Context) (auth.Credentials, error) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	return p.m.creds, nil
}

func (p *process) SaveGrant(_ context.Context, g auth.Grant) error {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	switch {
	case p.killed():
		return errKilled
	case p.m.saveErr != nil:
		return p.m.saveErr
	case g.Rotated != nil && p.m.env:
		return errors.New("the environment cannot keep it")
	case g.Token.CredentialID != p.m.creds.ID:
		return errors.New("the token is of other credentials")
	}
	p.m.token = g.Token
	if g.Rotated != nil {
		p.m.creds = *g.Rotated
	}
	return nil
}

func (p *process) LastAttempt() (auth.Attempt, error) {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	return p.m.attempt, nil
}

func (p *process) SaveAttempt(a auth.Attempt) error {
	p.m.mu.Lock()
	defer p.m.mu.Unlock()
	switch {
	case p.killed():
		return errKilled
	case p.m.saveErr != nil:
		return p.m.saveErr
	}
	p.m.attempt = a
	return nil
}

func (p *process) Lock(ctx context.Context, wait time.Duration) (func(), error) {
	if p.m.lockErr != nil {
		return nil, p.m.lockErr
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case p.m.lock <- struct{}{}:
	default:
		select {
		case p.m.lock <- struct{}{}:
		case <-timer.C:
			return nil, auth.ErrBusy
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holds = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if !p.dead {
			<-p.m.lock
		}
		p.holds = false
	}, nil
}

func (p *process) Exchange(ctx context.Context, creds auth.Credentials) (auth.Grant, error) {
	if p.killed() {
		return auth.Grant{}, errKilled
	}
	return p.m.w.vendor.exchange(ctx, p.m, creds)
}

func (p *process) store(target Target) *Store {
	m := p.m
	return Wrap(p, Options{
		Target: target, Engine: port{m.w.engine, p}, Provider: "vendor", Environment: m.env, State: m.state, Now: m.now,
		Vendor: func() (auth.Limits, []string, error) {
			return m.w.vendor.limits, []string{"client_secret", "refresh_token"}, nil
		},
		Notice: m.notice,
	})
}

func (m *machine) notice(s string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notices = append(m.notices, s)
}

func (p *process) broker(store *Store) *broker.Broker {
	return &broker.Broker{
		Store: store, Attempts: store, Now: p.m.now, Notice: p.m.notice,
		Exchanger: func() (broker.Exchanger, auth.Limits, error) { return p, p.m.w.vendor.limits, nil },
	}
}

// run starts one process that wants a token.
func (m *machine) run(t *testing.T, want broker.Want) (broker.Result, error) {
	return m.runWith(t, want, Target{Scheme: "fake"})
}

func (m *machine) runWith(t *testing.T, want broker.Want, target Target) (broker.Result, error) {
	p := &process{m: m}
	return p.broker(p.store(target)).Token(t.Context(), want)
}

// gets runs one process and expects this token.
func (m *machine) gets(t *testing.T, want broker.Want, value string) broker.Result {
	t.Helper()
	r, err := m.run(t, want)
	if err != nil {
		t.Fatalf("%s: %v", m.name, err)
	}
	if got := r.Token.Value.Reveal(); got != value {
		t.Fatalf("%s got %s, want %s", m.name, got, value)
	}
	return r
}

// fails runs one process and expects a failure.
func (m *machine) fails(t *testing.T, want broker.Want, kind auth.Kind) *auth.Error {
	t.Helper()
	r, err := m.run(t, want)
	if err == nil {
		t.Fatalf("%s got %s, want a failure", m.name, r.Token.Value.Reveal())
	}
	e, ok := auth.AsError(err)
	if !ok || e.Kind != kind {
		t.Fatalf("%s failed with %v, want kind %s", m.name, err, kind.Code())
	}
	return e
}
