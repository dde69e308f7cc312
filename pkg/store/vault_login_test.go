package store

import (
	"os"
	"strings"
	"testing"

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

// A login that fails, and says so, leaves what was there.
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

	// A keyring is no use while the account file cannot be written.
	o.disk = disk.Disk{Step: func(op, _ string) error {
		if op == "create" {
			return os.ErrPermission
		}
		return nil
	}}
	_, err = Create(t.Context(), o, testAccount, Keyring)
	wantErr(t, err, auth.Store, os.ErrPermission)
	o.disk = disk.Disk{}

	// Creating alone changes nothing.
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
		// Logging out is the way out that the hint names.
		if err := v.Delete(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
