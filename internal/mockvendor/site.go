package mockvendor

import "time"

// site is one vendor at work: what was asked of it and what it remembers.
// Server.mu guards it.
type site struct {
	*vendor
	knobs
	requests int // for a token, all outcomes
	issued   int
	tokens   map[string]*grant
}

// knobs are what a test or a script turns.
type knobs struct {
	fail    string
	ttl     time.Duration
	latency time.Duration
	variant string
}

// grant is one token that the vendor gave.
type grant struct {
	number    int // 1, 2, 3 …: in the order of issue
	expires   time.Time
	loggedOut bool
}

// issue makes a token. One more than the vendor lets live at once ends the
// oldest.
func (s *site) issue(now time.Time, ttl time.Duration) (data any) {
	for token, g := range s.tokens {
		if !now.Before(g.expires) {
			delete(s.tokens, token)
		}
	}
	// Whole seconds, as in Date: the life that a client measures is ttl.
	token, data := s.mint(now.Truncate(time.Second), ttl)
	s.issued++
	s.tokens[token] = &grant{number: s.issued, expires: now.Add(ttl)}
	s.logOutOldest()
	return data
}

func (s *site) logOutOldest() {
	var oldest *grant
	live := 0
	for _, g := range s.tokens {
		if g.loggedOut {
			continue
		}
		live++
		if oldest == nil || g.number < oldest.number {
			oldest = g
		}
	}
	if s.maxLive > 0 && live > s.maxLive {
		oldest.loggedOut = true
	}
}

// state reports whether token is alive, and if not, whether a later one ended
// it.
func (s *site) state(token string, now time.Time) (alive, loggedOut bool) {
	g, known := s.tokens[token]
	if !known || !now.Before(g.expires) {
		return false, false
	}
	return !g.loggedOut, g.loggedOut
}
