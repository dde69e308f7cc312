package mockvendor

import (
	"net/http"
	"time"
)

// site is one vendor at work: what was asked of it and what it remembers.
// Server.mu guards it, as it guards the vendor.
type site struct {
	*vendor
	knobs
	requests int // for a token, all outcomes
	issued   int
	tokens   map[string]*grant
}

// knobs are the settings that a test or a script can change.
type knobs struct {
	fail    string
	ttl     time.Duration
	latency time.Duration
	variant string
}

// grant is one token that the vendor issued, or that a client has signed.
type grant struct {
	number    int // 1, 2, 3 …: in the order of issue
	expires   time.Time
	loggedOut bool // by a later token
	revoked   bool
}

// revoke ends the grant, and returns how many it ended.
func (g *grant) revoke() int {
	if g.revoked {
		return 0
	}
	g.revoked = true
	return 1
}

// issue makes a token. If there are then more than may be valid at once, the
// oldest ends.
func (s *site) issue(r *http.Request, now time.Time, ttl time.Duration) (data any) {
	// Whole seconds, as in Date: the life that a client measures is ttl.
	token, data := s.mint(r, now.Truncate(time.Second), ttl)
	s.keep(token, now, now.Add(ttl))
	s.logOutOldest()
	return data
}

// keep remembers a token, and forgets those that have expired.
func (s *site) keep(token string, now, expires time.Time) {
	for token, g := range s.tokens {
		if !now.Before(g.expires) {
			delete(s.tokens, token)
		}
	}
	s.issued++
	s.tokens[token] = &grant{number: s.issued, expires: expires}
}

func (s *site) logOutOldest() {
	var oldest *grant
	live := 0
	for _, g := range s.tokens {
		if g.loggedOut || g.revoked {
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
	if !known && s.verify != nil {
		if expires, ok := s.verify(token, now); ok {
			s.keep(token, now, expires)
			return true, false
		}
	}
	if !known || !now.Before(g.expires) || g.revoked {
		return false, false
	}
	return !g.loggedOut, g.loggedOut
}
