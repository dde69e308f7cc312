package fleet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// Local is an account's store on this machine.
type Local interface {
	broker.Store
	broker.Attempts
}

// Options say what an account shares, and through what. Target, Provider and
// Vendor are needed; the other fields' zero values mean the defaults.
type Options struct {
	Target   Target // the engine's address
	Engine   Engine // nil: opened from Target when first needed
	Provider string // its name, which the record is bound to

	// Vendor gives the vendor's limits and the names of its secret variables.
	// It is called only when the engine is to be asked.
	Vendor func() (limits auth.Limits, secrets []string, err error)

	// Environment says that the credentials come from the environment: the
	// local store cannot keep rotated ones.
	Environment bool

	// State is the path of a small file for all processes of this machine that
	// use the account; its directory exists and is private. Without one, each
	// process looks at the engine as often as a machine should.
	State string

	Now    func() time.Time
	Notice func(string) // one line for the user
}

// Store is a local store whose account's token is shared with other machines.
// It is what a [broker.Broker] wants as Store and as Attempts. Its methods may
// be called by several goroutines.
type Store struct {
	local  Local
	o      Options
	memory memory

	mu      sync.Mutex // guards what follows
	engine  Engine
	seen    auth.Token // what Token gave last, outside the lock
	held    *session   // while the account is locked
	adopted auth.Secret
}

// Wrap puts the fleet before local. It neither reads nor connects.
func Wrap(local Local, o Options) *Store {
	return &Store{local: local, o: o, engine: o.Engine, memory: memory{path: o.State}}
}

// Close ends the connections to the engine. The Store may be used again.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.engine != nil {
		s.engine.Close()
	}
}

// Adopted reports that this Store took t from the engine, rather than from the
// local store or the vendor.
func (s *Store) Adopted(t auth.Token) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.adopted.IsEmpty() && s.adopted.Equal(t.Value)
}

// minLeft is what a token must have left to be worth taking; the broker takes
// one with less for expired.
const minLeft = 5 * time.Second

// Token returns the local token. A token that is valid is compared with the
// fleet's when that is due; see the package comment.
func (s *Store) Token(ctx context.Context) (auth.Token, error) {
	if ses := s.session(); ses != nil {
		if !ses.mu.TryLock() {
			return s.local.Token(ctx) // the session is another goroutine's, and busy
		}
		defer ses.mu.Unlock()
		return s.tokenLocked(ctx, ses)
	}
	t, err := s.local.Token(ctx)
	if err == nil && t.Left(s.now()) >= minLeft {
		if patience := s.checkDue(ctx, t); patience > 0 {
			t = s.check(ctx, t, patience)
		}
	}
	if err != nil {
		t = auth.Token{}
	}
	s.mu.Lock()
	s.seen = t
	s.mu.Unlock()
	return t, err
}

// tokenLocked is Token between Lock and unlock: what the fleet gave, or the
// vendor, even where the local store could not keep it.
func (s *Store) tokenLocked(ctx context.Context, ses *session) (auth.Token, error) {
	if ses.expired(s.now()) {
		// The lease has run out, as it does when the process is suspended:
		// another machine may have got a token meanwhile.
		ses.until = time.Time{}
		if s.read(ctx, ses) == nil {
			s.absorb(ctx, ses)
		}
	}
	t, err := ses.current, error(nil)
	if t.Value.IsEmpty() {
		t, err = s.local.Token(ctx)
	}
	if ses.asking && ses.owner != "" && !ses.until.IsZero() {
		// Under the lease nobody gets a token that is later than the exchange's,
		// however short the time between the two.
		t.IssuedAt, t.VendorAt = time.Time{}, time.Time{}
	}
	return t, err
}

// Credentials returns the local credentials with what the fleet knows to have
// been rotated. Under the lock it makes sure that this machine has the lease,
// unless a back-off will keep the exchange from following.
func (s *Store) Credentials(ctx context.Context) (auth.Credentials, error) {
	creds, err := s.local.Credentials(ctx)
	ses := s.session()
	if err != nil || ses == nil {
		return creds, err
	}
	ses.mu.Lock()
	defer ses.mu.Unlock()
	if ses.owner == "" && !ses.alone && !ses.stops {
		if err := s.join(ctx, ses, true); err != nil {
			return auth.Credentials{}, withoutLock(err)
		}
	}
	ses.asking = true
	if ses.rotated() && (s.o.Environment || !later(ses.local, ses.rec.token(ses.toLocal, creds))) {
		creds = ses.rec.withVars(creds, ses.secrets)
	}
	return creds, nil
}

// SaveGrant keeps the grant in the local store; the fleet gets it when the
// lock is given back. Credentials that the vendor has replaced go to the fleet
// at once, and it is an error if nothing keeps them.
func (s *Store) SaveGrant(ctx context.Context, g auth.Grant) error {
	ses := s.session()
	if ses == nil {
		return s.local.SaveGrant(ctx, g)
	}
	ses.mu.Lock()
	defer ses.mu.Unlock()
	ses.grant, ses.current, ses.asking = &g, g.Token, false
	if g.Rotated == nil {
		return s.local.SaveGrant(ctx, g)
	}
	return s.saveRotated(ctx, ses, g)
}

// LastAttempt is the local store's: Lock brings what the fleet knows into it.
func (s *Store) LastAttempt() (auth.Attempt, error) {
	if ses := s.session(); ses != nil && ses.mu.TryLock() {
		defer ses.mu.Unlock()
		if !ses.foreign.IsZero() {
			return ses.foreign, nil
		}
	}
	return s.local.LastAttempt()
}

// SaveAttempt notes the attempt in the local store; the fleet gets it when the
// lock is given back.
func (s *Store) SaveAttempt(a auth.Attempt) error {
	if ses := s.session(); ses != nil {
		ses.mu.Lock()
		defer ses.mu.Unlock()
		ses.attempt, ses.foreign = &a, auth.Attempt{}
	}
	return s.local.SaveAttempt(a)
}

// withoutLock gives an error of join, which is made for Lock, a form that
// Credentials may return.
func withoutLock(err error) error {
	if e, ok := err.(*broker.LockError); ok {
		return e.Err
	}
	if errors.Is(err, auth.ErrBusy) {
		return &auth.Error{Kind: auth.Network, Fact: "timed out waiting for another machine", Err: err, Remedy: auth.RemedyWait, Retryable: true}
	}
	return err
}

func (s *Store) session() *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// open returns the engine. Nothing is connected yet.
func (s *Store) open() (Engine, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.engine == nil {
		engine, err := Open(s.o.Target)
		if err != nil {
			return nil, err
		}
		s.engine = engine
	}
	return s.engine, nil
}

func (s *Store) now() time.Time {
	if s.o.Now != nil {
		return s.o.Now().Round(0)
	}
	return time.Now().Round(0) // without the monotonic reading, which stands still in suspend
}

func (s *Store) notice(format string, args ...any) {
	if s.o.Notice != nil {
		s.o.Notice(fmt.Sprintf(format, args...))
	}
}
