package providers

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// TestSkewTrustsTheAccountsAuthorities: a vendor behind a private authority,
// which the account's own file names, could be logged in to, but its clock
// was not to be had.
func TestSkewTrustsTheAccountsAuthorities(t *testing.T) {
	ca := newAuthority(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{ca.issue(t, nil)}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the refused handshake
	server.StartTLS()
	defer server.Close()
	e := &Engine{}
	if skew, err := e.Skew(t.Context(), server.URL, ca.file); err != nil || skew.Abs() > maxSkew {
		t.Errorf("%v, %v", skew, err)
	}
	if _, err := e.Skew(t.Context(), server.URL, ""); err == nil {
		t.Error("an unknown authority is trusted")
	}
	if _, err := e.Skew(t.Context(), server.URL, ca.file+".gone"); !auth.Is(err, auth.Usage) {
		t.Error(err)
	}
}
