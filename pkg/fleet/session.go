package fleet

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// session is one use of the engine under the account's local lock: what was
// read, the lease, and what is to be shared.
type session struct {
	mu sync.Mutex // between Lock and unlock, for the goroutines that share the Store

	want  broker.Want
	begun time.Time     // of the call, on this machine's clock
	wait  time.Duration // at most, for other machines
	start time.Time     // for durations
	seen  auth.Token    // the local token before the lock
	last  auth.Attempt  // the local attempt before the lock

	engine  Engine
	seal    Seal
	creds   auth.Credentials // the local ones
	limits  auth.Limits
	secrets []string

	entry    Entry
	rec      record
	toLocal  shift
	toEngine shift
	took     time.Duration // the last read

	owner  string      // a nonce that names this session in a lease; empty: it has none
	base   auth.Secret // the fleet's token when the lease was taken
	until  time.Time   // when the lease ends, on this machine's clock
	alone  bool        // without the engine, which cannot be reached
	asking bool        // an exchange is under way
	stops  bool        // the broker will stop at an attempt that was made meanwhile

	local   auth.Token    // the local token as last read
	current auth.Token    // the fleet's or the vendor's, once there is one
	foreign auth.Attempt  // another machine's, where the local store could not keep it
	grant   *auth.Grant   // the vendor's, to be shared
	attempt *auth.Attempt // to be shared
}

func (s *Store) newSession(ctx context.Context, wait time.Duration) *session {
	ses := &session{want: broker.WantOf(ctx), begun: s.now(), wait: wait, start: time.Now()}
	s.mu.Lock()
	ses.seen = s.seen
	s.mu.Unlock()
	if a, err := s.local.LastAttempt(); err == nil {
		ses.last = a
	}
	return ses
}

// prepare finds out what is to be shared and derives its key. The credentials
// are read, so it is done only when the engine will be asked.
func (s *Store) prepare(ctx context.Context, ses *session) error {
	if ses.engine != nil {
		return nil
	}
	limits, secrets, err := s.o.Vendor()
	if err != nil {
		return err
	}
	creds, err := s.local.Credentials(ctx)
	if err != nil {
		return err
	}
	seal, err := s.o.Target.Seal(s.o.Provider, creds, secrets)
	if err != nil {
		return err
	}
	engine, err := s.open()
	if err != nil {
		return err
	}
	ses.limits, ses.secrets, ses.creds, ses.seal, ses.engine = limits, secrets, creds, seal, engine
	return nil
}

// read asks the engine. A record that cannot be opened counts as none and will
// be replaced; one of a newer version never is.
func (s *Store) read(ctx context.Context, ses *session) error {
	if err := s.prepare(ctx, ses); err != nil {
		return err
	}
	before := s.now()
	entry, err := ses.engine.Read(ctx, ses.seal.Name())
	if err != nil {
		return asEngineError(err, s.o.Target.String())
	}
	after := s.now()
	rec, err := decodeRecord(ses.seal, entry.Data)
	switch {
	case errors.Is(err, errNewer):
		return newer(s.o.Target)
	case err != nil:
		s.notice("the record in the fleet engine %s is not used, and will be replaced: %v", s.o.Target, err)
	}
	ses.entry, ses.rec, ses.took = entry, rec, after.Sub(before)
	// Whatever the call took makes a token's life shorter, never longer.
	ses.toLocal, ses.toEngine = shift(before.Sub(entry.Now)), shift(entry.Now.Sub(after))
	return nil
}

// write replaces the record, and knows what is there afterwards.
func (s *Store) write(ctx context.Context, ses *session, next record) error {
	data, err := next.encode(ses.seal)
	if err != nil {
		return err
	}
	entry, err := ses.engine.Swap(ctx, ses.seal.Name(), ses.entry, data, next.keep(ses.toEngine.apply(s.now())))
	if err != nil {
		return asEngineError(err, s.o.Target.String())
	}
	ses.entry, ses.rec = entry, next
	return nil
}

// lease ends before those who wait for its holder give up, and after the
// holder's exchange. A slow engine's calls come on top of it.
const lease = auth.MaxExchange + 2*time.Second

// expired reports that a lease has run out before it was given back.
func (ses *session) expired(now time.Time) bool {
	return ses.owner != "" && !ses.until.IsZero() && !now.Before(ses.until)
}

// rotated reports that the record keeps credentials.
func (ses *session) rotated() bool { return ses.rec.Vars != nil }

// careful reports that a machine must not ask the vendor on its own: its token
// would log another one out, use up a rate limit or lose the credentials.
func (s *Store) careful(l auth.Limits) bool {
	switch s.o.Target.Down {
	case DownAlone:
		return l.Rotates && s.o.Environment // nobody else knows the credentials
	case DownFail:
		return true
	}
	return l.Live > 0 || l.Every > 0 || l.Rotates
}
