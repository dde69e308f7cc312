package store

import (
	"context"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// sizes notes how much is written.
type sizes struct {
	Backend
	greatest int
}

func (s *sizes) Set(ctx context.Context, key Key, data []byte) error {
	s.greatest = max(s.greatest, len(data))
	return s.Backend.Set(ctx, key, data)
}

// What is written to prove that a grant could be saved is larger than the grant: on
// a disk with one free page a smaller one would prove nothing.
func TestProveWritesEnough(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	long := testToken("a")
	long.Value = auth.NewSecret(strings.Repeat("x", 20<<10))
	noError(t, v.SaveGrant(t.Context(), auth.Grant{Token: long}))

	b, err := newAgeFile(o.Dirs, noEnv, o.disk)
	noError(t, err)
	seen := &sizes{Backend: b}
	o.Backends = table(func(string) (Backend, error) { return seen, nil })
	noError(t, reopen(t, o).Prove(t.Context()))
	if seen.greatest < 40<<10 {
		t.Errorf("%d bytes were written for a record of 20 KiB", seen.greatest)
	}
}
