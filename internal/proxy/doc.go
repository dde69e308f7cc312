// Package proxy is a reverse proxy for one program on this machine: the
// program gets an address and uses an account's API through it, and never has
// the account's token.
//
// [Open] opens the accounts and gets a token for each. Each account has its
// own address, http://HOST/SECRET, where SECRET is random and part of the
// path, since not every program can send a header. What follows the address is
// appended to the base URL of the account's API: a request cannot reach
// another host, scheme or base path. [hauth.Transport] keeps the token fresh
// and replaces a dead one.
//
// When the proxy itself refuses a request, its response has the header
// Hauth-Error. The status is never 401 or 407, for which clients ask for a
// password or try for ever.
package proxy
