package fleet

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// absorb brings what other machines did into the local store. It reports that
// nothing is left for this call to ask the vendor for: the broker will find
// the news, and stop there.
func (s *Store) absorb(ctx context.Context, ses *session) (done bool) {
	ses.stops = s.absorbAttempt(ses)
	done = ses.stops
	if t := ses.rec.token(ses.toLocal, ses.creds); ses.news(t, s.now()) {
		s.adopt(ctx, ses, t)
		done = true
	}
	return done
}

// news reports that t, the fleet's token, is a better answer to the call than
// the local one: another one that the vendor did not issue before it, or the
// outcome that the call waited for.
func (ses *session) news(t auth.Token, now time.Time) bool {
	if t.Left(now) < minLeft {
		return false
	}
	waited := ses.waited() && ses.rec.Attempt.Failure == nil
	if t.Value.Equal(ses.local.Value) {
		return waited && t.IssuedAt.After(ses.local.IssuedAt)
	}
	want := ses.want
	if later(ses.local, t) || want.IfSHA256 == t.Value.SHA256() {
		return false
	}
	return waited || explicit(want) || t.Left(now) >= want.MinTTL
}

// adopt makes t the local token. Credentials that came with it are kept where
// the local store can.
func (s *Store) adopt(ctx context.Context, ses *session, t auth.Token) {
	g := auth.Grant{Token: t}
	if ses.rotated() && !s.o.Environment {
		creds := ses.rec.withVars(ses.creds, ses.secrets)
		g.Rotated = &creds
	}
	if err := s.local.SaveGrant(context.WithoutCancel(ctx), g); err != nil {
		s.notice("the fleet's token could not be saved: %s", auth.Message(err))
	}
	ses.current, ses.local = t, t
	s.mu.Lock()
	s.adopted = t.Value
	s.mu.Unlock()
}

// absorbAttempt takes over another machine's attempt if its back-off has not
// passed, or if it ended after the call began. It reports that the broker will
// stop at it.
func (s *Store) absorbAttempt(ses *session) (stops bool) {
	a := ses.rec.attempt(ses.toLocal, ses.creds)
	now := s.now()
	if a.IsZero() || a.At.After(now.Add(2*time.Second)) {
		return false
	}
	waited := ses.waited()
	blocks := a.RetryAt.After(now)
	local, err := s.local.LastAttempt()
	if err == nil && local.ID == a.ID {
		return blocks && (a.Mandatory || !ses.want.Refresh)
	}
	if !waited && (!blocks || err == nil && local.CredentialID == a.CredentialID && local.At.After(a.At)) {
		return false
	}
	if waited && a.At.Before(ses.begun) {
		a.At = ses.begun // by as much as the clocks can be compared
	}
	if err := s.local.SaveAttempt(a); err != nil {
		ses.foreign = a
	}
	return waited && a.Failure != nil || blocks && (a.Mandatory || !ses.want.Refresh)
}
