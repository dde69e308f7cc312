package providers

// What oauth2 may name: the grants of RFC 6749 sections 4.4 and 6.
const (
	presetClientCredentials = "client_credentials"
	presetRefreshToken      = "refresh_token"
)

// complete fills in what follows from other fields of the file. Whatever the
// file writes itself stays.
func (d *decoder) complete(s *Spec) {
	d.preset(s)
	d.commandAnswer(s)
	s.Limits.Rotates = len(s.Rotate) > 0
	for i, v := range s.Vars {
		// The key of these algorithms can be nothing else.
		if v.Name == s.JWT.Key && v.Secret && v.Is == "" && s.JWT.asymmetric() {
			s.Vars[i].Is = IsPEM
		}
	}
}

// preset gives an OAuth 2 vendor's request, token, expiry and use.
func (d *decoder) preset(s *Spec) {
	if d.oauth2 != presetClientCredentials && d.oauth2 != presetRefreshToken {
		return
	}
	r := &s.Request
	if !d.has("request.method") {
		r.Method = "POST"
	}
	d.parameter(r, "grant_type", d.oauth2)
	if d.oauth2 == presetRefreshToken {
		d.parameter(r, "refresh_token", "{refresh_token}")
		if _, ok := s.Var("refresh_token"); ok && !d.has("rotate") {
			s.Rotate = map[string]string{"refresh_token": "refresh_token"}
		}
	}
	if len(r.Basic) == 0 {
		d.parameter(r, "client_id", "{client_id}")
		_, hasSecret := s.Var("client_secret")
		// A public client and one that signs an assertion have no secret to send.
		if hasSecret || d.oauth2 == presetClientCredentials && !hasParameter(r, "client_assertion") {
			d.parameter(r, "client_secret", "{client_secret}")
		}
	}
	if _, ok := s.Var("scope"); ok {
		d.parameter(r, "scope", "{scope}")
	}
	if !d.has("token") {
		s.Token = []string{"access_token"}
	}
	if !d.has("expires") {
		s.Expires = []Expiry{{At: "expires_in", As: AsSeconds}}
	}
	if !d.has("use.headers") && !d.has("use.query") && !d.has("use.form") {
		s.Use.Headers = map[string]string{"Authorization": "Bearer {token}"}
	}
}

// parameter adds a parameter to the body that the file uses, a form if it
// uses none, or to the query of a GET. One that the file writes stays.
func (d *decoder) parameter(r *Request, name, template string) {
	switch {
	case hasParameter(r, name):
	case r.JSON != nil:
		r.JSON[name] = template
	case r.Method == "GET":
		if r.Query == nil {
			r.Query = map[string]string{}
		}
		r.Query[name] = template
	default:
		if r.Form == nil {
			r.Form = map[string]string{}
		}
		r.Form[name] = template
	}
}

func hasParameter(r *Request, name string) bool {
	_, json := r.JSON[name]
	_, form := r.Form[name]
	_, query := r.Query[name]
	return json || form || query
}
