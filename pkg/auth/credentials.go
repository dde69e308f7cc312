package auth

import "time"

// Credentials are everything that an exchange may use. The endpoint and the
// provider file's digest are part of them: a secret is sent only where, and
// in the way, its owner agreed to at login.
type Credentials struct {
	ID           string            // random name given at login; for credentials from the environment, the sealed cache's name
	Endpoint     string            // base URL
	API          string            // base URL of the API, where the user named one; empty: what the provider says
	Fleet        string            // URL of the engine that machines share the token through; empty: the token is not shared
	SpecSHA256   string            // hexadecimal SHA-256 of what binds an account to the user's provider file; empty for a built-in provider
	Vars         map[string]Secret // by variable name as in the provider file
	InsecureHTTP bool              // http to a host other than loopback was agreed to at login
	CAFile       string            // absolute path of further certificate authorities, PEM; empty: none
}

// Limits are what a vendor allows its credentials, zero meaning no limit.
type Limits struct {
	Live    int           // tokens that are valid at once
	Every   time.Duration // shortest time between two token requests
	Rotates bool          // each exchange replaces the credentials: an exchange whose result is not stored loses the account
}
