package mockvendor

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// retryAfter is what throttled answers carry in Retry-After, in seconds.
const retryAfter = "30"

// answer is what goes back, and what the log calls it.
type answer struct {
	outcome string
	status  int
	header  map[string]string
	date    time.Time
	body    []byte
}

// answer decides on a request whose body has been read.
func (s *Server) answer(st *site, k knobs, r *http.Request, path string, body []byte, tooBig bool) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := writer{vendor: st.vendor, variant: k.variant, now: s.clock()}
	switch {
	case !s.known(st.vendor, path):
		return a.fail(OutcomeNoPath, failure{http.StatusNotFound, http.StatusNotFound, "not found"})
	case path == st.tokenPath && r.Method != http.MethodPost:
		return a.noMethod("POST")
	case path == st.tokenPath:
		return answerToken(a, st, k, r, body, tooBig)
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return a.noMethod("GET, POST")
	case tooBig:
		return a.fail(OutcomeMalformed, failure{http.StatusRequestEntityTooLarge, http.StatusRequestEntityTooLarge, "the body is too big"})
	}
	return answerCall(a, st, r, path)
}

// known reports whether the vendor has path. Another vendor's token path is
// no protected call of this one, so that a mistaken path shows as such.
func (s *Server) known(v *vendor, path string) bool {
	if path == v.tokenPath {
		return true
	}
	call, below := strings.CutPrefix(path, v.root)
	if !below || call == "" || slices.Contains(strings.Split(call, "/"), "") {
		return false
	}
	return !slices.ContainsFunc(s.sites, func(o *site) bool { return o.tokenPath == path })
}

// answerToken answers a request for a token. A body that is too big comes
// first: only part of it was read, so that a client that leaves a hanging
// answer could not be noticed.
func answerToken(a writer, st *site, k knobs, r *http.Request, body []byte, tooBig bool) answer {
	if tooBig {
		return a.refuse(errors.New("the body is too big"))
	}
	switch k.fail {
	case "":
	case failDenied:
		return a.fail(OutcomeDenied, st.denied)
	case failThrottled:
		t := a.fail(OutcomeThrottled, st.throttled)
		t.header["Retry-After"] = retryAfter
		return t
	case failSystem:
		return a.fail(OutcomeSystem, st.system)
	case failHTML:
		return a.html()
	case failHang:
		return answer{outcome: OutcomeHang}
	default:
		return a.fail(OutcomeSystem, failure{http.StatusInternalServerError, http.StatusInternalServerError, "the mock knows no such failure mode"})
	}
	if r.URL.RawQuery != "" {
		return a.refuse(errors.New("no query is documented"))
	}
	if err := st.check(st.vendor, r, body); err != nil {
		return a.refuse(err)
	}
	ttl := k.ttl
	if ttl <= 0 {
		ttl = st.life
	}
	return a.succeed(OutcomeToken, st.issue(a.now, ttl))
}

// answerCall answers a protected call.
func answerCall(a writer, st *site, r *http.Request, path string) answer {
	refusal := st.unauthorized
	for name, value := range st.headers {
		if checkHeader(r, name, value) != nil {
			return a.fail(OutcomeUnauthorized, refusal)
		}
	}
	// What follows the first "Bearer " is compared as a whole: a second one
	// makes it another token.
	token, scheme := "", false
	if values := r.Header.Values("Authorization"); len(values) == 1 {
		token, scheme = strings.CutPrefix(values[0], "Bearer ")
	}
	alive, loggedOut := st.state(token, a.now)
	if !scheme || !alive {
		if loggedOut && st.loggedOut != "" {
			refusal.text = st.loggedOut
		}
		return a.fail(OutcomeUnauthorized, refusal)
	}
	return a.succeed(OutcomeCall, struct {
		Account  string `json:"account"`
		Provider string `json:"provider"`
		Method   string `json:"method"`
		Path     string `json:"path"`
	}{"demo", st.name, r.Method, path})
}

// write sends the answer.
func (a answer) write(w http.ResponseWriter) {
	h := w.Header()
	for name, value := range a.header {
		h.Set(name, value)
	}
	h.Set("Date", a.date.UTC().Format(http.TimeFormat))
	w.WriteHeader(a.status)
	w.Write(a.body) // a client that has gone needs no answer
}

// writeJSON sends an answer that is no vendor's.
func (s *Server) writeJSON(w http.ResponseWriter, status int, v any) {
	s.mu.Lock()
	now := s.clock()
	s.mu.Unlock()
	jsonAnswer("", status, now, v).write(w)
}

func jsonAnswer(outcome string, status int, now time.Time, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // only text and numbers are ever given
	}
	return answer{
		outcome: outcome,
		status:  status,
		header:  map[string]string{"Content-Type": "application/json"},
		date:    now,
		body:    append(body, '\n'),
	}
}
