package mockvendor

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// callMethods are the methods that protected calls take.
var callMethods = [...]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

// call is what a protected call is answered with: an echo of what arrived, for
// tests of what stands between a client and its vendor. The query is left out,
// as it may hold a token.
type call struct {
	Account  string `json:"account"`
	Provider string `json:"provider"`
	Method   string `json:"method"`
	Path     string `json:"path"`
	Bytes    int64  `json:"bytes"`            // length of the body
	SHA256   string `json:"sha256,omitempty"` // of the body, if there was one
}

// serveCall answers a protected call. A request is refused by its head alone,
// so that a client that holds its body back (Expect: 100-continue) has sent
// nothing of it. The body of any other request is read to its end and not
// kept.
func (s *Server) serveCall(w http.ResponseWriter, r *http.Request, st *site, k knobs, path string, q Request) {
	var form url.Values
	if st.inForm {
		var err error
		if form, err = readForm(w, r); err != nil {
			s.gone(w, q)
			return
		}
	}
	refused, ok := s.admit(st, k, r, path, form)
	if !ok {
		if !pause(r, k.latency) {
			s.gone(w, q)
			return
		}
		s.send(w, r, q, refused)
		return
	}
	if status, stream := streamOf(st.vendor, r, path); stream != nil {
		q.Status, q.Outcome = status, OutcomeCall
		s.record(q)
		w.Header().Set("Date", httpDate(s.writer(st, k).now))
		stream(w, r)
		return
	}
	digest := sha256.New()
	n, err := io.Copy(digest, r.Body)
	if err != nil || !pause(r, k.latency) {
		s.gone(w, q)
		return
	}
	echo := call{Account: "demo", Provider: st.name, Method: r.Method, Path: path, Bytes: n}
	if n > 0 {
		echo.SHA256 = hex.EncodeToString(digest.Sum(nil))
	}
	s.send(w, r, q, s.writer(st, k).succeed(OutcomeCall, echo))
}

// readForm reads a form, and leaves the body to be read again. A body that is
// too big or is not a form counts as an empty one: the call is refused for
// lack of a token.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooBig *http.MaxBytesError
	if err != nil {
		if errors.As(err, &tooBig) {
			return nil, nil
		}
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil || checkContentType(r, "application/x-www-form-urlencoded") != nil {
		return nil, nil
	}
	return form, nil
}

// admit decides by a call's head, or by its form if that carries the token. ok
// means that the token is alive; otherwise refused is the answer.
func (s *Server) admit(st *site, k knobs, r *http.Request, path string, form url.Values) (refused answer, ok bool) {
	a := s.writer(st, k)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.known(st.vendor, path):
		return a.fail(OutcomeNoPath, httpFailure(http.StatusNotFound, "not found")), false
	case !slices.Contains(callMethods[:], r.Method):
		return a.noMethod(strings.Join(callMethods[:], ", ")), false
	}
	refusal := st.unauthorized
	if k.variant == variantStatus {
		refusal.status = http.StatusUnauthorized
	}
	if token, carried := st.carried(r, form, a.now); carried {
		alive, loggedOut := st.state(token, a.now)
		if alive {
			return answer{}, true
		}
		if loggedOut && st.loggedOut != "" {
			refusal.text = st.loggedOut
		}
	}
	return a.fail(OutcomeUnauthorized, refusal), false
}

// known reports whether the vendor has path. Another vendor's token path is
// not a protected call of this one, so that a mistaken path is reported as
// such.
func (s *Server) known(v *vendor, path string) bool {
	below := func(root string) bool {
		rest, below := strings.CutPrefix(path, root)
		return below && rest != "" && !slices.Contains(strings.Split(rest, "/"), "")
	}
	return slices.ContainsFunc(v.roots, below) &&
		!slices.ContainsFunc(s.sites, func(o *site) bool { return o.tokenPath == path })
}
