// Package broker makes sure that all processes share one valid token, which
// one request has fetched.
//
// A [Broker] stands between callers who want a token, a [Store] that keeps
// one, and an [Exchanger] that fetches new ones. [Broker.Token] reads first,
// without a lock. A fresh token is returned as it is. Otherwise the account is
// locked across processes, everything is read again, and only the one process
// that still finds nothing asks the vendor; the processes that waited use the
// outcome of the attempt that they waited for, whether a token or a failure.
//
// A caller never loses a valid token and never waits for its replacement:
// shortly before it expires, the process that gets the lock at once refreshes
// it, and if that fails the caller gets the token that is still valid.
// Failures are remembered in [Attempts], so that every process observes
// refused credentials and a vendor's Retry-After.
//
// The package declares the interfaces that it consumes; packages store and
// providers satisfy them without importing it.
package broker
