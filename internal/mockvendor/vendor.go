package mockvendor

import (
	"net/http"
	"strings"
	"time"
)

// Vendor is what it takes to log in at one mock vendor.
type Vendor struct {
	Provider    string            `json:"provider"`
	Endpoint    string            `json:"endpoint"`    // base URL, without a slash at its end
	Call        string            `json:"call"`        // path of a protected call, to try a token with
	Env         map[string]string `json:"env"`         // test credentials by variable suffix: CLIENT_ID, CLIENT_SECRET
	Credentials map[string]string `json:"credentials"` // the same by the provider file's names: client_id, client_secret
}

// vendor is one vendor as its document describes it. The functions are pure;
// what changes while the mock runs is in site.
type vendor struct {
	name      string
	tokenPath string
	roots     []string // what protected paths begin with
	call      string   // one of them

	idVar, id         string // by the provider file's name
	secretVar, secret string

	life    time.Duration // of a token, where no TTL is set
	maxLive int           // tokens alive at once; 0: any number

	ok           int // code of success
	okText       string
	denied       failure
	throttled    failure
	system       failure
	unauthorized failure // a protected call without a live token
	loggedOut    string  // the message when a later token ended this one

	// check reports what in a request for a token is not as documented, wrong
	// credentials included.
	check func(v *vendor, r *http.Request, body []byte) error
	// mint makes a token, as it stands after "Bearer ", and the data of the
	// answer that brings it. issued has whole seconds.
	mint func(issued time.Time, ttl time.Duration) (token string, data any)
	// headers are what a protected call needs besides Authorization.
	headers map[string]string
	// envelope is what every JSON answer of the vendor is wrapped in.
	envelope func(variant string, failed bool, code int, text string, data any) any
}

// failure is one way of saying no.
type failure struct {
	status int
	code   int
	text   string
}

// vendors is the catalogue, in the order in which it is shown.
func vendors() []*vendor {
	return []*vendor{
		pan123(),
		hitem3d(),
		wahool("wahool", "/seller/202405/auth/get-access-token"),
		wahool("wahool-authorization", "/seller/202405/authorization"),
	}
}

// describe is the vendor's public face on a server at base.
func (v *vendor) describe(base string) Vendor {
	return Vendor{
		Provider: v.name,
		Endpoint: strings.TrimRight(base, "/") + "/" + v.name,
		Call:     v.call,
		Env: map[string]string{
			strings.ToUpper(v.idVar):     v.id,
			strings.ToUpper(v.secretVar): v.secret,
		},
		Credentials: map[string]string{v.idVar: v.id, v.secretVar: v.secret},
	}
}
