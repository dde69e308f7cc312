package mockvendor

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// retryAfter is the Retry-After of throttled answers, in seconds.
const retryAfter = "30"

// answer is what goes back, and what the log calls it.
type answer struct {
	outcome string
	status  int
	header  map[string]string
	date    time.Time
	body    []byte
}

// answerToken answers a request for a token whose body has been read. A body
// that is too big comes first: only part of it was read, so that a client that
// leaves a hanging answer could not be noticed.
func (s *Server) answerToken(st *site, k knobs, r *http.Request, body []byte, tooBig bool) answer {
	a := s.writer(st, k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method != st.method {
		return a.noMethod(st.method)
	}
	if tooBig {
		return a.refuse(errors.New("the body is too large"))
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
		return a.fail(OutcomeSystem, httpFailure(http.StatusInternalServerError, "unknown failure mode"))
	}
	if err := st.check(r, body, a.now); err != nil {
		return a.refuse(err)
	}
	ttl := k.ttl
	if ttl <= 0 {
		ttl = st.life
	}
	return a.succeed(OutcomeToken, st.issue(r, a.now, ttl))
}

// write sends the answer.
func (a answer) write(w http.ResponseWriter) {
	h := w.Header()
	for name, value := range a.header {
		h.Set(name, value)
	}
	h.Set("Date", httpDate(a.date))
	w.WriteHeader(a.status)
	w.Write(a.body) // a client that has left needs no answer
}

// httpDate formats a time for the Date header.
func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// writeJSON sends an answer of the mock's own.
func (s *Server) writeJSON(w http.ResponseWriter, status int, v any) {
	s.mu.Lock()
	now := s.clock()
	s.mu.Unlock()
	jsonAnswer("", status, now, v).write(w)
}

func jsonAnswer(outcome string, status int, now time.Time, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // callers pass text and numbers only
	}
	return answer{
		outcome: outcome,
		status:  status,
		header:  map[string]string{"Content-Type": "application/json"},
		date:    now,
		body:    append(body, '\n'),
	}
}
