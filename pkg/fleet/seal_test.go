package fleet

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

func testCredentials() auth.Credentials {
	return auth.Credentials{
		ID: "9f", Endpoint: "https://open-api.123pan.com", SpecSHA256: "ab",
		Vars: map[string]auth.Secret{"client_id": auth.NewSecret("id-1"), "client_secret": auth.NewSecret("5f1c0a9e7d5f1c0a9e7d")},
	}
}

var testSecrets = []string{"client_secret"}

func testSeal(t testing.TB) Seal {
	t.Helper()
	s, err := NewSeal("123pan", testCredentials(), testSecrets, auth.Secret{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSealVector pins the derivation: a change makes every fleet's records
// strangers to one another.
func TestSealVector(t *testing.T) {
	s := testSeal(t)
	if got, want := s.Name(), "7839296df99c048049a62d67bb729bcb"; got != want {
		t.Errorf("name %s, want %s", got, want)
	}
	if got, want := hex.EncodeToString(s.key), "aa605de83b4fc8f1271e931bbe2f6e3ca675fff8ffb52cd65fd319a8324d40a7"; got != want {
		t.Errorf("key %s, want %s", got, want)
	}
	if got := s.Short(); got != s.Name()[:8] {
		t.Errorf("short %s", got)
	}
	withFile, err := NewSeal("123pan", testCredentials(), testSecrets, auth.NewSecret("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := withFile.Name(), "41287241059bf8d0ced93f62ee4c11d2"; got != want {
		t.Errorf("name with a seal file %s, want %s", got, want)
	}
}

// TestSealBinds wants another record for everything that decides which token
// the vendor gives, and the same one for what does not.
func TestSealBinds(t *testing.T) {
	base := testSeal(t)
	seen := map[string]string{base.Name(): "the account itself"}
	for what, change := range map[string]func(provider *string, c *auth.Credentials, secrets *[]string, file *string){
		"provider": func(p *string, _ *auth.Credentials, _ *[]string, _ *string) { *p = "123pan2" },
		"endpoint": func(_ *string, c *auth.Credentials, _ *[]string, _ *string) { c.Endpoint += "/v2" },
		"id": func(_ *string, c *auth.Credentials, _ *[]string, _ *string) {
			c.Vars["client_id"] = auth.NewSecret("id-2")
		},
		"secret": func(_ *string, c *auth.Credentials, _ *[]string, _ *string) {
			c.Vars["client_secret"] = auth.NewSecret("5f1c0a9e7d5f1c0a9e7e")
		},
		"another variable": func(_ *string, c *auth.Credentials, _ *[]string, _ *string) { c.Vars["scope"] = auth.NewSecret("x") },
		"what is secret": func(_ *string, _ *auth.Credentials, s *[]string, _ *string) {
			*s = []string{"client_id", "client_secret"}
		},
		"seal file": func(_ *string, _ *auth.Credentials, _ *[]string, f *string) { *f = "0123456789abcdef" },
	} {
		provider, c, secrets, file := "123pan", testCredentials(), testSecrets, ""
		change(&provider, &c, &secrets, &file)
		s, err := NewSeal(provider, c, secrets, auth.NewSecret(file))
		if err != nil {
			t.Fatal(err)
		}
		if other := seen[s.Name()]; other != "" {
			t.Errorf("another %s gives the record of %s", what, other)
		}
		seen[s.Name()] = what
		if bytes.Equal(s.key, base.key) {
			t.Errorf("another %s gives the same key", what)
		}
	}
	c := testCredentials()
	c.ID, c.SpecSHA256, c.CAFile, c.InsecureHTTP = "other", "other", "/other", true
	s, err := NewSeal("123pan", c, testSecrets, auth.Secret{})
	if err != nil || s.Name() != base.Name() || !bytes.Equal(s.key, base.key) {
		t.Errorf("another login or revision of the file gives another record: %v", err)
	}
}

func TestSealShortSecret(t *testing.T) {
	c := testCredentials()
	c.Vars["client_secret"] = auth.NewSecret("fifteen bytes !")
	c.Vars["client_id"] = auth.NewSecret("an id of more than sixteen bytes")
	_, err := NewSeal("123pan", c, testSecrets, auth.Secret{})
	e, ok := auth.AsError(err)
	if !ok || e.Kind != auth.Usage || e.Remedy != auth.RemedySealFile || strings.Contains(e.Error(), "fifteen") {
		t.Fatalf("got %v", err)
	}
	if _, err := NewSeal("123pan", c, testSecrets, auth.NewSecret("fifteen bytes !")); err == nil {
		t.Error("a short seal file makes up for a short secret")
	}
	if _, err := NewSeal("123pan", c, testSecrets, auth.NewSecret("sixteen bytes !!")); err != nil {
		t.Error(err)
	}
}

func TestSealKeep(t *testing.T) {
	s := testSeal(t)
	c := s.Keep(testCredentials())
	c.Vars["client_secret"] = auth.NewSecret("another one, after a rotation")
	kept, err := NewSeal("123pan", c, testSecrets, auth.Secret{})
	if err != nil || kept.Name() != s.Name() || !bytes.Equal(kept.key, s.key) {
		t.Fatalf("%v", err)
	}
	for _, damaged := range []string{"x", s.Name() + ":x", "00:" + strings.Repeat("A", 43), strings.Repeat("0", 32) + ":"} {
		c.Vars[keptSeal] = auth.NewSecret(damaged)
		if _, err := NewSeal("123pan", c, testSecrets, auth.Secret{}); !auth.Is(err, auth.Store) {
			t.Errorf("%q: %v", damaged, err)
		}
	}
}

// TestSealOpens wants only what was sealed with the same key under the same
// name to open, and every change to be noticed.
func TestSealOpens(t *testing.T) {
	s := testSeal(t)
	sealed, err := s.seal([]byte("content"))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := s.open(sealed); err != nil || string(data) != "content" {
		t.Fatalf("%q, %v", data, err)
	}
	moved := Seal{name: strings.Repeat("0", 32), key: s.key}
	if _, err := moved.open(sealed); !errors.Is(err, errUnreadable) {
		t.Errorf("moved to another name: %v", err)
	}
	for i := range sealed {
		changed := slices.Clone(sealed)
		changed[i] ^= 1
		if _, err := s.open(changed); err == nil {
			t.Errorf("a change at %d is not noticed", i)
		}
	}
	for n := range sealed {
		if _, err := s.open(sealed[:n]); !errors.Is(err, errUnreadable) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	again, _ := s.seal([]byte("content"))
	if bytes.Equal(again, sealed) {
		t.Error("two seals of one content are the same")
	}
}
