package mockvendor

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Vendor is what it takes to log in at one mock vendor.
type Vendor struct {
	Provider    string            `json:"provider"`
	Endpoint    string            `json:"endpoint"`    // base URL, without a slash at its end
	API         string            `json:"api"`         // base URL of the API; empty: the endpoint
	Call        string            `json:"call"`        // path of a protected call below the API's base, to try a token with
	Env         map[string]string `json:"env"`         // test credentials by variable suffix: CLIENT_ID, CLIENT_SECRET
	Credentials map[string]string `json:"credentials"` // the same by the provider file's names: client_id, client_secret
}

// vendor is one vendor: as its document describes it, in a file of its own
// here, or as a provider file does. Server.mu guards it.
type vendor struct {
	name        string
	credentials map[string]string // those that work, by the provider file's names

	method    string   // of a request for a token
	tokenPath string   // empty: the vendor gives no tokens, the client signs them
	base      string   // path of the endpoint below the vendor's prefix
	api       string   // path of the API's base; empty: it is the endpoint, or an answer names it
	roots     []string // what protected paths begin with
	call      string   // path of one, below the API's base

	life    time.Duration // of a token, where no TTL is set
	maxLive int           // tokens alive at once; 0: any number

	denied       failure
	throttled    failure
	system       failure
	unauthorized failure // a protected call without a live token
	loggedOut    string  // the message when a later token ended this one

	// check reports what in a request for a token is not as documented, wrong
	// credentials included.
	check func(r *http.Request, body []byte, now time.Time) error
	// mint makes a token, as API calls carry it, and the data of the answer
	// that brings it. issued is in whole seconds.
	mint func(r *http.Request, issued time.Time, ttl time.Duration) (token string, data any)
	// carried is the token of a protected call; ok only if the rest of the
	// call is right. form is its body, where inForm says so.
	carried func(r *http.Request, form url.Values, now time.Time) (token string, ok bool)
	inForm  bool
	// verify accepts a token that the client has signed, and tells its end.
	// Nil: there are no such tokens.
	verify func(token string, now time.Time) (expires time.Time, ok bool)
	// write writes a message in the vendor's format.
	write func(message) answer
}

// failure is one kind of refusal.
type failure struct {
	status int
	code   any // text or a number
	text   string
}

// httpFailure is a failure whose only code is the HTTP status.
func httpFailure(status int, text string) failure { return failure{status, status, text} }

// message is what a vendor responds.
type message struct {
	outcome string
	variant string
	now     time.Time
	failure *failure // nil: success
	data    any      // of a success
}

// builtIn is the catalogue, in the order in which it is shown.
func builtIn() []*vendor {
	return []*vendor{
		pan123(),
		hitem3d(),
		wahool("wahool", "/seller/202405/auth/get-access-token"),
		wahool("wahool-authorization", "/seller/202405/authorization"),
	}
}

// BuiltIn names the vendors that have their own code here.
func BuiltIn() []string {
	var names []string
	for _, v := range builtIn() {
		names = append(names, v.name)
	}
	return names
}

// inEnvelope writes messages as JSON in the envelope that all of a vendor's
// answers share.
func inEnvelope(ok int, okText string, envelope func(variant string, failed bool, code any, text string, data any) any) func(message) answer {
	return func(r message) answer {
		if f := r.failure; f != nil {
			return jsonAnswer(r.outcome, f.status, r.now, envelope(r.variant, true, f.code, f.text, nil))
		}
		return jsonAnswer(r.outcome, http.StatusOK, r.now, envelope(r.variant, false, ok, okText, r.data))
	}
}

// bearer reads the token of calls that carry it in Authorization, and need
// these headers besides. What follows the first "Bearer " is compared as a
// whole: a second one makes it a different token.
func bearer(headers map[string]string) func(*http.Request, url.Values, time.Time) (string, bool) {
	return func(r *http.Request, _ url.Values, _ time.Time) (string, bool) {
		for name, value := range headers {
			if checkHeader(r, name, value) != nil {
				return "", false
			}
		}
		values := r.Header.Values("Authorization")
		if len(values) != 1 {
			return "", false
		}
		return strings.CutPrefix(values[0], "Bearer ")
	}
}

// describe is the public description of the vendor on a server at base.
func (v *vendor) describe(base string) Vendor {
	prefix := strings.TrimRight(base, "/") + "/" + v.name
	d := Vendor{Provider: v.name, Endpoint: prefix + v.base, Call: v.call, Env: map[string]string{}, Credentials: maps.Clone(v.credentials)}
	if v.api != "" {
		d.API = prefix + strings.TrimSuffix(v.api, "/")
	}
	for name, value := range v.credentials {
		d.Env[strings.ToUpper(name)] = value
	}
	return d
}
