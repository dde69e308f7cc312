package mockvendor

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// SetFail sets the failure mode, one of FailModes; empty: none. As in every
// setter here, an empty provider means all of them, and an error, for an
// unknown provider or value, means that nothing was changed.
func (s *Server) SetFail(provider, mode string) error {
	turn, err := turnFail(mode)
	return s.set(provider, turn, err)
}

// SetTTL sets the life of the tokens issued from now on; zero: as documented.
func (s *Server) SetTTL(provider string, ttl time.Duration) error {
	turn, err := turnTTL(ttl)
	return s.set(provider, turn, err)
}

// SetLatency sets what is added before each answer from now on.
func (s *Server) SetLatency(provider string, d time.Duration) error {
	turn, err := turnLatency(d)
	return s.set(provider, turn, err)
}

// SetVariant sets how answers are written: "text" gives Hitem3D's codes as
// text and the text of its failures in "message"; "status" gives HTTP 401 to a
// call without a live token, at whatever vendor; empty: as documented.
func (s *Server) SetVariant(provider, variant string) error {
	turn, err := turnVariant(variant)
	return s.set(provider, turn, err)
}

func turnFail(mode string) (func(*knobs), error) {
	if mode != "" && !slices.Contains(FailModes(), mode) {
		return nil, fmt.Errorf("no failure mode %q: it is one of %s", mode, strings.Join(FailModes(), ", "))
	}
	return func(k *knobs) { k.fail = mode }, nil
}

func turnTTL(ttl time.Duration) (func(*knobs), error) {
	if ttl < 0 {
		return nil, fmt.Errorf("a life of %v", ttl)
	}
	return func(k *knobs) { k.ttl = ttl }, nil
}

func turnLatency(d time.Duration) (func(*knobs), error) {
	if d < 0 {
		return nil, fmt.Errorf("a latency of %v", d)
	}
	return func(k *knobs) { k.latency = d }, nil
}

func turnVariant(variant string) (func(*knobs), error) {
	if variant != "" && variant != variantText && variant != variantStatus {
		return nil, fmt.Errorf("no variant %q", variant)
	}
	return func(k *knobs) { k.variant = variant }, nil
}

// set changes a provider's setting, unless the value for it was refused.
func (s *Server) set(provider string, turn func(*knobs), refused error) error {
	if refused != nil {
		return refused
	}
	return s.turn(provider, turn)
}

// SetNow replaces the vendors' clock. Nil: time.Now.
func (s *Server) SetNow(now func() time.Time) {
	if now == nil {
		now = time.Now
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// SetSkew sets how far the vendors are ahead of their clock.
func (s *Server) SetSkew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew = d
}

// Revoke logs tokens out, as a user does on the vendor's site: "all" of the
// provider, or the one whose SHA-256 is which, in hexadecimal.
func (s *Server) Revoke(provider, which string) error {
	if err := s.turn(provider, func(*knobs) {}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ended := 0
	for _, st := range s.sites {
		if provider != "" && st.name != provider {
			continue
		}
		for token, g := range st.tokens {
			digest := sha256.Sum256([]byte(token))
			if which == "all" || strings.EqualFold(which, hex.EncodeToString(digest[:])) {
				ended += g.revoke()
			}
		}
	}
	if which != "all" && ended == 0 {
		return errors.New(`revoke: "all", or the SHA-256 of a token that is alive`)
	}
	return nil
}

// turn changes the settings of one provider, or of all.
func (s *Server) turn(provider string, change func(*knobs)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if provider != "" && s.site(provider) == nil {
		return errProvider(provider)
	}
	for _, st := range s.sites {
		if provider == "" || st.name == provider {
			change(&st.knobs)
		}
	}
	return nil
}
