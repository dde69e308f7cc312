package providers

import (
	"fmt"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// MinLife and MaxLife bound a token's life. Outside them the vendor's word is
// more likely misread than meant.
const (
	MinLife = 30 * time.Second
	MaxLife = 400 * 24 * time.Hour
)

// life is how long a token lives from the request on, and how that is known.
type life struct {
	length time.Duration
	source auth.Source
	from   string // for people: "data.expiresIn"
	clock  bool   // an end that was compared with the local clock, for want of a Date
}

// life reads the Spec's expiries in order. The first that is present and
// readable wins; one that follows and says something quite different makes a
// notice.
func (s *Spec) life(a *answer, c clock) (_ life, notice string, _ error) {
	var found []life
	for _, x := range s.Expires {
		if l, ok := s.readExpiry(x, a, c); ok {
			found = append(found, l)
		}
	}
	if len(found) == 0 {
		return life{}, "", &auth.Error{Kind: auth.Vendor, Fact: "the answer does not say how long the token lives (" + s.expiryPaths() + ")"}
	}
	used := found[0]
	if used.length < MinLife || used.length > MaxLife {
		e := &auth.Error{
			Kind: auth.Vendor,
			Fact: fmt.Sprintf("the token's life is %s by %s, which is not between %s and %s", showLife(used.length), used.from, showLife(MinLife), showLife(MaxLife)),
		}
		if used.clock {
			e.Remedy = auth.RemedyClock
		}
		return life{}, "", e
	}
	for _, other := range found[1:] {
		// An assumed life is a fallback, not a second witness.
		if other.source != auth.SourceAssumed && (other.length > 2*used.length || 2*other.length < used.length) {
			return used, fmt.Sprintf("%s: the token's life is %s by %s and %s by %s; using %s",
				s.Name, showLife(used.length), used.from, showLife(other.length), other.from, used.from), nil
		}
	}
	return used, "", nil
}

func (s *Spec) expiryPaths() string {
	var paths []string
	for _, x := range s.Expires {
		if x.At == "" {
			x.At = "its own claims"
		}
		paths = append(paths, x.At)
	}
	return strings.Join(paths, ", ")
}

func (s *Spec) readExpiry(x Expiry, a *answer, c clock) (life, bool) {
	if x.After > 0 {
		return life{length: x.After, source: auth.SourceAssumed, from: "the vendor's documents"}, true
	}
	at := x.At
	if at == "" {
		at = s.Token
	}
	text, p := a.lookup(at)
	if p != scalar {
		return life{}, false
	}
	var length time.Duration
	ok := false
	switch x.As {
	case AsSeconds:
		length, ok = relative(text, time.Second)
	case AsMilliseconds:
		length, ok = relative(text, time.Millisecond)
	case AsEpochS:
		length, ok = absolute(text, time.Second, c)
	case AsEpochMS:
		length, ok = absolute(text, time.Millisecond, c)
	case AsRFC3339:
		length, ok = dated(text, c)
	case AsJWT:
		length, ok = jwtLife(s.bareToken(text), c)
		return life{length: length, source: auth.SourceJWT, from: "the token's own claims"}, ok
	}
	absolute := x.As == AsEpochS || x.As == AsEpochMS || x.As == AsRFC3339
	return life{length, auth.SourceField, x.At, absolute && !c.dated}, ok
}

// showLife writes a duration as people say it: 5s, 90m, 24h, 30d.
func showLife(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d.Abs() >= 2*day:
		return fmt.Sprintf("%dd", d/day)
	case d != 0 && d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d != 0 && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.Round(time.Millisecond).String()
}
