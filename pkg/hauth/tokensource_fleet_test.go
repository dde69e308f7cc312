package hauth_test

import (
	"fmt"
	"net"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

// redis serves a fleet's engine and returns its URL.
func redis(t *testing.T) string {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed; test/setup installs it")
	}
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	c := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", dir)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			conn.Close()
			return "redis://127.0.0.1:" + port + "/0"
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// TestTokenSourceInFleet: a token that another machine has replaced is not
// returned again, once this account has seen the new one. That does not depend
// on clocks: they are set back between the two.
func TestTokenSourceInFleet(t *testing.T) {
	fleet := redis(t)
	for name, more := range map[string][]string{"sealed cache": nil, "no cache": {"HAUTH_STORE=none"}} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t)
			var back atomic.Int64
			machine := func() *hauth.Account {
				return openAt(t, &hauth.Client{
					Environ: append(append(environ(t.TempDir(), a.URL), "HAUTH_FLEET="+fleet), more...),
					Now:     func() time.Time { return time.Now().Add(-time.Duration(back.Load())) },
				})
			}
			want := func(account *hauth.Account, number int) {
				t.Helper()
				if token, err := sourceOf(account).Token(); err != nil || *token != fmt.Sprintf("token-%03d", number) {
					t.Fatalf("not number %d; error %v", number, err)
				}
			}
			one, other := machine(), machine()
			want(one, 1)
			want(other, 1)
			dead, err := one.Token(t.Context(), broker.Want{})
			if err != nil {
				t.Fatal(err)
			}
			back.Store(int64(time.Second))
			another := broker.Want{IfSHA256: dead.Token.Value.SHA256()}
			for _, account := range []*hauth.Account{one, other} {
				if _, err := account.Token(t.Context(), another); err != nil {
					t.Fatal(err)
				}
				want(account, 2)
			}
		})
	}
}
