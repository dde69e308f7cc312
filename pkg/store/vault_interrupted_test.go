package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// strict does nothing for a caller whose context has ended, as the keyring.
type strict struct{ Backend }

func (s strict) Get(ctx context.Context, k Key) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, interrupted(ctx)
	}
	return s.Backend.Get(ctx, k)
}

func (s strict) Set(ctx context.Context, k Key, data []byte) error {
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	return s.Backend.Set(ctx, k, data)
}

func (s strict) Delete(ctx context.Context, k Key) error {
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	return s.Backend.Delete(ctx, k)
}

func interrupted(ctx context.Context) error {
	return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted", Err: ctx.Err()}
}

// Ctrl-C between any two steps of a login leaves the old account or the new
// one, never credentials of one and the account file of the other.
func TestLoginInterruptedLeavesOneAccountWhole(t *testing.T) {
	for _, existing := range []bool{false, true} {
		for at := 1; ; at++ {
			o, keyring, _, _ := twoStores(t)
			if existing {
				login(t, o, Keyring, "a")
			}
			o.Backends = table(func(string) (Backend, error) { return strict{keyring}, nil })
			v, err := Create(t.Context(), o, testAccount, Keyring)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			steps := 0
			keyring.fail = func(string, Key) error {
				if steps++; steps == at {
					cancel()
				}
				return nil
			}
			saveErr := v.SaveLogin(ctx, testCredentials("b"), testToken("b"))
			cancel()
			keyring.fail = nil
			if saveErr != nil && !auth.Is(saveErr, auth.Interrupted) {
				t.Fatalf("existing %v, step %d: %v", existing, at, saveErr)
			}
			want := "b"
			if saveErr != nil {
				want = "a"
			}
			if saveErr != nil && !existing {
				if _, err := Read(o.Dirs, testAccount); !auth.Is(err, auth.NotFound) || len(keyring.records) > 0 || len(files(t, o.Dirs.Data)) > 0 {
					t.Errorf("step %d left %d records, %q, %v", at, len(keyring.records), files(t, o.Dirs.Data), err)
				}
			} else {
				wantLogin(t, reopen(t, o), want)
			}
			if steps < at {
				break
			}
		}
	}
}

// A write can fail after its commit, when the directory cannot be synced or
// the keyring's answer is lost: what it replaced is put back all the same.
func TestLoginFailureAfterTheCommitRestores(t *testing.T) {
	for _, item := range []Item{ItemCredentials, ItemToken} {
		o, keyring, _, _ := twoStores(t)
		login(t, o, Keyring, "a")
		failed := false
		o.Backends = table(func(string) (Backend, error) {
			return &afterwards{keyring, func(k Key) error {
				if k == (Key{testAccount, item}) && !failed {
					failed = true
					return errBroken
				}
				return nil
			}}, nil
		})
		wantErr(t, reopen(t, o).SaveLogin(t.Context(), testCredentials("b"), testToken("b")), auth.Store, ErrTimeout)
		wantLogin(t, reopen(t, o), "a")
	}
	// The real file store.
	o, _ := testOptions(t)
	login(t, o, File, "a")
	failed := false
	failing := disk.Disk{Step: func(op, path string) error {
		if op == "syncdir" && strings.HasSuffix(path, "records") && !failed {
			failed = true
			return errors.New("input/output error")
		}
		return nil
	}}
	working := o.Backends
	o.Backends = table(func(string) (Backend, error) { return newAgeFile(o.Dirs, noEnv, failing) })
	wantErr(t, reopen(t, o).SaveLogin(t.Context(), testCredentials("b"), testToken("b")), auth.Store, nil)
	o.Backends = working
	wantLogin(t, reopen(t, o), "a")
}

// afterwards fails writes that have been made.
type afterwards struct {
	Backend
	fail func(Key) error
}

func (a *afterwards) Set(ctx context.Context, k Key, data []byte) error {
	if err := a.Backend.Set(ctx, k, data); err != nil {
		return err
	}
	return a.fail(k)
}

// wantLogin checks that the account is login n's, whole.
func wantLogin(t *testing.T, v *Vault, n string) {
	t.Helper()
	if i := v.Info(); i.CredentialID != "id-"+n {
		t.Errorf("account file of %s, want id-%s", i.CredentialID, n)
	}
	if c, err := v.Credentials(t.Context()); err != nil || !sameCredentials(c, testCredentials(n)) {
		t.Errorf("credentials %s, %v, want id-%s", c.ID, err, n)
	}
	if tok, err := v.Token(t.Context()); err != nil || !sameToken(tok, testToken(n)) {
		t.Errorf("token of %s, %v, want id-%s", tok.CredentialID, err, n)
	}
}

func TestCreateEndsWithItsContext(t *testing.T) {
	o, keyring, _, _ := twoStores(t)
	o.Backends = table(func(string) (Backend, error) { return strict{keyring}, nil })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Create(ctx, o, testAccount, Keyring); !auth.Is(err, auth.Interrupted) {
		t.Errorf("error %v", err)
	}
	if len(keyring.records) > 0 || len(files(t, o.Dirs.Config)) != 1 {
		t.Errorf("%d records, files %q", len(keyring.records), files(t, o.Dirs.Config))
	}
}
