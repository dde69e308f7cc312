package hauth

import (
	"testing"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// TestOpenListedKeepsFleet: a listed account asks its fleet as an opened one
// does. It used to go around it.
func TestOpenListedKeepsFleet(t *testing.T) {
	c := &Client{Environ: []string{"HAUTH_HOME=" + t.TempDir()}}
	info := store.Info{Account: auth.Account{Provider: "123pan", Profile: "default"}, Store: store.File, Fleet: "redis://127.0.0.1:1/0"}
	a, err := c.OpenListed(info)
	if err != nil {
		t.Fatal(err)
	}
	if a.Fleet() == "" || a.broker.Store.(announced).Store != a.shared || a.broker.Attempts != a.shared {
		t.Error("the broker does not ask the fleet")
	}
}
