package store

import (
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// What one `hauth token` does in this package when there is a valid token.
func BenchmarkHitFile(b *testing.B) {
	root := b.TempDir()
	d := Dirs{Config: root + "/config", Data: root + "/data", State: root + "/state"}
	if _, err := MakeIdentity(d, noEnv); err != nil {
		b.Fatal(err)
	}
	o := Options{Dirs: d, Backends: table(func(string) (Backend, error) { return NewFile(d, noEnv) })}
	v, err := Create(b.Context(), o, testAccount, File)
	if err != nil {
		b.Fatal(err)
	}
	if err := v.SaveLogin(b.Context(), testCredentials("a"), testToken("a")); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		v, err := Open(o, testAccount)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := v.Token(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHitSealed(b *testing.B) {
	o := Options{Dirs: Dirs{Cache: b.TempDir()}}
	open := func() *SealedCache {
		s, err := OpenSealed(o, testAccount, testCredentials("a"), []string{"client_secret"})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	s := open()
	token := testToken("a")
	token.Endpoint, token.CredentialID = s.creds.Endpoint, s.creds.ID
	if err := s.SaveGrant(b.Context(), auth.Grant{Token: token}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := open().Token(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
