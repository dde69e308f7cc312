package proxy

import (
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
)

// ErrorHeader is the header of responses that are hauth's own. It holds the
// error's code.
const ErrorHeader = "Hauth-Error"

// refusal is a response of hauth's own.
type refusal struct {
	status int
	code   string
	text   string
	header map[string]string
}

// refuse says why a request must not reach the API; nil: it may.
func (p *Proxy) refuse(r *http.Request, to *route, rest string) *refusal {
	switch {
	case !p.knowsHost(r.Host):
		return &refusal{status: http.StatusMisdirectedRequest, code: "host", text: "this is not the host that the address names; --host NAME allows another"}
	case r.Header["Origin"] != nil, !sameSite(r.Header["Sec-Fetch-Site"]):
		return &refusal{status: http.StatusForbidden, code: "origin", text: "web pages may not use this address"}
	case r.Method == http.MethodConnect, r.Method == http.MethodTrace:
		return &refusal{status: http.StatusMethodNotAllowed, code: "method", text: "the method " + r.Method + " is not forwarded", header: map[string]string{"Allow": "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"}}
	case r.URL.IsAbs(), r.URL.Host != "", !strings.HasPrefix(r.RequestURI, "/"):
		return &refusal{status: http.StatusBadRequest, code: "form", text: "this is not a forward proxy: send the path alone"}
	}
	if text := peerOf(r.Context()); text != "" {
		return &refusal{status: http.StatusForbidden, code: "peer", text: text}
	}
	switch {
	case to == nil:
		return &refusal{status: http.StatusForbidden, code: "address", text: "the address is incomplete, or from another run of hauth"}
	case !plainPath(rest):
		return &refusal{status: http.StatusBadRequest, code: "path", text: "the path contains . or .. segments, or control characters"}
	}
	return p.options.Policy.refuse(r, rest)
}

// knowsHost compares the name without the port: what matters is that
// somebody else's name is not accepted.
func (p *Proxy) knowsHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	return name != "" && (name == "127.0.0.1" || name == "localhost" || name == "::1" ||
		slices.ContainsFunc(p.options.Hosts, func(h string) bool { return strings.EqualFold(strings.Trim(h, "[]"), name) }))
}

// sameSite reports whether, according to the browser, no other site has caused
// the request. Clients other than browsers do not say.
func sameSite(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return v != "none" && v != "same-origin" })
}

// write sends the response.
func (no *refusal) write(w *recorder) {
	h := w.Header()
	clear(h)
	for name, value := range no.header {
		h.Set(name, value)
	}
	h.Set(ErrorHeader, no.code)
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.exchange.refused = no.code
	w.WriteHeader(no.status)
	body, _ := json.Marshal(map[string]any{"error": errorJSON{Code: no.code, Message: no.text}})
	w.Write(append(body, '\n'))
}
