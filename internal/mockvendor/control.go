package mockvendor

import (
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// control is the surface over HTTP that the package comment describes.
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

// steer reads the whole query before it changes anything: a slip in a script
// must not leave the mock half changed.
func (s *Server) steer(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	provider := values.Get("provider")
	var changes []func(*Server) error
	for name, given := range values {
		if len(given) != 1 {
			return fmt.Errorf("%s is there twice", name)
		}
		if name == "revoke" {
			continue
		}
		change, err := readChange(provider, name, given[0])
		if err != nil {
			return err
		}
		changes = append(changes, change)
	}
	// Every setter refuses for the value alone: what a scratch server takes,
	// this one takes. Whether a token can be revoked shows only here.
	scratch := New(s.made)
	for _, change := range changes {
		if err := change(scratch); err != nil {
			return err
		}
	}
	if values.Has("revoke") {
		if err := s.Revoke(provider, values.Get("revoke")); err != nil {
			return err
		}
	}
	for _, change := range changes {
		if err := change(s); err != nil {
			return err
		}
	}
	return nil
}

// readChange reads one NAME=VALUE of the query.
func readChange(provider, name, value string) (func(*Server) error, error) {
	switch name {
	case "provider":
		return func(s *Server) error { return s.turn(value, func(*knobs) {}) }, nil
	case "fail":
		return func(s *Server) error { return s.SetFail(provider, value) }, nil
	case "variant":
		return func(s *Server) error { return s.SetVariant(provider, value) }, nil
	case "ttl", "latency", "skew":
	default:
		return nil, fmt.Errorf("nothing here is called %q", name)
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch name {
	case "ttl":
		return func(s *Server) error { return s.SetTTL(provider, d) }, nil
	case "latency":
		return func(s *Server) error { return s.SetLatency(provider, d) }, nil
	}
	return func(s *Server) error { s.SetSkew(d); return nil }, nil
}
