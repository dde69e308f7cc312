package store

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

func TestLoginMovesTheAccount(t *testing.T) {
	o, keyring, file, notices := twoStores(t)
	v := login(t, o, Keyring, "a")
	if err := v.SaveAttempt(testAttempt()); err != nil {
		t.Fatal(err)
	}
	waiting := reopen(t, o) // opened before, used after the move
	v = login(t, o, File, "b")
	if len(keyring.records) != 0 || len(file.records) != 2 || v.Info().Store != File {
		t.Errorf("keyring has %d records, file %d, pinned to %s", len(keyring.records), len(file.records), v.Info().Store)
	}
	for _, v := range []*Vault{v, waiting} {
		if tok, err := v.Token(t.Context()); err != nil || !sameToken(tok, testToken("b")) {
			t.Errorf("token %+v, %v", tok, err)
		}
		if c, err := v.Credentials(t.Context()); err != nil || c.ID != "id-b" {
			t.Errorf("credentials %+v, %v", c, err)
		}
	}
	if a, err := v.LastAttempt(); err != nil || !a.IsZero() {
		t.Errorf("attempts survive a login: %+v, %v", a, err)
	}
	// A backend that cannot be swept does not fail the login.
	file.fail = func(op string, _ Key) error {
		if op == "delete" {
			return errBroken
		}
		return nil
	}
	v = login(t, o, Keyring, "c")
	wantNotice(t, notices, "cannot delete the records in the store file")
	if tok, err := v.Token(t.Context()); err != nil || !sameToken(tok, testToken("c")) {
		t.Errorf("token %+v, %v", tok, err)
	}
}

// logged notes the changes of a backend and of the account file.
type logged struct {
	Backend
	log *[]string
}

func (l logged) Set(ctx context.Context, k Key, data []byte) error {
	*l.log = append(*l.log, map[Item]string{ItemCredentials: "credentials", ItemToken: "token"}[k.Item])
	return l.Backend.Set(ctx, k, data)
}

// The order of a login's writes: the credentials, the token that was given for
// them, and the account file that makes both the account's; before the first
// login's, an account file with which a logout can undo it. Any other order leaves
// a token without its credentials, or an account file without records, when the
// login is killed.
func TestLoginOrder(t *testing.T) {
	for name, existing := range map[string]bool{"first": false, "again": true} {
		o, keyring, _, _ := twoStores(t)
		if existing {
			login(t, o, Keyring, "a")
		}
		var log []string
		o.Backends = table(func(string) (Backend, error) { return logged{keyring, &log}, nil })
		v, err := Create(t.Context(), o, testAccount, Keyring)
		noError(t, err)
		log = nil
		v.o.disk = disk.Disk{Step: func(op, path string) error {
			if op == "rename" && path == o.Dirs.AccountFile(testAccount) {
				log = append(log, "account file")
			}
			return nil
		}}
		noError(t, v.SaveLogin(t.Context(), testCredentials("b"), testToken("b")))
		want := []string{"credentials", "token", "account file"}
		if !existing {
			want = append([]string{"account file"}, want...)
		}
		if !slices.Equal(log, want) {
			t.Errorf("%s: wrote %q, want %q", name, log, want)
		}
	}
}

// The same for a grant: rotated credentials first, since the old ones are void.
func TestGrantOrder(t *testing.T) {
	o, keyring, _, _ := twoStores(t)
	login(t, o, Keyring, "a")
	var log []string
	o.Backends = table(func(string) (Backend, error) { return logged{keyring, &log}, nil })
	v := reopen(t, o)
	rotated := testCredentials("a")
	rotated.Vars["client_secret"] = auth.NewSecret("the next one")
	noError(t, v.SaveGrant(t.Context(), auth.Grant{Token: testToken("a"), Rotated: &rotated}))
	if want := []string{"credentials", "token"}; !slices.Equal(log, want) {
		t.Errorf("wrote %q, want %q", log, want)
	}
}

// later is o at another time.
func (o Options) later(after time.Duration) Options {
	o.Now = func() time.Time { return testTime.Add(after) }
	return o
}

// An old credentials record that was put back, by a restored backup or a
// synchronised folder, is not sent to the vendor.
func TestOldCredentialsPutBack(t *testing.T) {
	o, keyring, _, _ := twoStores(t)
	login(t, o, Keyring, "a")
	key := Key{testAccount, ItemCredentials}
	old := keyring.records[key]
	for after, refused := range map[time.Duration]bool{loginOverlap: false, loginOverlap + time.Nanosecond: true, 365 * 24 * time.Hour: true} {
		o := o.later(after)
		v := login(t, o, Keyring, "b")
		newer := keyring.records[key]
		keyring.records[key] = old
		for _, v := range []*Vault{v, reopen(t, o)} {
			_, err := v.Credentials(t.Context())
			if !refused {
				noError(t, err)
				continue
			}
			wantErr(t, err, auth.Store, ErrUnreadable)
			if e, _ := auth.AsError(err); e.Remedy != auth.RemedyLogin {
				t.Errorf("remedy %s", e.Remedy)
			}
			// A token that they gave in the meantime is not used either.
			wantErr(t, v.SaveGrant(t.Context(), auth.Grant{Token: testToken("a")}), auth.Store, nil)
		}
		keyring.records[key] = newer
		if c, err := v.Credentials(t.Context()); err != nil || c.ID != "id-b" {
			t.Errorf("%v later: credentials %+v, %v", after, c, err)
		}
		keyring.records[key] = old
		if c, err := login(t, o, Keyring, "c").Credentials(t.Context()); err != nil || c.ID != "id-c" {
			t.Errorf("%v later, after a login: %+v, %v", after, c, err)
		}
	}
}

// Records of a version that did not record when credentials were saved.
func TestCredentialsWithoutTime(t *testing.T) {
	o, keyring, _, _ := twoStores(t)
	v := login(t, o, Keyring, "a")
	key := Key{testAccount, ItemCredentials}
	old, err := encodeCredentials(testAccount, savedCredentials{Credentials: testCredentials("b")})
	noError(t, err)
	info := v.Info()
	info.credentialsAt = time.Time{}
	noError(t, v.saveInfo(info))
	keyring.records[key] = old
	if c, err := v.Credentials(t.Context()); err != nil || c.ID != "id-b" {
		t.Errorf("both without: %+v, %v", c, err)
	}
	login(t, o, Keyring, "a")
	keyring.records[key] = old
	_, err = reopen(t, o).Credentials(t.Context())
	wantErr(t, err, auth.Store, ErrUnreadable)
}

// Logins that were killed after they had written their credentials, one after
// another, lose no account: the last credentials are used.
func TestLoginsKilledInARow(t *testing.T) {
	o, keyring, _, _ := twoStores(t)
	login(t, o, Keyring, "a")
	killed := errors.New("killed")
	for i, n := range []string{"b", "c", "d"} {
		dying := o.later(time.Duration(i+1) * time.Hour)
		wrote := false
		keyring.fail = func(op string, k Key) error {
			if wrote && op != "get" {
				return killed
			}
			wrote = wrote || op == "set" && k.Item == ItemCredentials && n != "c" // "c" is killed before it writes
			if op == "set" && n == "c" {
				wrote = true
				return killed
			}
			return nil
		}
		v := reopen(t, dying)
		if err := v.SaveLogin(t.Context(), testCredentials(n), testToken(n)); !errors.Is(err, killed) {
			t.Fatal(err)
		}
		keyring.fail = nil
		want := map[string]string{"b": "id-b", "c": "id-b", "d": "id-d"}[n]
		if c, err := reopen(t, o).Credentials(t.Context()); err != nil || c.ID != want {
			t.Errorf("killed at %s: %s, %v, want %s", n, c.ID, err, want)
		}
	}
	noError(t, reopen(t, o).SaveGrant(t.Context(), auth.Grant{Token: testToken("d")}))
	wantLogin(t, reopen(t, o), "d")
}

// A login in another process may replace account file and credentials between
// the reading of the two.
func TestCredentialsReplacedMeanwhile(t *testing.T) {
	o, keyring, _, _ := twoStores(t)
	v := login(t, o, Keyring, "a")
	done := false
	keyring.fail = func(op string, k Key) error {
		if op == "get" && k.Item == ItemCredentials && !done {
			done = true
			keyring.mu.Unlock()
			defer keyring.mu.Lock()
			login(t, o, Keyring, "b")
		}
		return nil
	}
	if c, err := v.Credentials(t.Context()); err != nil || c.ID != "id-b" || !done {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestLoginUnverified(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	if err := v.SaveLogin(t.Context(), testCredentials("b"), auth.Token{}); err != nil {
		t.Fatal(err)
	}
	v = reopen(t, o)
	if _, err := v.Token(t.Context()); !auth.Is(err, auth.NotFound) {
		t.Errorf("token %v", err)
	}
	if i := v.Info(); i.CredentialID != "id-b" || !i.ExpiresAt.IsZero() {
		t.Errorf("info %+v", i)
	}
}

// A login that fails with an error leaves the account unchanged.
func TestLoginFailureRestores(t *testing.T) {
	for name, arrange := range map[string]func(*Options, *memory){
		"token": func(_ *Options, m *memory) {
			failed := false
			m.fail = func(op string, k Key) error {
				if op == "set" && k.Item == ItemToken && k.Account == testAccount && !failed {
					failed = true
					return errBroken
				}
				return nil
			}
		},
		"account file": func(o *Options, _ *memory) {
			o.disk = disk.Disk{Step: func(op, path string) error {
				if op == "rename" && strings.Contains(path, "accounts") {
					return os.ErrPermission
				}
				return nil
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, existing := range []bool{false, true} {
				o, keyring, _, _ := twoStores(t)
				if existing {
					login(t, o, Keyring, "a")
				}
				working := o
				arrange(&o, keyring)
				v, err := Create(t.Context(), o, testAccount, Keyring)
				if err != nil {
					t.Fatal(err)
				}
				wantErr(t, v.SaveLogin(t.Context(), testCredentials("b"), testToken("b")), auth.Store, nil)
				keyring.fail = nil
				if !existing {
					if _, err := Open(working, testAccount); !auth.Is(err, auth.NotFound) || len(keyring.records) != 0 {
						t.Errorf("left %d records, %v", len(keyring.records), err)
					}
					continue
				}
				if tok, err := reopen(t, working).Token(t.Context()); err != nil || !sameToken(tok, testToken("a")) {
					t.Errorf("token %+v, %v", tok, err)
				}
				if c, err := reopen(t, working).Credentials(t.Context()); err != nil || c.ID != "id-a" {
					t.Errorf("credentials %+v, %v", c, err)
				}
			}
		})
	}
}

func TestCreate(t *testing.T) {
	o, keyring, _, notices := twoStores(t)
	keyring.fail = func(op string, _ Key) error {
		if op == "set" {
			return errBroken
		}
		return nil
	}
	_, err := Create(t.Context(), o, testAccount, Keyring)
	wantErr(t, err, auth.Store, ErrTimeout)
	keyring.fail = nil

	// A keyring does not help if the account file cannot be written.
	o.disk = disk.Disk{Step: func(op, _ string) error {
		if op == "create" {
			return os.ErrPermission
		}
		return nil
	}}
	_, err = Create(t.Context(), o, testAccount, Keyring)
	wantErr(t, err, auth.Store, os.ErrPermission)
	o.disk = disk.Disk{}

	// Create alone changes nothing.
	if _, err := Create(t.Context(), o, testAccount, Keyring); err != nil || len(keyring.records) != 0 || len(files(t, o.Dirs.Data)) != 0 {
		t.Errorf("%v; records %v, files %q", err, keyring.records, files(t, o.Dirs.Data))
	}

	put(t, o.Dirs.AccountFile(testAccount), "{")
	v := login(t, o, Keyring, "a")
	wantNotice(t, notices, "damaged")
	if v.Info().CredentialID != "id-a" {
		t.Errorf("info %+v", v.Info())
	}
	put(t, o.Dirs.AccountFile(testAccount), `{"v":2}`)
	_, err = Create(t.Context(), o, testAccount, Keyring)
	wantErr(t, err, auth.Store, ErrNewer)
	wantErr(t, v.SaveLogin(t.Context(), testCredentials("b"), testToken("b")), auth.Store, ErrNewer)
}

func TestLoginKeepsNewerRecords(t *testing.T) {
	for _, item := range []Item{ItemCredentials, ItemToken} {
		o, keyring, _, _ := twoStores(t)
		v := login(t, o, Keyring, "a")
		keyring.records[Key{testAccount, item}] = []byte(`{"v":2}`)
		wantErr(t, v.SaveLogin(t.Context(), testCredentials("b"), testToken("b")), auth.Store, ErrNewer)
		if string(keyring.records[Key{testAccount, item}]) != `{"v":2}` {
			t.Error("a newer record was replaced")
		}
		// The hint says to log out, which works.
		if err := v.Delete(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
