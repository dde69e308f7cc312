package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// world is a vendor, an engine and some machines, each with a clock of its
// own. Only the vendor's clock orders what it issues.
type world struct {
	t        *testing.T
	vendor   *vendor
	engine   *engine
	machines []*machine
}

func newWorld(t *testing.T, machines int, limits auth.Limits) *world {
	w := &world{
		t:      t,
		vendor: &vendor{took: time.Second, life: 2 * time.Hour, limits: limits},
		engine: &engine{values: map[string][]byte{}},
	}
	for i := range machines {
		m := w.newMachine(i)
		m.state = t.TempDir() + "/state"
		w.machines = append(w.machines, m)
	}
	return w
}

func (w *world) newMachine(i int) *machine {
	return &machine{
		w: w, name: fmt.Sprint("m", i), lock: make(chan struct{}, 1),
		creds: auth.Credentials{
			ID: fmt.Sprint("creds-of-", i), Endpoint: "https://vendor.example",
			Vars: map[string]auth.Secret{"client_id": auth.NewSecret("id"), "client_secret": auth.NewSecret("a secret of some length")},
		},
	}
}

// vendor issues tokens; where one may live, a new one ends the old one.
type vendor struct {
	mu       sync.Mutex
	limits   auth.Limits
	offset   time.Duration // of its clock
	took     time.Duration
	life     time.Duration
	refuse   error
	undated  bool              // it does not tell the time
	same     bool              // the same token again
	refresh  string            // the refresh token that it takes; empty: it does not rotate
	before   func(request int) // the request has left
	after    func(request int) // it was answered
	requests int               // those that left
	issued   int
	live     []string
}

func (v *vendor) exchange(_ context.Context, m *machine, creds auth.Credentials) (auth.Grant, error) {
	v.mu.Lock()
	v.requests++
	n := v.requests
	before, after, took := v.before, v.after, v.took
	v.mu.Unlock()
	if before != nil {
		before(n)
	}
	time.Sleep(took / 2)
	grant, err := v.issue(m, creds)
	time.Sleep(took / 2)
	if after != nil {
		after(n)
	}
	return grant, err
}

func (v *vendor) issue(m *machine, creds auth.Credentials) (auth.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.refuse != nil {
		return auth.Grant{}, v.refuse
	}
	var g auth.Grant
	if v.refresh != "" {
		if got := creds.Vars["refresh_token"].Reveal(); got != v.refresh {
			return auth.Grant{}, &auth.Error{Kind: auth.Denied, Fact: "refused", VendorMessage: "stale refresh token " + got}
		}
		v.refresh = fmt.Sprintf("refresh token number %d", v.issued+1)
		rotated := creds
		rotated.Vars = map[string]auth.Secret{}
		for n, s := range creds.Vars {
			rotated.Vars[n] = s
		}
		rotated.Vars["refresh_token"] = auth.NewSecret(v.refresh)
		g.Rotated = &rotated
	}
	if !v.same || v.issued == 0 {
		v.issued++
	}
	value := fmt.Sprintf("token-%d", v.issued)
	if !slices.Contains(v.live, value) {
		v.live = append(v.live, value)
	}
	if v.limits.Live > 0 {
		v.live = v.live[max(0, len(v.live)-v.limits.Live):]
	}
	issued := m.now().Truncate(time.Second) // as the providers' engine has it
	g.Token = auth.Token{
		Value: auth.NewSecret(value), Type: "Bearer", IssuedAt: issued, ExpiresAt: issued.Add(v.life),
		VendorAt: time.Now().Add(v.offset).Truncate(time.Second), Source: auth.SourceField,
		Endpoint: creds.Endpoint, CredentialID: creds.ID,
	}
	if v.undated {
		g.Token.VendorAt = time.Time{}
	}
	return g, nil
}

// engine is a fake that can misbehave.
type engine struct {
	mu     sync.Mutex
	values map[string][]byte
	offset time.Duration // of its clock
	took   time.Duration // per call
	down   bool
	reject error            // every login is refused
	cut    map[string]bool  // machines that cannot reach it
	onSwap func(n int) swap // what becomes of the nth Swap
	meter  func()           // called for each call
	tries  int
	reads  int
	swaps  int
}

// swap is what becomes of a Swap.
type swap int

const (
	fine     swap = iota
	lost          // nothing is written, and an error is the answer
	applied       // it is written, and an error is the answer
	repeated      // it is written, and asked for again: a conflict is the answer
)

var errDown = errors.New("connection reset")

// port is the engine as one process reaches it.
type port struct {
	e *engine
	p *process
}

func (o port) call(ctx context.Context) error {
	o.e.mu.Lock()
	took := o.e.took
	o.e.tries++
	if o.e.meter != nil {
		o.e.meter()
	}
	o.e.mu.Unlock()
	if !sleep(ctx, took) && took > 0 {
		return ctx.Err()
	}
	o.e.mu.Lock()
	defer o.e.mu.Unlock()
	switch {
	case o.e.reject != nil:
		return o.e.reject
	case o.e.down, o.e.cut[o.p.m.name], o.p.killed():
		return errDown
	}
	return ctx.Err()
}

func (o port) Read(ctx context.Context, name string) (Entry, error) {
	if err := o.call(ctx); err != nil {
		return Entry{}, err
	}
	o.e.mu.Lock()
	defer o.e.mu.Unlock()
	o.e.reads++
	o.p.m.calls++
	return Entry{Data: slices.Clone(o.e.values[name]), Now: time.Now().Add(o.e.offset)}, nil
}

func (o port) Swap(ctx context.Context, name string, was Entry, data []byte, keep time.Duration) (Entry, error) {
	if err := o.call(ctx); err != nil {
		return Entry{}, err
	}
	o.e.mu.Lock()
	defer o.e.mu.Unlock()
	if keep <= 0 {
		return Entry{}, errors.New("nothing is kept for no time")
	}
	o.e.swaps++
	o.p.m.calls++
	var becomes swap
	if o.e.onSwap != nil {
		becomes = o.e.onSwap(o.e.swaps)
	}
	if becomes == lost {
		return Entry{}, errDown
	}
	if string(o.e.values[name]) != string(was.Data) {
		return Entry{}, ErrConflict
	}
	o.e.values[name] = slices.Clone(data)
	switch becomes {
	case applied:
		return Entry{}, errDown
	case repeated:
		return Entry{}, ErrConflict
	}
	return Entry{Data: slices.Clone(data)}, nil
}

func (o port) Close() {}

func (e *engine) set(change func(*engine)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e)
}

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

// outcome is what the processes of a herd got: values and errors, counted.
type outcome map[string]int

func (o outcome) only(t *testing.T, what string, n int) {
	t.Helper()
	if len(o) != 1 || o[what] != n {
		t.Fatalf("got %v, want %d times %s", o, n, what)
	}
}

// herd runs n processes on each of the machines at once.
func (w *world) herd(n int, want broker.Want) outcome {
	out := outcome{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, m := range w.machines {
		for range n {
			group.Go(func() {
				r, err := m.run(w.t, want)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					e, _ := auth.AsError(err)
					out[e.Kind.Code()]++
				} else {
					out[r.Token.Value.Reveal()]++
				}
			})
		}
	}
	group.Wait()
	return out
}

func (w *world) asked(n int) {
	w.t.Helper()
	if w.vendor.requests != n {
		w.t.Fatalf("%d requests to the vendor, want %d", w.vendor.requests, n)
	}
}

// alive fails unless every machine's token is live at the vendor.
func (w *world) alive() {
	w.t.Helper()
	for _, m := range w.machines {
		if v := m.token.Value.Reveal(); !slices.Contains(w.vendor.live, v) {
			w.t.Errorf("%s holds %q, but live is %v", m.name, v, w.vendor.live)
		}
	}
}

func (m *machine) noticed(t *testing.T, n int, words string) {
	t.Helper()
	found := 0
	for _, s := range m.notices {
		if strings.Contains(s, words) {
			found++
		}
	}
	if found != n {
		t.Errorf("%s: %d notices with %q, want %d: %q", m.name, found, words, n, m.notices)
	}
}

func denied() error { return &auth.Error{Kind: auth.Denied, Fact: "refused", VendorCode: "401"} }
