package providers

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// binding is what an account is bound to: what decides where its secrets go
// and how the answer is read. A field that comes new must be left out where it
// is empty, or every account of a user's provider would have to log in again.
type binding struct {
	Vars     []boundVar        `json:"vars"`
	Endpoint string            `json:"endpoint,omitempty"`
	API      []string          `json:"api,omitempty"`
	Request  boundRequest      `json:"request,omitzero"`
	Token    []string          `json:"token,omitempty"`
	Use      boundUse          `json:"use,omitzero"`
	JWT      boundJWT          `json:"jwt,omitzero"`
	Sign     boundSign         `json:"sign,omitzero"`
	Rotate   map[string]string `json:"rotate,omitempty"`
	Keep     map[string]string `json:"keep,omitempty"`
	Command  []string          `json:"command,omitempty"`
}

type boundVar struct {
	Name     string `json:"name"`
	Is       string `json:"is,omitempty"`
	Default  string `json:"default,omitempty"`
	Secret   bool   `json:"secret,omitempty"`
	Optional bool   `json:"optional,omitempty"`
}

type boundRequest struct {
	Method    string            `json:"method,omitempty"`
	Path      string            `json:"path,omitempty"`
	Headers   map[string]string `json:"headers,omitempty"`
	JSON      map[string]any    `json:"json,omitempty"`
	AsText    []string          `json:"as_text,omitempty"`
	Form      map[string]string `json:"form,omitempty"`
	Query     map[string]string `json:"query,omitempty"`
	Basic     []string          `json:"basic,omitempty"`
	BasicForm bool              `json:"basic_form,omitempty"`
}

type boundUse struct {
	Headers map[string]string `json:"headers,omitempty"`
	Query   map[string]string `json:"query,omitempty"`
	Form    map[string]string `json:"form,omitempty"`
}

type boundJWT struct {
	Alg    string         `json:"alg,omitempty"`
	Key    string         `json:"key,omitempty"`
	Header map[string]any `json:"header,omitempty"`
	Claims map[string]any `json:"claims,omitempty"`
	Life   time.Duration  `json:"life,omitempty"`
	JTI    bool           `json:"jti,omitempty"`
	NBF    bool           `json:"nbf,omitempty"`
	Millis bool           `json:"millis,omitempty"`
}

type boundSign struct {
	Alg  string   `json:"alg,omitempty"`
	Key  string   `json:"key,omitempty"`
	Over []string `json:"over,omitempty"`
	As   string   `json:"as,omitempty"`
}

// digest is the lower-case hexadecimal SHA-256 of the binding in a canonical
// form: keys in order, presets and shorthands written out, names of headers in
// lower case. Comments, titles, labels, codes and the order of the file's keys
// do not change it.
func (s *Spec) digest() string {
	r := s.Request
	b := binding{
		Endpoint: s.Endpoint, API: s.API, Token: s.Token, Rotate: s.Rotate, Keep: s.Keep, Command: s.Command,
		Request: boundRequest{r.Method, r.Path, lowerNames(r.Headers), r.JSON, r.AsText, r.Form, r.Query, r.Basic, r.BasicForm},
		Use:     boundUse{lowerNames(s.Use.Headers), s.Use.Query, s.Use.Form},
		JWT:     boundJWT(s.JWT),
		Sign:    boundSign(s.Sign),
	}
	for _, v := range s.Vars {
		b.Vars = append(b.Vars, boundVar{v.Name, v.Is, v.Default, v.Secret, v.Optional})
	}
	slices.SortFunc(b.Vars, func(x, y boundVar) int { return cmp.Compare(x.Name, y.Name) })
	text, err := json.Marshal(b)
	if err != nil {
		return "" // nothing in a Spec is without a form in JSON
	}
	sum := sha256.Sum256(append([]byte("hauth provider 1\n"), text...))
	return hex.EncodeToString(sum[:])
}

func lowerNames(headers map[string]string) map[string]string {
	lower := maps.Clone(headers)
	clear(lower)
	for name, text := range headers {
		lower[strings.ToLower(name)] = text
	}
	return lower
}
