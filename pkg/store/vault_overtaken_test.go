package store

import (
	"context"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// intercepted calls back before each write.
type intercepted struct {
	Backend
	onSet func(Key)
}

func (i *intercepted) Set(ctx context.Context, k Key, data []byte) error {
	i.onSet(k)
	return i.Backend.Set(ctx, k, data)
}

// While a token is saved, somebody logs in: without the lock, or on another
// host. The account is the login's then, whole, and nothing else is left.
func TestSaveTokenDoesNotUndoALoginMadeMeanwhile(t *testing.T) {
	for _, where := range []string{Keyring, File} {
		t.Run(where, func(t *testing.T) {
			o, keyring, file, _ := twoStores(t)
			login(t, o, Keyring, "a")
			done := false
			slow := o
			slow.Backends = table(func(name string) (Backend, error) {
				b, err := o.open(name)
				return &intercepted{b, func(k Key) {
					if !done && k.Item == ItemToken {
						done = true
						login(t, o, where, "b")
					}
				}}, err
			})
			late := testToken("a")
			late.Value, late.IssuedAt = auth.NewSecret("late"), late.IssuedAt.Add(time.Minute)
			wantErr(t, reopen(t, slow).SaveGrant(t.Context(), auth.Grant{Token: late}), auth.Store, nil)

			v := reopen(t, o)
			if i := v.Info(); i.Store != where || i.CredentialID != "id-b" || !i.IssuedAt.Equal(testTime) {
				t.Errorf("info %+v", i)
			}
			if c, err := v.Credentials(t.Context()); err != nil || !sameCredentials(c, testCredentials("b")) {
				t.Errorf("credentials %+v, %v", c, err)
			}
			switch tok, err := v.Token(t.Context()); {
			case where == Keyring && !auth.Is(err, auth.NotFound): // overwritten, which costs one exchange
				t.Errorf("token %+v, %v", tok, err)
			case where == File && (err != nil || !sameToken(tok, testToken("b"))):
				t.Errorf("token %+v, %v", tok, err)
			}
			if n := len(keyring.records) + len(file.records); n != 2 {
				t.Errorf("%d records", n)
			}
		})
	}
}

// A login killed before its account file is completed by the next token; two
// that do so at once do not take each other for a login.
func TestSaveTokenTwiceCompletesAKilledLogin(t *testing.T) {
	o, keyring, _, _ := twoStores(t)
	login(t, o, Keyring, "a")
	later := testTime.Add(24 * time.Hour)
	credentials, err := encodeCredentials(testAccount, savedCredentials{testCredentials("b"), later})
	noError(t, err)
	keyring.records[Key{testAccount, ItemCredentials}] = credentials
	done := false
	slow := o
	slow.Backends = table(func(string) (Backend, error) {
		return &intercepted{keyring, func(Key) {
			if !done {
				done = true
				if err := reopen(t, o).SaveGrant(t.Context(), auth.Grant{Token: testToken("b")}); err != nil {
					t.Error(err)
				}
			}
		}}, nil
	})
	if err := reopen(t, slow).SaveGrant(t.Context(), auth.Grant{Token: testToken("b")}); err != nil || !done {
		t.Fatal(err)
	}
	wantLogin(t, reopen(t, o), "b")
	// All that the account file repeats is the new login's.
	if i := reopen(t, o).Info(); !i.credentialsAt.Equal(later) || i.Endpoint != testCredentials("b").Endpoint {
		t.Errorf("info %+v", i)
	}
}
