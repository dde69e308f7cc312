package store

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

// The file system dies after each step in turn: what was there, or what was
// to be there, can be read, and the next save succeeds.
func TestCrash(t *testing.T) {
	t.Parallel() // it waits for the disk
	second := testToken("a")
	second.Value = auth.NewSecret("second")
	for name, c := range map[string]struct {
		do     func(context.Context, *Vault) error
		tokens []auth.Token
		ids    []string
		gone   bool // the end may be no account at all
	}{
		"SaveToken": {
			do:     func(ctx context.Context, v *Vault) error { return v.SaveGrant(ctx, auth.Grant{Token: second}) },
			tokens: []auth.Token{testToken("a"), second}, ids: []string{"id-a"},
		},
		"SaveLogin": {
			do: func(ctx context.Context, v *Vault) error {
				return v.SaveLogin(ctx, testCredentials("b"), testToken("b"))
			},
			tokens: []auth.Token{testToken("a"), testToken("b"), {}}, ids: []string{"id-a", "id-b"},
		},
		"Delete": {
			do:     func(ctx context.Context, v *Vault) error { return v.Delete(ctx) },
			tokens: []auth.Token{testToken("a")}, ids: []string{"id-a"}, gone: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for n := 0; ; n++ {
				o, _ := testOptions(t)
				login(t, o, File, "a")
				alive := o.Backends
				steps := &crash{after: n}
				dying := o
				dying.disk = disk.Disk{Step: steps.step}
				dying.Backends = table(func(string) (Backend, error) { return newAgeFile(o.Dirs, noEnv, dying.disk) })
				err := c.do(t.Context(), reopen(t, dying))
				o.Backends = alive

				v, openErr := Open(o, testAccount)
				if openErr != nil {
					if !c.gone || !auth.Is(openErr, auth.NotFound) {
						t.Fatalf("step %d: %v", n, openErr)
					}
					checkRemains(t, n, o)
				} else {
					checkSurvivor(t, n, o, v, c.tokens, c.ids)
				}
				if err == nil && len(steps.done) < n {
					break
				}
			}
		})
	}
}

func checkSurvivor(t *testing.T, n int, o Options, v *Vault, tokens []auth.Token, ids []string) {
	t.Helper()
	tok, err := v.Token(t.Context())
	if err != nil && !auth.Is(err, auth.NotFound) || !slices.ContainsFunc(tokens, func(want auth.Token) bool { return sameToken(tok, want) }) {
		t.Fatalf("step %d: token %+v, %v", n, tok, err)
	}
	c, err := v.Credentials(t.Context())
	if err != nil || !slices.Contains(ids, c.ID) {
		t.Fatalf("step %d: credentials %+v, %v", n, c, err)
	}
	// A new token of the stored credentials makes the files consistent.
	fresh := testToken("fresh")
	fresh.Endpoint, fresh.CredentialID = c.Endpoint, c.ID
	if err := v.SaveGrant(t.Context(), auth.Grant{Token: fresh}); err != nil {
		t.Fatalf("step %d: saving again: %v", n, err)
	}
	if tok, err := reopen(t, o).Token(t.Context()); err != nil || !sameToken(tok, fresh) {
		t.Fatalf("step %d: saved again, read %+v, %v", n, tok, err)
	}
}

// Readers take no lock: while records are replaced they see a complete one.
func TestReadersSeeWholeRecords(t *testing.T) {
	t.Parallel() // it waits for the disk
	o, _ := testOptions(t)
	writer := login(t, o, File, "a")
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				v, err := Open(o, testAccount)
				if err != nil {
					t.Error(err)
					return
				}
				if tok, err := v.Token(t.Context()); err != nil || !strings.HasPrefix(tok.Value.Reveal(), "token") {
					t.Errorf("token %+v, %v", tok, err)
					return
				}
			}
		})
	}
	for n := range 50 {
		tok := testToken("a")
		tok.Value = auth.NewSecret("token" + strings.Repeat("x", n*100))
		if err := writer.SaveGrant(t.Context(), auth.Grant{Token: tok}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}
