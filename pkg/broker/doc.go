// Package broker is the rule of the house: one valid token for everybody,
// from one request.
//
// A Broker stands between callers who want a token, a Store that rests one,
// and a Provider that sells new ones. Token reads first, without a lock. What
// is fresh is returned as it is. Otherwise the account is locked across
// processes, everything is read again, and only the one process that still
// finds nothing asks the vendor; whoever waited takes the outcome of the
// attempt that it waited for, token or failure.
//
// A valid token is never dropped and never waited for: near its end it is
// refreshed ahead by whoever gets the lock at once, and when that fails the
// valid token is the answer. Failures are remembered in an Attempts ledger,
// so that refused credentials and a vendor's Retry-After bind every process.
//
// The package declares the interfaces that it consumes; packages store and
// providers satisfy them without knowing it.
package broker
