// Package providers speaks to vendors' token endpoints. A vendor is described
// by a [Spec], one YAML file in a closed vocabulary; the [Catalogue] has the
// built-in ones and the user's own; the [Engine] speaks any of them.
//
// A Spec says how credentials travel in the request, what success looks like,
// where the token and its expiry are in the response, how failures read, and
// how an API call carries the token. Its templates know {name} and nothing
// else, and never grow expressions. Vendors that want a signed JWT or a digest
// describe it with jwt or sign; whatever the vocabulary cannot say is left to
// a command, an external program.
//
// # What comes from a vendor
//
// Whatever a vendor sends is hostile until proven otherwise: the response is
// bounded, JSON is read strictly, and its text reaches the user only through
// [auth.Printable], with the credentials, the token and everything that was
// made for the request redacted. Every error is an *[auth.Error]; no message
// repeats a value of a response that no rule reads, only the names of its keys.
//
// # What an account is bound to
//
// The credentials name the endpoint and, for a user's own provider, a digest
// of what decides where secrets go and how the answer is read. The Engine uses
// only these: a file that changed asks for a new login. A change of a title,
// a comment or the meaning of a code does not. The digest covers the path and
// the arguments of a command, not the program's content.
//
// Tests of how hostile input is met are in hostile_*_test.go, by the kind of
// attack; traps_test.go has what clients of the first vendors got wrong.
package providers
