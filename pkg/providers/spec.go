package providers

import (
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Spec describes one vendor's token endpoint. Parse makes valid ones.
type Spec struct {
	Name       string // as in auth.ValidName
	Title      string // for people; may be empty
	Docs       string // URL of the vendor's own document; may be empty
	Note       string // one line that login shows; may be empty
	Unverified string // what no document confirms of the endpoint; shown beside it
	Vars       []Var  // what login asks for, in this order
	Endpoint   string // default base URL, without a slash at the end
	Request    Request
	OK         map[string][]string // path to the texts that mean success; "" accepts absence
	Token      string              // path of the token
	Expires    []Expiry            // the first that is present and readable wins
	Error      ErrorPaths
	Codes      map[string]string // vendor's code to CodeDenied, CodeThrottled or CodeTransient
	Use        Use
	Limits     auth.Limits
}

// Var is one piece of the credentials.
type Var struct {
	Name   string // lower case; becomes HAUTH_<PROVIDER>_<NAME>
	Label  string // the vendor's own word for it
	Secret bool
}

// Request says how the credentials travel. Values are templates that know the
// Spec's variables.
type Request struct {
	Method  string // GET, POST or PUT
	Path    string // appended to the endpoint
	Headers map[string]string
	JSON    map[string]any // strings are templates; numbers, bools, nil, maps and lists may be nested
	Form    map[string]string
	Query   map[string]string
	Basic   []string // templates of id and secret
}

// Expiry is one way to know a token's life: a value of the answer, or a
// constant from the vendor's prose.
type Expiry struct {
	At    string        // path; empty with AsJWT: the token itself
	As    string        // one of the As constants; empty with After
	After time.Duration // assumed life; zero with At or As
}

// How the value at an Expiry's path is read.
const (
	AsSeconds      = "seconds"
	AsMilliseconds = "milliseconds"
	AsEpochS       = "epoch_s"
	AsEpochMS      = "epoch_ms"
	AsRFC3339      = "rfc3339"
	AsJWT          = "jwt"
)

// ErrorPaths says where a failure's code, message and trace id stand. The
// first path that is present wins.
type ErrorPaths struct{ Code, Message, Trace []string }

// What a vendor's code means.
const (
	CodeDenied    = "denied"    // the credentials are refused
	CodeThrottled = "throttled" // too many requests
	CodeTransient = "transient" // the vendor's own failure; may pass
)

// Use says how an API call carries the token. Values are templates that know
// {token} alone, and exactly one of them holds it.
type Use struct{ Headers, Query, Form map[string]string }

// FirstPublicVar is the first variable that is no secret: what --id sets.
func (s *Spec) FirstPublicVar() (Var, bool) {
	for _, v := range s.Vars {
		if !v.Secret {
			return v, true
		}
	}
	return Var{}, false
}

// SecretVars lists the secret variables in the Spec's order.
func (s *Spec) SecretVars() []Var {
	var vars []Var
	for _, v := range s.Vars {
		if v.Secret {
			vars = append(vars, v)
		}
	}
	return vars
}

// secrets lists the values of the secret variables, for redaction.
func (s *Spec) secrets(creds auth.Credentials) []auth.Secret {
	var secrets []auth.Secret
	for _, v := range s.SecretVars() {
		secrets = append(secrets, creds.Vars[v.Name])
	}
	return secrets
}
