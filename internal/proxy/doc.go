// Package proxy is a reverse proxy for one program on this machine: the
// program gets an address and uses an account's API through it, and never has
// the account's token.
//
// [Open] opens the accounts and gets a token for each. Each account has an
// address of its own, http://HOST/SECRET, where SECRET is random and stands in
// the path, since not every program can send a header. What follows the
// address is what follows the base URL of the account's API: the proxy cannot
// be led to another host, scheme or base path. The token is kept fresh and a
// dead one replaced by [hauth.Transport].
//
// What the proxy refuses itself carries the header Hauth-Error, and is never
// 401 or 407: clients would ask for a password, or try for ever.
package proxy
