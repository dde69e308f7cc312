package fleet

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

const (
	// checkPatience is what the engine may cost a caller who has a valid token.
	checkPatience = 300 * time.Millisecond

	// alonePatience is how long an engine that is down is tried before a
	// machine goes on without it, where that does no harm.
	alonePatience = 5 * time.Second

	// pause is how long checks leave an engine alone that has failed.
	pause = 30 * time.Second

	// aheadPause is between two attempts of a machine to refresh ahead.
	aheadPause = 3 * time.Second

	// Other machines are waited for by polling. The last pace is below 2 s, so
	// that a lease that runs out is taken over soon.
	firstPoll = 200 * time.Millisecond
	lastPoll  = time.Second

	// finalSpan is the end of a wait, in which the lease of a machine that died
	// runs out and another one gets the token: the pace is the first one again.
	finalSpan = 4 * time.Second
)

// Lock takes the account's local lock and then, unless a token or a failure
// of another process makes that needless, the fleet's lease. What other
// machines did is in the local store afterwards.
//
// A wait of 0 is for refreshing ahead, and costs at most 300 ms.
func (s *Store) Lock(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	ses := s.newSession(ctx, wait)
	if wait <= 0 {
		if !due(s.memory.load().Ahead, ses.begun) {
			return nil, auth.ErrBusy
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, checkPatience)
		defer cancel()
	}
	local, err := s.local.Lock(ctx, wait)
	switch {
	case err == nil:
	case ctx.Err() != nil || errors.Is(err, auth.ErrBusy) || wait <= 0:
		return nil, err
	default:
		// The lease keeps the other machines out, and the other processes of
		// this one as well.
		s.notice("continuing without this machine's lock: %s", auth.Message(err))
		local = func() {}
	}
	if wait <= 0 {
		s.memory.update(func(m *state) { m.Ahead = ses.begun.Add(aheadPause) })
	}
	if err := s.join(ctx, ses, false); err != nil {
		s.Close()
		local()
		return nil, err
	}
	s.mu.Lock()
	s.held = ses
	s.mu.Unlock()
	return sync.OnceFunc(func() {
		s.mu.Lock()
		if s.held == ses {
			s.held = nil
		}
		s.mu.Unlock()
		s.leave(ses)
		local()
	}), nil
}

// settled reports that another process of this machine has done what this one
// waited to do; the engine need not be asked then.
func (s *Store) settled(ctx context.Context, ses *session) bool {
	now := s.now()
	t, err := s.local.Token(ctx)
	if err != nil {
		t = auth.Token{}
	}
	ses.local = t
	if t.Left(now) >= minLeft {
		switch {
		case ses.seen.Value.IsEmpty(), !t.Value.Equal(ses.seen.Value), t.IssuedAt.After(ses.seen.IssuedAt):
			return true
		case ses.wait > 0 && !explicit(ses.want) && t.Left(now) >= ses.want.MinTTL:
			return true
		}
	}
	a, err := s.local.LastAttempt()
	ses.stops = err == nil && a.ID != ses.last.ID && a.Failure != nil && !a.At.Before(ses.begun)
	return ses.stops
}

// explicit reports that the caller asked for a new token, rather than for a
// good one.
func explicit(w broker.Want) bool { return w.Refresh || w.IfSHA256 != "" }

// join asks the engine until this machine has the lease, or need not have it
// any more; with must it does not stop before it has. Its errors are
// auth.ErrBusy, a *broker.LockError and the context's.
func (s *Store) join(parent context.Context, ses *session, must bool) error {
	ctx := parent
	if ses.wait > 0 {
		var cancel context.CancelFunc
		// A wait for the local lock may have used up the time, most of all one
		// for a process that is stopped.
		least := min(ses.wait, alonePatience)
		ctx, cancel = context.WithTimeout(parent, max(least, ses.wait-time.Since(ses.start)))
		defer cancel()
	}
	w := waiting{owner: rand.Text(), must: must}
	last := auth.ErrBusy
	for pace := firstPoll; ; pace = min(pace*3/2, lastPoll) {
		if !must && s.settled(ctx, ses) {
			return nil
		}
		done, err := s.try(ctx, ses, &w)
		switch {
		case done:
			return nil
		case ses.wait <= 0:
			if err != nil {
				s.failed(err)
			}
			return auth.ErrBusy
		case parent.Err() != nil:
			return parent.Err()
		case err != nil && mistake(err):
			return &broker.LockError{Err: err}
		case err != nil && !s.careful(ses.limits) && time.Since(ses.start) >= alonePatience:
			return s.goAlone(ses, err)
		case err == nil:
			last = auth.ErrBusy
		case ctx.Err() == nil || last != auth.ErrBusy || !ses.looked:
			last = err // else it is only our own time that is over
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < finalSpan {
			pace = firstPoll
		}
		if sleep(ctx, pace/2+mathrand.N(pace)) {
			continue
		}
		switch {
		case parent.Err() != nil:
			return parent.Err()
		case last == auth.ErrBusy:
			return last
		case !s.careful(ses.limits):
			return s.goAlone(ses, last)
		}
		return &broker.LockError{Err: last}
	}
}

// waiting is what a session that wants the lease remembers between two looks.
type waiting struct {
	owner string // a nonce that names the session
	must  bool   // no news makes the lease needless
	other string // who has the lease
	since time.Time
}

// try looks at the engine once, and takes the lease if it is free. done says
// that the session has it, or need not have it.
func (s *Store) try(ctx context.Context, ses *session, w *waiting) (done bool, err error) {
	if err := s.read(ctx, ses); err != nil {
		return false, err
	}
	if s.absorb(ctx, ses) && !w.must {
		return true, nil
	}
	now := s.now()
	if ses.rec.Owner != w.other {
		w.other, w.since = ses.rec.Owner, now
	}
	long := lease + 2*ses.took + ses.entry.Tick
	switch {
	case ses.rec.Owner == w.owner: // it was written, though an error was the answer
		ses.base = ses.rec.token(ses.toLocal, ses.creds).Value
		ses.owner, ses.until = w.owner, now.Add(ses.rec.LeaseEnd.Sub(ses.entry.Now))
		return true, nil
	case ses.rec.Owner != "" && ses.rec.LeaseEnd.After(ses.entry.Now) && now.Sub(w.since) < long:
		return false, nil
	}
	next := ses.rec
	next.Owner, next.LeaseEnd = w.owner, ses.toEngine.apply(now).Add(long)
	next.Host, _ = os.Hostname() // for whoever wonders who has the lease
	err = s.write(ctx, ses, next)
	if errors.Is(err, ErrConflict) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	ses.base = ses.rec.token(ses.toLocal, ses.creds).Value
	ses.owner, ses.until = w.owner, now.Add(long)
	s.plan(pause) // should this process end before it shares the token
	return true, nil
}

// goAlone lets the exchange go on without the engine. The token is shared when
// the engine is back.
func (s *Store) goAlone(ses *session, cause error) error {
	s.notice("refreshing without the fleet: %s", auth.Message(cause))
	ses.alone = true
	s.plan(pause)
	return nil
}

// sleep reports whether the time has passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
