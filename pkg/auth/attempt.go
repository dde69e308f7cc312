package auth

import "time"

// Attempt is what is remembered, without any secret, of the last time that
// credentials were sent to a vendor. It lets processes that know nothing of
// one another wait out the same refusal and share the same outcome.
type Attempt struct {
	ID           string    // random; two reads that differ in it saw different attempts
	At           time.Time // when the attempt ended, on this machine's clock
	CredentialID string    // the credentials that were sent
	Failure      *Error    // nil: the vendor gave a token
	Failures     int       // how many in a row, this one included
	RetryAt      time.Time // no attempt before; zero: at once
	Mandatory    bool      // RetryAt is the vendor's own word (Retry-After), which even an explicit refresh keeps
}

// MaxWait is the longest that a vendor can make callers wait: neither a
// Retry-After nor the provider's own interval counts for more.
const MaxWait = 24 * time.Hour

// MaxExchange is the longest that getting one token may take, retry included.
// A process that holds an account's lock for longer is stopped or suspended.
// Whoever waits for another process's exchange therefore waits for MaxLockWait.
const (
	MaxExchange = 20 * time.Second
	MaxLockWait = MaxExchange + 5*time.Second
)

// IsZero reports whether there has been no attempt.
func (a Attempt) IsZero() bool { return a.ID == "" }
