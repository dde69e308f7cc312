package fleet

import (
	"context"
	"errors"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

const (
	// checkEvery is how often a machine looks whether its token is still the
	// fleet's, where only one token is valid at a time.
	checkEvery = time.Minute

	// comparePatience is what the engine may cost a caller who says that the
	// vendor refused a token, when the local one is another.
	comparePatience = 2 * time.Second
)

// checkDue is how long the engine may be asked about t, a valid token; 0: not
// at all.
func (s *Store) checkDue(ctx context.Context, t auth.Token) time.Duration {
	want := broker.WantOf(ctx)
	switch {
	case want.IfSHA256 != "" && want.IfSHA256 != t.Value.SHA256():
		return comparePatience // it may be older than the one that was refused
	case explicit(want):
		return 0 // Lock will ask
	case due(s.memory.load().Check, s.now()):
		return checkPatience
	}
	return 0
}

// check compares t with the fleet's token and returns the better one. A
// failure keeps t. Only one process of the machine does it, and none waits for
// it.
func (s *Store) check(ctx context.Context, t auth.Token, patience time.Duration) auth.Token {
	st := s.memory.load()
	if patience == checkPatience && st.Check.IsZero() {
		// Nothing is known of this account yet.
		if limits, _, err := s.o.Vendor(); err != nil || limits.Live != 1 {
			s.memory.update(func(m *state) { m.Check = t.ExpiresAt })
			return t
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	unlock, err := s.local.Lock(ctx, 0)
	if err != nil {
		return t
	}
	defer unlock()
	if patience == checkPatience && !due(s.memory.load().Check, s.now()) {
		return s.latest(ctx, t) // another process was faster
	}
	defer s.Close()
	ses := s.newSession(ctx, 0)
	ses.local = s.latest(ctx, t)
	if err := s.compare(ctx, ses); err != nil {
		s.failed(err)
		return ses.local
	}
	s.planNext(ses)
	return ses.local
}

func (s *Store) latest(ctx context.Context, t auth.Token) auth.Token {
	if there, err := s.local.Token(ctx); err == nil {
		return there
	}
	return t
}

// compare takes the fleet's token over, or gives the fleet the local one if
// that is the later one or the engine has lost its own.
func (s *Store) compare(ctx context.Context, ses *session) error {
	for {
		if err := s.read(ctx, ses); err != nil {
			return err
		}
		s.absorb(ctx, ses)
		there := ses.rec.token(ses.toLocal, ses.creds)
		if ses.want.IfSHA256 == there.Value.SHA256() && !later(ses.local, there) {
			s.adopt(ctx, ses, there) // the refused token is the fleet's: it needs a new one
		}
		now := s.now()
		if ses.local.Left(now) < minLeft || ses.local.Value.Equal(there.Value) ||
			there.Left(now) >= minLeft && !later(ses.local, there) {
			return nil
		}
		next := ses.rec
		next.setToken(ses.local, ses.toEngine)
		if ses.limits.Rotates && !s.o.Environment {
			next.setVars(ses.creds, ses.secrets)
		}
		if err := s.write(ctx, ses, next); !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

// Share gives the fleet the local token, or takes the fleet's over if that is
// the later one. A login calls it after it has stored its token.
func (s *Store) Share(ctx context.Context) error {
	unlock, err := s.local.Lock(ctx, auth.MaxLockWait)
	if err != nil {
		return err
	}
	defer unlock()
	defer s.Close()
	ctx, cancel := context.WithTimeout(ctx, auth.MaxLockWait)
	defer cancel()
	ses := s.newSession(ctx, auth.MaxLockWait)
	if ses.local, err = s.local.Token(ctx); err != nil && !auth.Is(err, auth.NotFound) {
		return err
	}
	if err := s.compare(ctx, ses); err != nil {
		return err
	}
	s.planNext(ses)
	return nil
}

// failed leaves the engine alone for a while. The caller has a valid token, and
// gets it.
func (s *Store) failed(err error) {
	until := s.now().Add(pause)
	s.memory.update(func(m *state) { m.Check, m.Ahead = until, until })
	s.notice("the token could not be compared with the fleet's: %s", auth.Message(err))
}

// plan sets the next check.
func (s *Store) plan(after time.Duration) {
	at := s.now().Add(after)
	s.memory.update(func(m *state) { m.Check = at })
}

// planNext sets the next check after one look at the engine that succeeded.
// Where several tokens are valid at a time, the local one is good until it
// ends.
func (s *Store) planNext(ses *session) {
	if ses.engine == nil {
		return
	}
	if ses.limits.Live == 1 {
		s.plan(checkEvery)
		return
	}
	end := ses.current.ExpiresAt
	if end.IsZero() {
		end = ses.local.ExpiresAt
	}
	s.memory.update(func(m *state) { m.Check = end })
}
