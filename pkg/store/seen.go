package store

import (
	"slices"
	"sync"

	"github.com/hauth/hauth/pkg/auth"
)

// maxSeen is how many secrets are remembered: those that were read last.
const maxSeen = 8

// seen are secrets that this process has read. A vendor may repeat one of them in
// a message, which must not reach the attempts file as it is.
type seen struct {
	mu      sync.Mutex
	secrets []auth.Secret
}

func (s *seen) see(secret auth.Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets = append(slices.DeleteFunc(s.secrets, secret.Equal), secret)
	if len(s.secrets) > maxSeen {
		s.secrets = s.secrets[1:]
	}
}

func (s *seen) all() []auth.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.secrets)
}
