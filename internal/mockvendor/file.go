package mockvendor

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// File is a vendor as a provider file describes it. The mock knows nothing
// else of such a vendor: it takes the request that the file writes, and no
// other, and answers as the file expects.
//
// Texts are templates, as in the file: {name} stands for a variable, and
// {now_s}, {now_ms}, {uuid}, {jwt} and {sign} for what the client makes. Paths
// say where a value stands in an answer: keys and list indexes joined by dots,
// "." for the whole body, or header:NAME. Fields that are not described here
// have the meaning of their namesakes in the file.
type File struct {
	Provider string
	Vars     []FileVar
	Endpoint string // only its path counts
	API      string // the first of the file's; empty: the endpoint

	Method  string // empty: there is no request, the client signs the token
	Path    string
	Headers map[string]string
	Query   map[string]string
	JSON    map[string]any // nil: no JSON
	AsText  []string
	Form    map[string]string // nil: no form
	Basic   []string          // id and secret
	// BasicForm says that both parts of Basic are form-encoded first.
	BasicForm bool

	JWT  FileJWT
	Sign FileSign

	OK      map[string][]string
	Token   []string
	Expires []FileExpiry
	Error   FileError
	Codes   map[string]string // to denied, throttled, transient or another word
	Use     FileUse
	Live    int               // tokens alive at once; 0: any number
	Rotate  map[string]string // variable to the path of its next value
	Keep    map[string]string // name to the path of a further value
}

// FileVar is one piece of the credentials.
type FileVar struct {
	Name     string
	Is       string // label, host, segment, number, pem; anything else is text
	Default  string
	Secret   bool
	Optional bool
}

// FileJWT is what {jwt} has to be. Alg is empty where there is none.
type FileJWT struct {
	Alg, Key string
	Header   map[string]any
	Claims   map[string]any
	Life     time.Duration
	JTI, NBF bool
	Millis   bool // times are in milliseconds
}

// FileSign is what {sign} has to be. Alg is empty where there is none.
type FileSign struct {
	Alg, Key string // hmac-sha256, sha256 or md5
	Over     []string
	As       string // hex, HEX or base64
}

// FileExpiry is one way in which an answer tells the token's life.
type FileExpiry struct {
	At, As string
	Zone   string        // of datetime
	After  time.Duration // the answer does not tell: it is this long
}

// FileError says where a failure's parts stand.
type FileError struct{ Code, Message, Trace []string }

// FileUse is how an API call carries {token}.
type FileUse struct {
	Headers, Query, Form map[string]string
	Refused              []string // codes of a dead token
}

// MakesPath reports whether the client makes a part of the path, such as a time or
// a UUID: the mock could not tell a request for a token from a call.
func (f File) MakesPath() bool {
	return slices.ContainsFunc(namesIn(f.Path), func(name string) bool {
		return !slices.ContainsFunc(f.Vars, func(v FileVar) bool { return v.Name == name })
	})
}

// fileVendor is a File at work.
type fileVendor struct {
	File
	vendor *vendor
}

// mockPath is a path below the API's base, for trying tokens.
const mockPath = "/mock/call"

// newFileVendor makes a vendor of a file, with credentials of its own.
func newFileVendor(file File) *vendor {
	f := &fileVendor{File: file}
	v := &vendor{
		name:        file.Provider,
		credentials: makeCredentials(file),
		method:      file.Method,
		call:        mockPath,
		life:        2 * time.Hour,
		maxLive:     file.Live,

		check:   f.check,
		mint:    f.mint,
		carried: f.carried,
		inForm:  len(file.Use.Form) > 0,
		write:   f.write,
	}
	f.vendor = v
	v.base = f.pathOf(file.Endpoint)
	if _, inAnswer := file.Keep[strings.Trim(file.API, "{}")]; file.API != "" && !inAnswer {
		v.api = "/" + strings.TrimPrefix(f.pathOf(file.API), "/")
	}
	for _, base := range []string{v.api, v.base, ""} {
		if root := strings.TrimSuffix(base, "/") + "/"; !slices.Contains(v.roots, root) {
			v.roots = append(v.roots, root)
		}
	}
	switch {
	case file.Method == "":
		v.verify = f.verifyToken
	default:
		v.tokenPath = cmp.Or(v.base+f.fillPath(file.Path), "/")
	}
	if len(file.Expires) > 0 && file.Expires[0].After > 0 {
		v.life = file.Expires[0].After
	}
	f.failures()
	return v
}

// pathOf is the path of a base URL, its variables filled in.
func (f *fileVendor) pathOf(base string) string {
	_, rest, _ := strings.Cut(base, "://")
	_, path, ok := strings.Cut(rest, "/")
	if !ok {
		return ""
	}
	return f.fillPath("/" + path)
}

// fillPath fills a path's variables in, each as one segment of it.
func (f *fileVendor) fillPath(path string) string {
	return expand(path, func(name string) string { return url.PathEscape(f.vendor.credentials[name]) })
}

// failures are the vendor's refusals, as far as the file describes them: with
// a code that it names, or else with one that a client reads as the file says.
func (f *fileVendor) failures() {
	v := f.vendor
	inBody := len(f.OK) > 0 // if the body says whether it worked, the HTTP status is 200
	status := func(http int) int {
		if inBody {
			return 200
		}
		return http
	}
	standard := len(f.Error.Code)+len(f.Error.Message)+len(f.Error.Trace) == 0 // RFC 6749 section 5.2
	denied := any(http.StatusUnauthorized)
	if standard || len(f.Error.Code) > 0 && lastOf(f.Error.Code[0]) == "error" {
		denied = "invalid_client"
	}
	v.denied = failure{status(http.StatusUnauthorized), f.codeFor("denied", denied), "the credentials are refused"}
	v.throttled = failure{http.StatusTooManyRequests, f.codeFor("throttled", http.StatusTooManyRequests), "too many requests"}
	v.system = failure{http.StatusInternalServerError, f.codeFor("transient", http.StatusInternalServerError), "internal error"}
	v.unauthorized = httpFailure(http.StatusUnauthorized, "the token is not valid")
	if len(f.Use.Refused) > 0 {
		v.unauthorized = failure{http.StatusOK, literal(f.Use.Refused[0]), "the token is not valid"}
	}
}

// codeFor is the first code to which the file gives a meaning.
func (f *fileVendor) codeFor(meaning string, otherwise any) any {
	for _, code := range slices.Sorted(maps.Keys(f.Codes)) {
		if f.Codes[code] == meaning {
			return literal(code)
		}
	}
	return otherwise
}

// lastOf is the last key of a path.
func lastOf(path string) string { return path[strings.LastIndex(path, ".")+1:] }
