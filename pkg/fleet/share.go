package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// sharePatience bounds what sharing may cost a caller whose token is there.
const sharePatience = 3 * time.Second

// leave gives the lease back. Token, attempt and release are one write: no
// other machine sees one without the others. If that fails the lease stays
// until it runs out; freed early, it would send another machine to the vendor
// for a token that this one could not show it.
func (s *Store) leave(ses *session) {
	ses.mu.Lock()
	defer ses.mu.Unlock()
	defer s.Close() // a connection that idles until the next use may be dead then
	switch {
	case ses.owner == "" && (ses.grant != nil || ses.alone):
		s.plan(pause) // a check will share it
		return
	case ses.owner == "":
		s.planNext(ses)
		return
	}
	// The caller's context may have ended; its token is shared all the same.
	ctx, cancel := context.WithTimeout(context.Background(), sharePatience+2*ses.took)
	defer cancel()
	err := s.share(ctx, ses)
	switch {
	case err == nil:
		s.planNext(ses)
	case ses.grant != nil:
		s.plan(pause)
		s.notice("the new token could not be shared with the fleet: %s", auth.Message(err))
	}
}

// share writes what the session brought, and tries again until ctx ends.
func (s *Store) share(ctx context.Context, ses *session) error {
	for {
		next, needed := s.next(ctx, ses)
		if !needed {
			return nil
		}
		err := s.write(ctx, ses, next)
		if err == nil || mistake(err) {
			return err
		}
		if !errors.Is(err, ErrConflict) && !sleep(ctx, firstPoll) {
			return err
		}
		// Somebody was faster, or the write was made and its answer was lost.
		if readErr := s.read(ctx, ses); readErr != nil && errors.Is(err, ErrConflict) {
			return readErr
		}
	}
}

// next is the record with what the session brought, the lease given back.
// Where another token has come in since this machine took the lease, the one
// stays that the vendor issued later; a lease of another machine stays, too.
func (s *Store) next(ctx context.Context, ses *session) (next record, needed bool) {
	next = ses.rec
	mine := ses.rec.Owner == ses.owner
	if mine {
		next.Owner, next.Host, next.LeaseEnd = "", "", time.Time{}
	}
	if a := ses.rec.Attempt; a != nil && ses.attempt != nil && a.ID == ses.attempt.ID {
		return next, mine // it was written, and the answer was lost
	}
	g := ses.grant
	there := ses.rec.token(ses.toLocal, ses.creds)
	if g != nil && !there.Value.Equal(ses.base) && there.Left(s.now()) >= minLeft && !later(g.Token, there) {
		if !there.Value.Equal(g.Token.Value) {
			s.adopt(ctx, ses, there)
		}
		return next, mine
	}
	if g == nil && !mine {
		return next, false
	}
	if g != nil {
		next.setToken(g.Token, ses.toEngine)
		if g.Rotated != nil {
			next.setVars(*g.Rotated, ses.secrets)
		}
	}
	if a := ses.attempt; a != nil && vendorsOwn(a.Failure) {
		next.setAttempt(*a, ses.toEngine)
	}
	return next, true
}

// vendorsOwn reports that a failure says something about the vendor or the
// credentials. A machine whose own network is down must not keep the others
// from trying.
func vendorsOwn(e *auth.Error) bool {
	if e == nil {
		return true
	}
	switch e.Kind {
	case auth.Denied, auth.Throttled, auth.Vendor:
		return true
	}
	return false
}

// saveRotated keeps credentials that the vendor has replaced: in the fleet, as
// soon as they are there, and in the local store where it can. What was sent
// is dead, so an engine that fails is tried for as long as the lease lasts.
func (s *Store) saveRotated(ctx context.Context, ses *session, g auth.Grant) error {
	if kept, ok := ses.creds.Vars[keptSeal]; ok && g.Rotated.Vars[keptSeal].IsEmpty() {
		g.Rotated.Vars[keptSeal] = kept
	}
	local := g
	if s.o.Environment {
		local.Rotated = nil
	}
	localErr := s.local.SaveGrant(ctx, local)
	var err error
	if ses.alone {
		err = errors.New("the fleet engine cannot be reached")
	} else {
		limit := sharePatience
		if s.o.Environment || localErr != nil {
			limit = max(limit, ses.until.Sub(s.now()))
		}
		bounded, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		err = s.putRotated(bounded, ses, g)
	}
	switch {
	case err == nil && localErr == nil:
	case err == nil:
		s.notice("the new token could not be saved here, but the fleet has it: %s", auth.Message(localErr))
		return nil
	case s.o.Environment || auth.IsLost(localErr):
		return auth.Lost(fmt.Errorf("the fleet engine %s: %w", s.o.Target.String(), err))
	default:
		s.notice("the new credentials could not be shared with the fleet: %s", auth.Message(err))
	}
	return localErr
}

// putRotated is share with the lease kept: the attempt is still to come.
func (s *Store) putRotated(ctx context.Context, ses *session, g auth.Grant) error {
	for {
		next := ses.rec
		next.setToken(g.Token, ses.toEngine)
		next.setVars(*g.Rotated, ses.secrets)
		err := s.write(ctx, ses, next)
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrConflict) && !sleep(ctx, firstPoll) {
			return err
		}
		if readErr := s.read(ctx, ses); readErr != nil {
			continue
		}
		there := ses.rec.token(ses.toLocal, ses.creds)
		if ses.rec.Owner != ses.owner && later(there, g.Token) {
			return fmt.Errorf("another machine has replaced them, too")
		}
	}
}
