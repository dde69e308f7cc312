package hauth

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/broker"
)

// TestFlights: requests share a flight only if their account has been opened
// once: after another login the token belongs elsewhere.
func TestFlights(t *testing.T) {
	c := &Client{Environ: Environ{
		"HAUTH_HOME=" + t.TempDir(), "HAUTH_123PAN_ENDPOINT=http://127.0.0.1:1",
		"HAUTH_123PAN_CLIENT_ID=id", "HAUTH_123PAN_CLIENT_SECRET=a secret that is long enough",
	}}
	s := &session{client: c, name: "123pan"}
	var flights []*flight
	for range 2 {
		account, err := c.Open("123pan")
		if err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		flights = append(flights, s.fly(account, broker.Want{}), s.fly(account, broker.Want{}))
		if s.fly(account, broker.Want{IfSHA256: "x"}) == flights[0] {
			t.Error("different wants share a flight")
		}
		if len(flights) == 4 && (flights[0] != flights[1] || flights[2] != flights[3] || flights[0] == flights[2]) {
			t.Errorf("flights: %p", flights)
		}
		s.mu.Unlock()
	}
	s.settle(t.Context())
}

// TestDropStalled: a response that nobody reads, and that does not end, does
// not hold its connection for ever.
func TestDropStalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		drop(&http.Response{Body: r})
		if _, err := io.WriteString(w, "begin"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(peekWait + 1)
		if _, err := io.WriteString(w, "more"); err != io.ErrClosedPipe {
			t.Errorf("not closed: %v", err)
		}
	})
}
