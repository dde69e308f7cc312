package hauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

// vendorInMemory answers token requests without a network.
type vendorInMemory struct {
	requests atomic.Int32
	gate     chan struct{} // requests wait for it to be closed
	down     bool
}

func (v *vendorInMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	n := v.requests.Add(1)
	io.Copy(io.Discard, r.Body)
	select {
	case <-v.gate:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	text := fmt.Sprintf(`{"code":0,"message":"ok","data":{"accessToken":"token-%03d","expiredAt":"%s"}}`, n, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	if v.down {
		text = "<html>out of order</html>"
	}
	return &http.Response{
		StatusCode: 200, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}},
		Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)), Request: r,
	}, nil
}

// open opens the account, whose token is stored nowhere: so each call of the
// broker is a request.
func (v *vendorInMemory) open(t *testing.T) *hauth.Account {
	env := append(environ(t.TempDir(), "http://127.0.0.1:1"), "HAUTH_STORE=none")
	return openAt(t, &hauth.Client{
		Environ: env, HTTP: &http.Client{Transport: v},
		Waiting: func(hauth.Wait) func() { return nil }, // nobody wants to know when it ends
	})
}

// TestTokenSourceWaits: callers share a request and its failure, and each one
// waits no longer than its own context allows.
func TestTokenSourceWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vendorInMemory{gate: make(chan struct{}), down: true}
		account := v.open(t)
		var callers sync.WaitGroup
		for range 100 {
			callers.Go(func() {
				if _, err := sourceOf(account).Token(); !auth.Is(err, auth.Vendor) {
					t.Errorf("%v", err)
				}
			})
		}
		hurried := sourceOf(account)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		hurried.Context = short
		for range 2 { // before its end and after it
			if _, err := hurried.Token(); !auth.Is(err, auth.Interrupted) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("with a context that ends: %v", err)
			}
		}
		close(v.gate)
		callers.Wait()
		if n := v.requests.Load(); n != 1 {
			t.Errorf("%d token requests", n)
		}
	})
}

// TestTokenSourceAhead: a valid token is not waited for, and is returned as
// long as no other can be had.
func TestTokenSourceAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &vendorInMemory{gate: make(chan struct{})}
		close(v.gate)
		source := sourceOf(v.open(t))
		want := func(number, requests int) {
			t.Helper()
			begun := time.Now()
			token, err := source.Token()
			if err != nil || *token != fmt.Sprintf("token-%03d", number) || time.Since(begun) > 0 {
				t.Errorf("%v, %v after %s, want number %d", token, err, time.Since(begun), number)
			}
			synctest.Wait()
			if n := v.requests.Load(); int(n) != requests {
				t.Errorf("%d token requests, want %d", n, requests)
			}
		}
		want(1, 1)
		time.Sleep(56 * time.Minute)
		v.gate = make(chan struct{}) // the vendor hangs
		want(1, 2)
		want(1, 2)
		time.Sleep(31 * time.Second) // that request has failed
		want(1, 3)
		close(v.gate)
		synctest.Wait()
		want(3, 3)
	})
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
