package providers

import (
	"cmp"
	"fmt"
	"slices"
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
// notice. That none is there, that none can be read, and that the first is out
// of bounds are three errors.
func (s *Spec) life(a *answer, c clock, secrets []auth.Secret) (_ life, notice string, _ error) {
	var found []life
	var unread []string
	present := false
	for _, x := range s.Expires {
		l, reason, there := s.readExpiry(x, a, c)
		present = present || there
		if reason == "" {
			found = append(found, l)
			continue
		}
		unread = append(unread, reason)
	}
	switch {
	case len(found) == 0 && !present:
		return life{}, "", &auth.Error{Kind: auth.Vendor, Fact: "no expiry in the response at " + s.expiryPaths() + "; " + a.keys(secrets)}
	case len(found) == 0:
		return life{}, "", &auth.Error{Kind: auth.Vendor, Fact: "unusable expiry in the response: " + strings.Join(unread, "; ")}
	}
	used := found[0]
	if used.length < MinLife || used.length > MaxLife {
		return life{}, "", used.outOfBounds()
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

func (l life) outOfBounds() *auth.Error {
	bound := "shorter than the minimum of " + showLife(MinLife)
	if l.length > MaxLife {
		bound = "longer than the maximum of " + showLife(MaxLife)
	}
	e := &auth.Error{Kind: auth.Vendor, Fact: fmt.Sprintf("the token's life is out of range: %s by %s, %s", showLife(l.length), l.from, bound)}
	if l.clock {
		e.Remedy = auth.RemedyClock
	}
	return e
}

func (s *Spec) expiryPaths() string {
	var paths []string
	for _, x := range s.Expires {
		paths = append(paths, cmp.Or(x.At, "the token's own claims"))
	}
	return strings.Join(slices.Compact(paths), " or ")
}

// readExpiry reads one expiry. A reason says why it could not, and there
// whether anything was found at all. A life of 0 is the vendor's way not to
// say one.
func (s *Spec) readExpiry(x Expiry, a *answer, c clock) (_ life, reason string, there bool) {
	if x.After > 0 {
		return life{length: x.After, source: auth.SourceAssumed, from: "the vendor's documents"}, "", true
	}
	text, p := "", absent
	if x.At == "" {
		text, p = s.rawToken(a), scalar
	} else {
		text, p = a.lookup(x.At)
	}
	at := cmp.Or(x.At, "the token")
	switch p {
	case absent:
		return life{}, at + " is absent", false
	case structured:
		return life{}, at + " is an object or a list", true
	}
	var length time.Duration
	ok, absolute := false, false
	switch x.As {
	case AsSeconds:
		length, ok = relative(text, time.Second)
	case AsMilliseconds:
		length, ok = relative(text, time.Millisecond)
	case AsEpochS:
		length, ok = pointInTime(text, time.Second, c)
		absolute = true
	case AsEpochMS:
		length, ok = pointInTime(text, time.Millisecond, c)
		absolute = true
	case AsRFC3339:
		length, ok = dated(text, c)
		absolute = true
	case AsDatetime:
		length, ok = datetime(text, x.Zone, c)
		absolute = true
	case AsJWT:
		if length, ok = jwtLife(s.bareToken(text), c); !ok {
			return life{}, at + " is not a JWT with an exp", true
		}
		return life{length: length, source: auth.SourceJWT, from: "the token's own claims"}, "", true
	}
	switch {
	case !ok:
		return life{}, at + " cannot be read as " + x.As + looksLike(text), true
	case !absolute && length == 0:
		return life{}, at + " is 0", true
	}
	return life{length, auth.SourceField, x.At, absolute && !c.dated}, "", true
}

func looksLike(text string) string {
	if shape := shapeOf(text); shape != "" {
		return " (it looks like " + shape + ")"
	}
	return ""
}

// showLife writes a duration as people say it: 5s, 90m, 24h, 30d, 400d1s. It
// never rounds one that is out of bounds to the bound.
func showLife(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d.Abs() >= 2*day && d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	case d.Abs() >= 2*day:
		rest := (d % day).Abs()
		if rest > time.Second {
			rest = rest.Truncate(time.Second)
		}
		return fmt.Sprintf("%dd%s", d/day, showLife(rest))
	case d != 0 && d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d != 0 && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.Truncate(time.Millisecond).String()
}
