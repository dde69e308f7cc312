package auth

import "time"

// Source says how a token's expiry is known.
type Source string

const (
	SourceField   Source = "field"   // the vendor's answer names it
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
	Source    Source

	// What it came from. A token whose Endpoint or CredentialID differs from
	// its account's is no token of that account.
	Endpoint     string
	CredentialID string
}

// Life is the whole life that the token had when it was issued.
func (t Token) Life() time.Duration { return t.ExpiresAt.Sub(t.IssuedAt) }

// Left is the life that remains at now. A clock that went back behind the
// issue makes the token old: how much is left cannot be known.
func (t Token) Left(now time.Time) time.Duration {
	if now.Before(t.IssuedAt.Add(-clockSlack)) {
		return 0
	}
	return t.ExpiresAt.Sub(now)
}

// clockSlack is how far a clock may step back, as time synchronisation does
// all day, without making tokens old.
const clockSlack = 2 * time.Second
