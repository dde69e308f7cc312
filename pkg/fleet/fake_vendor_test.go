package fleet

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// vendor issues tokens; where one may live, a new one ends the old one.
type vendor struct {
	mu       sync.Mutex
	limits   auth.Limits
	offset   time.Duration // of its clock
	took     time.Duration
	life     time.Duration
	refuse   error
	undated  bool              // it does not tell the time
	same     bool              // the same token again
	refresh  string            // the refresh token that it takes; empty: it does not rotate
	before   func(request int) // the request has left
	after    func(request int) // it was answered
	requests int               // those that left
	issued   int
	live     []string
}

func (v *vendor) exchange(_ context.Context, m *machine, creds auth.Credentials) (auth.Grant, error) {
	v.mu.Lock()
	v.requests++
	n := v.requests
	before, after, took := v.before, v.after, v.took
	v.mu.Unlock()
	if before != nil {
		before(n)
	}
	time.Sleep(took / 2)
	grant, err := v.issue(m, creds)
	time.Sleep(took / 2)
	if after != nil {
		after(n)
	}
	return grant, err
}

func (v *vendor) issue(m *machine, creds auth.Credentials) (auth.Grant, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.refuse != nil {
		return auth.Grant{}, v.refuse
	}
	var g auth.Grant
	if v.refresh != "" {
		if got := creds.Vars["refresh_token"].Reveal(); got != v.refresh {
			return auth.Grant{}, &auth.Error{Kind: auth.Denied, Fact: "refused", VendorMessage: "stale refresh token " + got}
		}
		v.refresh = fmt.Sprintf("refresh token number %d", v.issued+1)
		rotated := creds
		rotated.Vars = map[string]auth.Secret{}
		for n, s := range creds.Vars {
			rotated.Vars[n] = s
		}
		rotated.Vars["refresh_token"] = auth.NewSecret(v.refresh)
		g.Rotated = &rotated
	}
	if !v.same || v.issued == 0 {
		v.issued++
	}
	value := fmt.Sprintf("token-%d", v.issued)
	if !slices.Contains(v.live, value) {
		v.live = append(v.live, value)
	}
	if v.limits.Live > 0 {
		v.live = v.live[max(0, len(v.live)-v.limits.Live):]
	}
	issued := m.now().Truncate(time.Second) // as the providers' engine has it
	g.Token = auth.Token{
		Value: auth.NewSecret(value), Type: "Bearer", IssuedAt: issued, ExpiresAt: issued.Add(v.life),
		VendorAt: time.Now().Add(v.offset).Truncate(time.Second), Source: auth.SourceField,
		Endpoint: creds.Endpoint, CredentialID: creds.ID,
	}
	if v.undated {
		g.Token.VendorAt = time.Time{}
	}
	return g, nil
}
