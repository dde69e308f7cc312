// Package providers speaks to vendors' token endpoints. A vendor is described
// by a Spec, one YAML file in a closed vocabulary; the Catalogue holds the
// embedded Specs and the user's own; the Engine speaks any of them.
//
// A Spec says how credentials travel in the request, what success looks like,
// where the token and its expiry stand in the answer, how failures read, and
// how an API call carries the token. Its templates know {name} and nothing
// else: a vendor that signs or needs two calls gets a Go type, never an
// expression in YAML.
//
// Whatever a vendor sends is hostile until proven otherwise: the answer is
// bounded, JSON is read strictly, and its text reaches a person only through
// auth.Printable. Every error is an *auth.Error.
package providers
