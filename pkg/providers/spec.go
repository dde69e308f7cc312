package providers

import (
	"slices"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// Spec describes how one vendor gives tokens. Parse makes valid ones.
//
// Texts that are called templates may name variables and the values that
// hauth makes, as {name}; the comment of each field says which.
type Spec struct {
	Name       string   // as in auth.ValidName
	Title      string   // for people; may be empty
	Docs       string   // URL of the vendor's own document; may be empty
	Note       string   // one line that login shows; may be empty
	Unverified string   // what no document confirms of the endpoint; shown beside it
	Source     string   // one of the Source constants; empty: the file does not say
	Vars       []Var    // what login asks for, in this order
	Endpoint   string   // template of the base URL, without a slash at the end; empty: login asks for it
	API        []string // templates of the API's base URLs, the first for relative URLs; empty: the endpoint
	Request    Request
	OK         map[string][]string // path to the texts that mean success; "" accepts absence
	Token      []string            // paths of the token, the first that is present wins; JWTToken alone: there is no request
	Expires    []Expiry            // the first that is present and readable wins
	Error      ErrorPaths
	Codes      map[string]string // vendor's code to one of the Code constants
	Use        Use
	Limits     auth.Limits
	JWT        JWT               // what {jwt} is; zero: there is none
	Sign       Sign              // what {sign} is; zero: there is none
	Rotate     map[string]string // secret variable to the path of the value that replaces it
	Keep       map[string]string // name to the path of a further value, for API and Use
	Command    []string          // program and arguments that take the request's place
}

// How well the facts in a Spec are known.
const (
	SourceDocument  = "document"  // the vendor's own document
	SourceClient    = "client"    // the source of a client that works
	SourceCatalogue = "catalogue" // a list that somebody else keeps
)

// JWTToken in the place of a token's path means that the JWT which the Spec
// describes is the token, and nothing is sent.
const JWTToken = "{jwt}"

// Var is one piece of the credentials.
type Var struct {
	Name     string // lower case; becomes HAUTH_<PROVIDER>_<NAME>
	Label    string // the vendor's own word for it
	Is       string // one of the Is constants; empty: any text
	Default  string // used where nothing is given; login offers it
	Secret   bool
	Optional bool // without a value, the header, parameter or JSON key that names it is left out
}

// Request says how the credentials travel. Values are templates that know the
// Spec's variables, {now_s}, {now_ms}, {uuid}, {jwt} and {sign}. Method is
// empty where the Spec sends no request.
type Request struct {
	Method    string // GET, POST or PUT
	Path      string // template, appended to the endpoint
	Headers   map[string]string
	JSON      map[string]any // strings are templates; numbers, bools, nil, maps and lists may be nested
	AsText    []string       // dotted keys in JSON whose number is written as text
	Form      map[string]string
	Query     map[string]string
	Basic     []string // templates of id and secret
	BasicForm bool     // both are form-encoded first, as RFC 6749 section 2.3.1 has it
}

// Expiry is one way to know a token's life: a value of the answer, or a
// constant from the vendor's prose.
type Expiry struct {
	At    string        // path; empty with AsJWT: the token itself
	As    string        // one of the As constants; empty with After
	Zone  string        // of AsDatetime: an offset such as +08:00, or Z
	After time.Duration // assumed life; zero with At or As
}

// How the value at an Expiry's path is read.
const (
	AsSeconds      = "seconds"
	AsMilliseconds = "milliseconds"
	AsEpochS       = "epoch_s"
	AsEpochMS      = "epoch_ms"
	AsRFC3339      = "rfc3339"
	AsDatetime     = "datetime" // 2006-01-02 15:04:05 and its like, in Zone
	AsJWT          = "jwt"
)

// ErrorPaths says where a failure's code, message and trace id stand. The
// first path that is present wins.
type ErrorPaths struct{ Code, Message, Trace []string }

// What a vendor's code means.
const (
	CodeDenied    = "denied"    // the credentials are refused
	CodeRefused   = "refused"   // refused for another reason, and asking again does not help
	CodeThrottled = "throttled" // too many requests
	CodeTransient = "transient" // the vendor's own failure; may pass
)

// Use says how an API call carries the token. Values are templates that know
// {token}, the Spec's variables that are not secret, the names of Keep,
// {now_s}, {now_ms} and {uuid}. Exactly one of them holds {token}, once.
type Use struct {
	Headers, Query, Form map[string]string

	// Refused are the codes with which the API says that the token is no
	// longer valid. They stand where Error.Code says.
	Refused []string
}

// FirstPublicVar is the first variable that is not secret: what --id sets.
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

// Var returns the variable of that name.
func (s *Spec) Var(name string) (Var, bool) {
	i := slices.IndexFunc(s.Vars, func(v Var) bool { return v.Name == name })
	if i < 0 {
		return Var{}, false
	}
	return s.Vars[i], true
}

// SignsLocally reports that the token is a JWT which this machine signs: the
// vendor is not asked, so a token proves nothing about the credentials.
func (s *Spec) SignsLocally() bool { return len(s.Token) == 1 && s.Token[0] == JWTToken }

// secrets lists the values of the secret variables, for redaction.
func (s *Spec) secrets(creds auth.Credentials) []auth.Secret {
	var secrets []auth.Secret
	for _, v := range s.SecretVars() {
		value := creds.Vars[v.Name]
		secrets = append(secrets, value)
		if v.Is == IsPEM {
			secrets = append(secrets, linesOf(value)...)
		}
	}
	return secrets
}
