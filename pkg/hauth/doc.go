// Package hauth is the hauth command as a library: a Go program that uses it
// shares accounts, tokens and locks with the command and with every other
// process on the machine.
//
// A [Client] finds an account where the command finds it: first credentials in
// the environment, then the account that hauth login stored, then a token that
// an outer hauth exec left in the environment. [Account.Token] returns a valid
// token from the cache, or fetches one, once for all processes.
// [Client.Transport] puts the token into HTTP requests and replaces a token
// that the vendor no longer accepts.
//
// The zero Client behaves as the command does, but never prompts and never
// prints. Errors of its methods, and of those of an Account, are of type
// *auth.Error: package auth tells what was wrong, and Error names the account.
//
// The package follows semantic versioning from v1 on; until then its names may
// still change.
package hauth
