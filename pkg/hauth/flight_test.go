package hauth_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// TestExpiredAndFailing: a vendor whose token endpoint fails is not asked by
// every request of a program that goes on trying, and is asked again a second
// later.
func TestExpiredAndFailing(t *testing.T) {
	a := newAPI(t)
	var ahead atomic.Int64
	begun := time.Now() // the clock stands still but for ahead
	now := func() time.Time { return begun.Add(time.Duration(ahead.Load())) }
	a.now = now
	c := &hauth.Client{Environ: environ(t.TempDir(), a.URL), Now: now}
	tr := c.TransportWith("123pan", hauth.TransportOptions{})
	call(t, tr, "GET", a.URL+"/api/x", nil, 0)
	a.set(func() { a.refuse = "<html>" })
	ahead.Store(int64(2 * time.Hour))
	for range 5 {
		if _, _, err := tryCall(t.Context(), tr, "GET", a.URL+"/api/x", nil, 0); !auth.Is(err, auth.Vendor) {
			t.Errorf("%v", err)
		}
	}
	if n := a.count(); n != 2 {
		t.Errorf("%d token requests, want 2", n)
	}
	a.set(func() { a.refuse = "" })
	ahead.Add(int64(time.Second))
	if resp, _ := call(t, tr, "GET", a.URL+"/api/x", nil, 0); resp.StatusCode != 200 {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
}
