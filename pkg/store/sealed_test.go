package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

var secretNames = []string{"client_secret"}

func openSealed(t *testing.T, o Options, c auth.Credentials) *SealedCache {
	t.Helper()
	s, err := OpenSealed(o, testAccount, c, secretNames)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sealedToken is a token of the cache's credentials.
func sealedToken(t *testing.T, s *SealedCache) auth.Token {
	t.Helper()
	c, err := s.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tok := testToken("a")
	tok.Endpoint, tok.CredentialID = c.Endpoint, c.ID
	return tok
}

func TestSealedRoundTrip(t *testing.T) {
	o, notices := testOptions(t)
	s := openSealed(t, o, testCredentials("a"))
	_, err := s.Token(t.Context())
	wantErr(t, err, auth.NotFound, ErrNotFound)
	want := sealedToken(t, s)
	if err := s.SaveGrant(t.Context(), auth.Grant{Token: want}); err != nil {
		t.Fatal(err)
	}
	again := openSealed(t, o, testCredentials("a"))
	if got, err := again.Token(t.Context()); err != nil || !sameToken(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := s.SaveAttempt(testAttempt()); err != nil {
		t.Fatal(err)
	}
	if a, err := again.LastAttempt(); err != nil || a.ID != "a1" {
		t.Errorf("attempt %+v, %v", a, err)
	}
	unlock, err := s.Lock(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Lock(t.Context(), 0); !errors.Is(err, auth.ErrBusy) {
		t.Errorf("locked twice: %v", err)
	}
	unlock()
	for _, f := range files(t, o.Dirs.Cache) {
		data, err := os.ReadFile(filepath.Join(o.Dirs.Cache, f))
		if err != nil || bytes.Contains(data, []byte("token*a")) || bytes.Contains(data, []byte("s3cret")) {
			t.Errorf("%s: %q, %v", f, data, err)
		}
	}
	if err := s.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := files(t, o.Dirs.Cache); len(got) != 1 || !strings.HasSuffix(got[0], ".lock") {
		t.Errorf("left after Delete: %v", got)
	}
	if len(*notices) > 0 {
		t.Errorf("notices %q", *notices)
	}
}

// Whatever decides which token the vendor gives decides name and key.
func TestSealedBinding(t *testing.T) {
	base := func() (auth.Account, auth.Credentials, []string) {
		return testAccount, testCredentials("a"), []string{"client_secret", "password"}
	}
	a, c, names := base()
	name, key, err := deriveKey(a, c, names)
	if err != nil || len(name) != 32 || len(key) != 32 {
		t.Fatalf("%q, %d bytes, %v", name, len(key), err)
	}
	for what, change := range map[string]func(*auth.Account, *auth.Credentials, *[]string){
		"provider":  func(a *auth.Account, _ *auth.Credentials, _ *[]string) { a.Provider = "hitem3d" },
		"profile":   func(a *auth.Account, _ *auth.Credentials, _ *[]string) { a.Profile = "work" },
		"endpoint":  func(_ *auth.Account, c *auth.Credentials, _ *[]string) { c.Endpoint += "/" },
		"spec":      func(_ *auth.Account, c *auth.Credentials, _ *[]string) { c.SpecSHA256 += "0" },
		"public":    func(_ *auth.Account, c *auth.Credentials, _ *[]string) { c.Vars["client_id"] = auth.NewSecret("x") },
		"secret":    func(_ *auth.Account, c *auth.Credentials, _ *[]string) { c.Vars["client_secret"] = auth.NewSecret("x") },
		"further":   func(_ *auth.Account, c *auth.Credentials, _ *[]string) { c.Vars["password"] = auth.NewSecret("x") },
		"is secret": func(_ *auth.Account, _ *auth.Credentials, n *[]string) { *n = append(*n, "client_id") },
		"moved": func(_ *auth.Account, c *auth.Credentials, _ *[]string) {
			s := c.Vars["client_secret"].Reveal()
			c.Vars["client_secret"], c.Vars["password"] = auth.NewSecret(s[:10]), auth.NewSecret(s[10:])
		},
	} {
		a, c, names := base()
		change(&a, &c, &names)
		name2, key2, err := deriveKey(a, c, names)
		if err != nil || name2 == name || bytes.Equal(key2, key) {
			t.Errorf("%s: same name or key (%v)", what, err)
		}
	}
	// One secret that contains the encoding of two gives another key.
	for _, gap := range []string{"", "\x00\x00\x00\x00"} {
		_, one, _ := base()
		one.Vars["client_secret"] = auth.NewSecret("first" + gap + "password" + gap + "second")
		_, two, _ := base()
		two.Vars["client_secret"], two.Vars["password"] = auth.NewSecret("first"), auth.NewSecret("second")
		nameOne, _, err1 := deriveKey(testAccount, one, names)
		nameTwo, _, err2 := deriveKey(testAccount, two, names)
		if err1 != nil || err2 != nil || nameOne == nameTwo {
			t.Errorf("gap %q: same name (%v, %v)", gap, err1, err2)
		}
	}
	// The order in which secrets are named does not matter.
	if name2, key2, _ := deriveKey(a, c, []string{"password", "client_secret"}); name2 != name || !bytes.Equal(key2, key) {
		t.Error("the order of names changed the key")
	}
}

// A copy of one account's file under another's name is a miss.
func TestSealedForeignFile(t *testing.T) {
	o, _ := testOptions(t)
	a, b := openSealed(t, o, testCredentials("a")), openSealed(t, o, testCredentials("b"))
	if err := a.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, a)}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(a.base)
	if err != nil {
		t.Fatal(err)
	}
	put(t, b.base, string(data))
	_, err = b.Token(t.Context())
	wantErr(t, err, auth.NotFound, ErrUnreadable)
}

func TestSealedNewerIsKept(t *testing.T) {
	o, _ := testOptions(t)
	s := openSealed(t, o, testCredentials("a"))
	put(t, s.base, sealedMagic+"\x02 and whatever a newer hauth writes here")
	_, err := s.Token(t.Context())
	wantErr(t, err, auth.NotFound, ErrNewer)
	wantErr(t, s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}), auth.Store, ErrNewer)
	put(t, s.base, "garbage")
	if err := s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}); err != nil {
		t.Errorf("garbage is not replaced: %v", err)
	}
}

// A token that is fetched with each call, because what was kept is never used,
// gets a notice; a token that was never stored does not.
func TestSealedTokenThatIsNotUsedIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		arrange func(path string)
		notice  string // empty: none
	}{
		"absent":  {func(string) {}, ""},
		"damaged": {func(path string) { put(t, path, "garbage") }, "it is not a sealed token"},
		"newer":   {func(path string) { put(t, path, sealedMagic+"\x02 something newer") }, "newer version"},
		"endless": {func(path string) { put(t, path, strings.Repeat("x", maxSealed+1)) }, ErrTooBig.Error()},
		"a directory": {func(path string) {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, ErrNotRegular.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			o, notices := testOptions(t)
			s := openSealed(t, o, testCredentials("a"))
			c.arrange(s.base)
			for range 2 {
				_, err := s.Token(t.Context())
				wantErr(t, err, auth.NotFound, nil)
			}
			if c.notice != "" {
				wantNotice(t, notices, c.notice)
			}
			if len(*notices) > 1 || c.notice == "" && len(*notices) > 0 {
				t.Errorf("notices %q", *notices)
			}
		})
	}
}

func TestSealedNothingShared(t *testing.T) {
	o, notices := testOptions(t)
	if err := os.RemoveAll(o.Dirs.Data); err != nil { // made for the file store
		t.Fatal(err)
	}
	c := testCredentials("a")
	c.Vars["client_secret"] = auth.NewSecret("fifteen bytes..")
	weak := openSealed(t, o, c)
	for name, s := range map[string]*SealedCache{"weak": weak, "private": NewPrivate(c)} {
		if s.Shared() {
			t.Errorf("%s: shared", name)
		}
		if got, err := s.Credentials(t.Context()); err != nil || got.ID == "" || !got.Vars["client_secret"].Equal(c.Vars["client_secret"]) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		for range 2 {
			unlock, err := s.Lock(t.Context(), 0)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			unlock()
			if err := errors.Join(s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}), s.SaveAttempt(testAttempt())); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.Token(t.Context()); !auth.Is(err, auth.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
		if a, err := s.LastAttempt(); err != nil || !a.IsZero() {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		if err := s.Delete(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, dir := range []string{o.Dirs.Cache, o.Dirs.State, o.Dirs.Data} {
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%s was made", dir)
		}
	}
	wantNotice(t, notices, "shorter than 16 bytes")
	c.Vars["client_secret"] = auth.NewSecret("sixteen bytes...")
	if !openSealed(t, o, c).Shared() {
		t.Error("16 bytes are not shared")
	}
}

func TestSealedSweep(t *testing.T) {
	o, _ := testOptions(t)
	old := openSealed(t, o, testCredentials("old"))
	live := openSealed(t, o, testCredentials("live"))
	for s, life := range map[*SealedCache]time.Duration{old: time.Hour, live: 365 * 24 * time.Hour} {
		tok := sealedToken(t, s)
		tok.ExpiresAt = tok.IssuedAt.Add(life)
		if err := errors.Join(s.SaveGrant(t.Context(), auth.Grant{Token: tok}), s.SaveAttempt(testAttempt())); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(s.base, testTime, testTime); err != nil {
			t.Fatal(err)
		}
	}
	stranger := filepath.Join(o.Dirs.Sealed(), "stranger")
	put(t, stranger, "not ours")
	if err := os.Chtimes(stranger, testTime, testTime); err != nil {
		t.Fatal(err)
	}
	save := func(after time.Duration) {
		o.Now = func() time.Time { return testTime.Add(after) }
		s := openSealed(t, o, testCredentials("a"))
		if err := s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}); err != nil {
			t.Fatal(err)
		}
	}
	end := time.Unix(testTime.Add(time.Hour).Unix(), 0).Sub(testTime) // of the old one, as its header has it
	save(end + sealedAge)
	if _, err := os.Stat(old.base); err != nil {
		t.Fatalf("swept too early: %v", err)
	}
	save(end + sealedAge + time.Nanosecond)
	for path, there := range map[string]bool{old.base: false, old.base + ".attempts": false, live.base: true, live.base + ".attempts": true, stranger: true} {
		if _, err := os.Stat(path); (err == nil) != there {
			t.Errorf("%s: %v, want there = %v", path, err, there)
		}
	}
}

// Any other file than the one that was sealed is a miss, never another value.
func FuzzSealed(f *testing.F) {
	key := bytes.Repeat([]byte{7}, 32)
	data := []byte("the record")
	file, err := sealToken(key, testTime, data)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(0, byte(1), len(file))
	f.Add(13, byte(0x80), len(file))
	f.Add(len(file)-1, byte(1), len(file))
	f.Add(0, byte(0), 20)
	f.Fuzz(func(t *testing.T, at int, flip byte, length int) {
		mutant := bytes.Clone(file)
		if length >= 0 && length < len(mutant) {
			mutant = mutant[:length]
		} else if length > len(mutant) && length < 1000 {
			mutant = append(mutant, make([]byte, length-len(mutant))...)
		}
		if at >= 0 && at < len(mutant) {
			mutant[at] ^= flip
		}
		got, err := unsealToken(key, mutant)
		switch same := bytes.Equal(mutant, file); {
		case same && (err != nil || !bytes.Equal(got, data)):
			t.Errorf("the file itself: %q, %v", got, err)
		case !same && err == nil:
			t.Errorf("mutant %x opened: %q", mutant, got)
		}
	})
}
