// Package broker keeps one rule: one valid token for everybody, from one
// request.
//
// A [Broker] stands between callers who want a token, a [Store] that keeps
// one, and an [Exchanger] that fetches new ones. [Broker.Token] reads first,
// without a lock. A fresh token is returned as it is. Otherwise the account is
// locked across processes, everything is read again, and only the one process
// that still finds nothing asks the vendor; the processes that waited take the
// outcome of the attempt that they waited for, token or failure.
//
// A valid token is never dropped and never waited for: near its end it is
// refreshed ahead by the process that gets the lock at once, and when that
// fails the valid token is the answer. Failures are remembered in [Attempts],
// so that every process observes refused credentials and a vendor's
// Retry-After.
//
// The package declares the interfaces that it consumes; packages store and
// providers satisfy them without importing it.
package broker
