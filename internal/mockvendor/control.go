package mockvendor

import (
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// control is the control surface over HTTP that the package comment
// describes.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, text string) {
		s.writeJSON(w, status, map[string]string{"error": text})
	}
	if status, reason := s.guard(r); reason != "" {
		refuse(status, reason)
		return
	}
	switch {
	case r.URL.EscapedPath() != "/_mock/":
		refuse(http.StatusNotFound, "the control surface is /_mock/")
		return
	case r.Method == http.MethodPost:
		if err := s.steer(r.URL.RawQuery); err != nil {
			refuse(http.StatusBadRequest, err.Error())
			return
		}
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", "GET, POST")
		refuse(http.StatusMethodNotAllowed, "method not allowed")
		return
	}
	counts := map[string]int{}
	for _, st := range s.sites {
		counts[st.name] = s.Tokens(st.name)
	}
	s.writeJSON(w, http.StatusOK, counts)
}

// steer reads the whole query before it changes anything: a mistake in a
// script must not leave the mock half changed.
func (s *Server) steer(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	turns := []func(*knobs){func(*knobs) {}} // which checks that there is such a provider
	for name, given := range values {
		if len(given) != 1 {
			return fmt.Errorf("%s appears more than once", name)
		}
		turn, err := readTurn(name, given[0])
		if err != nil {
			return err
		}
		turns = append(turns, turn)
	}
	provider := values.Get("provider")
	if values.Has("revoke") {
		if err := s.Revoke(provider, values.Get("revoke")); err != nil {
			return err
		}
	}
	for _, turn := range turns {
		if err := s.turn(provider, turn); err != nil {
			return err // the first one, or none
		}
	}
	if skew, err := time.ParseDuration(values.Get("skew")); err == nil {
		s.SetSkew(skew)
	}
	return nil
}

// readTurn reads one NAME=VALUE of the query. provider and revoke are not
// settings of a provider, so they change none here.
func readTurn(name, value string) (func(*knobs), error) {
	switch name {
	case "provider", "revoke":
		return func(*knobs) {}, nil
	case "fail":
		return turnFail(value)
	case "variant":
		return turnVariant(value)
	case "ttl", "latency", "skew":
	default:
		return nil, fmt.Errorf("unknown parameter %q", name)
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch name {
	case "ttl":
		return turnTTL(d)
	case "latency":
		return turnLatency(d)
	}
	return func(*knobs) {}, nil
}
