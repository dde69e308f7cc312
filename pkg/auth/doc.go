// Package auth is hauth's vocabulary: accounts, credentials, tokens, secrets
// and the one error type that every layer speaks. It holds no behaviour that
// needs a network, a file or a clock, and imports the standard library only,
// so that providers, stores and the broker can share it without seeing one
// another.
//
// Credentials are the long-lived id and secret that a vendor issues to a
// user; a Token is the short-lived value that the vendor's token endpoint
// gives in exchange. Everything secret travels as a Secret, which no
// formatter can print.
package auth
