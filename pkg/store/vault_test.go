package store

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// twoStores are options on two backends in memory.
func twoStores(t *testing.T) (o Options, keyring, file *memory, notices *[]string) {
	t.Helper()
	o, notices = testOptions(t)
	keyring, file = &memory{}, &memory{}
	o.Backends = table(func(name string) (Backend, error) {
		return map[string]Backend{Keyring: keyring, File: file}[name], nil
	})
	return o, keyring, file, notices
}

var errBroken = &auth.Error{Kind: auth.Store, Fact: "the keyring does not answer", Err: ErrTimeout, Remedy: auth.RemedyDoctor}

func TestVaultRoundTrip(t *testing.T) {
	o, notices := testOptions(t)
	if _, err := Open(o, testAccount); !auth.Is(err, auth.NotFound) {
		t.Fatalf("before login: %v", err)
	}
	v := login(t, o, File, "a")
	if tok, err := v.Token(t.Context()); err != nil || !sameToken(tok, testToken("a")) {
		t.Errorf("token %+v, %v", tok, err)
	}
	if c, err := v.Credentials(t.Context()); err != nil || !sameCredentials(c, testCredentials("a")) {
		t.Errorf("credentials %+v, %v", c, err)
	}
	tok := testToken("a")
	tok.Value, tok.ExpiresAt = auth.NewSecret("second"), tok.ExpiresAt.AddDate(0, 1, 0)
	if err := v.SaveGrant(t.Context(), auth.Grant{Token: tok}); err != nil {
		t.Fatal(err)
	}
	v = reopen(t, o)
	if got, err := v.Token(t.Context()); err != nil || !sameToken(got, tok) {
		t.Errorf("token %+v, %v", got, err)
	}
	want := Info{
		Account: testAccount, Store: File, Endpoint: "https://a.example.com", CredentialID: "id-a", SpecSHA256: "5eed", CAFile: "/etc/ca.pem",
		CreatedAt: testTime, credentialsAt: testTime, IssuedAt: testTime, ExpiresAt: tok.ExpiresAt, Source: auth.SourceField,
	}
	if got := v.Info(); got != want {
		t.Errorf("info %+v, want %+v", got, want)
	}
	if err := v.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := files(t, o.Dirs.Data); len(got) != 0 {
		t.Errorf("left %q", got)
	}
	if _, err := v.Token(t.Context()); !auth.Is(err, auth.NotFound) {
		t.Errorf("token after logout: %v", err)
	}
	if _, err := v.Credentials(t.Context()); !auth.Is(err, auth.NotFound) {
		t.Errorf("credentials after logout: %v", err)
	}
	wantErr(t, v.Delete(t.Context()), auth.NotFound, nil)
	if len(*notices) > 0 {
		t.Errorf("notices %q", *notices)
	}
}

// "Absent" and "broken" are different errors, always.
func TestTokenErrors(t *testing.T) {
	token := Key{testAccount, ItemToken}
	other := func(change func(*auth.Token)) string {
		tok := testToken("a")
		change(&tok)
		data, _ := encodeToken(testAccount, tok)
		return string(data)
	}
	for name, c := range map[string]struct {
		record string // empty: none
		fail   error
		kind   auth.Kind
		cause  error
		notice string
	}{
		"absent":         {kind: auth.NotFound, cause: ErrNotFound},
		"damaged":        {record: "{", kind: auth.NotFound, cause: ErrUnreadable, notice: "ignoring the stored token"},
		"newer":          {record: `{"v":2}`, kind: auth.NotFound, cause: ErrNewer, notice: "newer version"},
		"other endpoint": {record: other(func(t *auth.Token) { t.Endpoint = "https://b" }), kind: auth.NotFound},
		"other id":       {record: other(func(t *auth.Token) { t.CredentialID = "id-b" }), kind: auth.NotFound},
		"broken":         {fail: errBroken, kind: auth.Store, cause: ErrTimeout},
		"unreadable": {fail: &auth.Error{Kind: auth.Store, Fact: "cannot open F", Err: ErrUnreadable},
			kind: auth.NotFound, cause: ErrUnreadable, notice: "cannot open F"},
	} {
		t.Run(name, func(t *testing.T) {
			o, keyring, _, notices := twoStores(t)
			v := login(t, o, Keyring, "a")
			delete(keyring.records, token)
			if c.record != "" {
				keyring.records[token] = []byte(c.record)
			}
			keyring.fail = func(string, Key) error { return c.fail }
			if c.fail == nil {
				keyring.fail = nil
			}
			for range 2 {
				_, err := v.Token(t.Context())
				wantErr(t, err, c.kind, c.cause)
			}
			if c.notice != "" {
				wantNotice(t, notices, c.notice)
			} else if len(*notices) > 0 {
				t.Errorf("notices %q", *notices)
			}
			if c.kind == auth.Store {
				return
			}
			keyring.fail = nil
			err := v.SaveGrant(t.Context(), auth.Grant{Token: testToken("a")})
			if name == "newer" {
				wantErr(t, err, auth.Store, ErrNewer)
				if string(keyring.records[token]) != c.record {
					t.Error("a newer record was replaced")
				}
			} else if tok, readErr := v.Token(t.Context()); err != nil || readErr != nil || !sameToken(tok, testToken("a")) {
				t.Errorf("after saving: %v, %+v, %v", err, tok, readErr)
			}
		})
	}
}

func TestCredentialsErrors(t *testing.T) {
	credentials := Key{testAccount, ItemCredentials}
	for name, c := range map[string]struct {
		record string
		fail   error
		cause  error
		fact   string
	}{
		"absent":  {cause: ErrNotFound, fact: "missing from the store keyring"},
		"damaged": {record: "{", cause: ErrUnreadable, fact: "cannot read the credentials in the store keyring"},
		"newer":   {record: `{"v":2}`, cause: ErrNewer, fact: "newer"},
		"broken":  {fail: errBroken, cause: ErrTimeout, fact: "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			o, keyring, _, _ := twoStores(t)
			v := login(t, o, Keyring, "a")
			delete(keyring.records, credentials)
			if c.record != "" {
				keyring.records[credentials] = []byte(c.record)
			}
			if c.fail != nil {
				keyring.fail = func(string, Key) error { return c.fail }
			}
			_, err := v.Credentials(t.Context())
			wantErr(t, err, auth.Store, c.cause)
			if !strings.Contains(err.Error(), c.fact) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A token that was fetched while someone logged out, or in anew, is not kept.
func TestSaveTokenTooLate(t *testing.T) {
	t.Run("logged out", func(t *testing.T) {
		o, _ := testOptions(t)
		v := login(t, o, File, "a")
		if err := reopen(t, o).Delete(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantErr(t, v.SaveGrant(t.Context(), auth.Grant{Token: testToken("a")}), auth.NotFound, nil)
		if got := files(t, o.Dirs.Data); len(got) > 0 {
			t.Errorf("left %q", got)
		}
	})
	t.Run("logged in anew", func(t *testing.T) {
		o, _, _, _ := twoStores(t)
		v := login(t, o, Keyring, "a")
		login(t, o, File, "b")
		wantErr(t, v.SaveGrant(t.Context(), auth.Grant{Token: testToken("a")}), auth.Store, nil)
		if tok, err := v.Token(t.Context()); err != nil || !sameToken(tok, testToken("b")) {
			t.Errorf("token %+v, %v", tok, err)
		}
	})
}

func TestDeleteKeepsTheAccountFileWhileRecordsAreLeft(t *testing.T) {
	for _, item := range []Item{ItemCredentials, ItemToken} {
		o, keyring, _, _ := twoStores(t)
		v := login(t, o, Keyring, "a")
		keyring.fail = func(op string, k Key) error {
			if op == "delete" && k.Item == item {
				return errBroken
			}
			return nil
		}
		wantErr(t, v.Delete(t.Context()), auth.Store, ErrTimeout)
		keyring.fail = nil
		if err := reopen(t, o).Delete(t.Context()); err != nil || len(keyring.records) != 0 {
			t.Errorf("again: %v, %d records", err, len(keyring.records))
		}
	}
}

func TestDeleteKeepsTheLockFile(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	unlock, err := v.Lock(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if err := errors.Join(v.SaveAttempt(testAttempt()), v.Delete(t.Context())); err != nil {
		t.Fatal(err)
	}
	if got := files(t, o.Dirs.State); !slices.Equal(got, []string{"locks/123pan@default.lock"}) {
		t.Errorf("left %q", got)
	}
}
