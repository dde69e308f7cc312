package auth

import (
	"strings"
	"time"
)

// Source says how a token's expiry is known.
type Source string

const (
	SourceField   Source = "field"   // the vendor's response states it
	SourceJWT     Source = "jwt"     // the token's own claims
	SourceAssumed Source = "assumed" // the vendor's documentation, as prose
)

// Token is what a vendor's token endpoint gave. Times are wall-clock times on
// this machine's clock: ExpiresAt is IssuedAt plus the life measured against
// the vendor's own Date, so that a wrong local clock cancels out.
type Token struct {
	Value     Secret // never begins with Type
	Type      string // "Bearer", or empty where the vendor's use has no scheme
	IssuedAt  time.Time
	ExpiresAt time.Time
	VendorAt  time.Time // when the vendor issued it, on the vendor's own clock, in whole seconds; zero: not known
	Source    Source
	Kept      map[string]string // what API calls need besides the token: values from the vendor's response and variables of the credentials; not secret

	// What it came from. A token whose Endpoint or CredentialID differs from
	// its account's does not belong to that account.
	Endpoint     string
	CredentialID string
}

// Grant is what an exchange gives: a token and, from a vendor whose
// credentials rotate, the credentials that replace those which were sent.
type Grant struct {
	Token   Token
	Rotated *Credentials // nil: the credentials stay as they are
}

// Life is the whole life that the token had when it was issued.
func (t Token) Life() time.Duration { return t.ExpiresAt.Sub(t.IssuedAt) }

// Left is the life that remains at now. If the clock has gone back to before
// the token was issued, the token counts as expired, since the life that
// remains cannot be known.
func (t Token) Left(now time.Time) time.Duration {
	if now.Before(t.IssuedAt.Add(-clockSlack)) {
		return 0
	}
	return t.ExpiresAt.Sub(now)
}

// HasSHA256 reports whether digest, which is hexadecimal, is the SHA-256 of
// the token, or of the token as scripts often hash it: with a line break after
// it, or with its type before it as in a header.
func (t Token) HasSHA256(digest string) bool {
	value := t.Value.Reveal()
	for _, begin := range []string{"", t.Type + " "} {
		for _, end := range []string{"", "\n", "\r\n"} {
			if strings.EqualFold(NewSecret(begin+value+end).SHA256(), digest) {
				return true
			}
		}
	}
	return false
}

// Expiring reports whether the token is about to expire at now: it is in the
// last tenth of its life, or in the last 5 minutes of a long one. Such a
// token is replaced before it expires.
func (t Token) Expiring(now time.Time) bool {
	return t.Left(now) < min(maxAhead, t.Life()/10)
}

const maxAhead = 5 * time.Minute

// NewerThan reports whether the vendor issued t after u. The vendor's clock
// decides where it is known of both: of two exchanges that overlap, the one
// that began later may have been answered earlier.
func (t Token) NewerThan(u Token) bool {
	if !t.VendorAt.IsZero() && !u.VendorAt.IsZero() && !t.VendorAt.Equal(u.VendorAt) {
		return t.VendorAt.After(u.VendorAt)
	}
	return t.IssuedAt.After(u.IssuedAt)
}

// clockSlack is how far a clock may step back, as time synchronisation does
// all day, without making tokens old.
const clockSlack = 2 * time.Second
