package hauth_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

// sourceOf is a TokenSource of plain text for the account.
func sourceOf(account *hauth.Account) hauth.TokenSource[string] {
	return hauth.TokenSource[string]{Account: account, Convert: func(t auth.Token) *string { return new(t.Value.Reveal()) }}
}

func openAt(t *testing.T, c *hauth.Client) *hauth.Account {
	t.Helper()
	account, err := c.Open("123pan")
	if err != nil {
		t.Fatal(err)
	}
	return account
}

// TestTokenSourceWaits: callers wait for the vendor as processes do: each ends
// with its own context, and all share a failure.
func TestTokenSourceWaits(t *testing.T) {
	a := newAPI(t)
	gate := make(chan struct{})
	open := sync.OnceFunc(func() { close(gate) })
	defer open() // else the server would not close
	a.set(func() { a.gate, a.refuse = gate, "<html>out of order</html>" })
	waiting := make(chan struct{}, 100)
	c := &hauth.Client{Environ: environ(t.TempDir(), a.URL), Waiting: func(on hauth.Wait) func() {
		if !on.Vendor {
			waiting <- struct{}{}
		}
		return nil // nobody wants to know when it ends
	}}
	account := openAt(t, c)
	var callers sync.WaitGroup
	for range 3 {
		callers.Go(func() {
			if _, err := sourceOf(account).Token(); !auth.Is(err, auth.Vendor) {
				t.Errorf("%v", err)
			}
		})
	}
	for range 3 {
		select {
		case <-waiting:
		case <-time.After(10 * time.Second):
			t.Fatal("a caller does not begin before another one has ended")
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	hurried := sourceOf(account)
	hurried.Context = ended
	if _, err := hurried.Token(); !auth.Is(err, auth.Interrupted) {
		t.Errorf("with a context that has ended: %v", err)
	}
	open()
	callers.Wait()
	if n := a.count(); n != 1 {
		t.Errorf("%d token requests", n)
	}
}

// TestTokenSourceChanges: a token that was replaced is not returned again,
// wherever it is kept and whoever has replaced it.
func TestTokenSourceChanges(t *testing.T) {
	for name, more := range map[string][]string{"sealed cache": nil, "no cache": {"HAUTH_STORE=none"}} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			c := &hauth.Client{Environ: append(environ(t.TempDir(), a.URL), more...)}
			account := openAt(t, c)
			want := func(number int) string {
				t.Helper()
				for range 2 {
					token, err := sourceOf(account).Token()
					if err != nil || *token != fmt.Sprintf("token-%03d", number) {
						t.Fatalf("%v, %v, want number %d", token, err, number)
					}
				}
				return auth.NewSecret(fmt.Sprintf("token-%03d", number)).SHA256()
			}
			if _, err := account.Token(t.Context(), broker.Want{IfSHA256: want(1)}); err != nil {
				t.Fatal(err)
			}
			dead := want(2)
			if more == nil {
				if _, err := openAt(t, c).Token(t.Context(), broker.Want{IfSHA256: dead}); err != nil {
					t.Fatal(err)
				}
				want(3)
			}
		})
	}
}

// TestSkewNamesAccount: its errors do so as all others of an account's.
func TestSkewNamesAccount(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := openAt(t, client()).Skew(ended); err == nil || !strings.HasPrefix(err.Error(), "123pan: ") {
		t.Errorf("%v", err)
	}
}
