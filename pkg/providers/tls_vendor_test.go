package providers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// TestCertificates: with any doubt about who is there, nothing is sent, and
// no file of authorities mends a certificate that is wrong in itself.
func TestCertificates(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	for name, test := range map[string]struct {
		cert   tls.Certificate
		change func(*tls.Config)
		caFile string
		good   bool
		says   string
	}{
		"good":                 {cert: ours.issue(t, nil), caFile: ours.file, good: true},
		"good, TLS 1.2":        {cert: ours.issue(t, nil), caFile: ours.file, good: true, change: func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }},
		"unknown authority":    {cert: ours.issue(t, nil), says: "unknown authority"},
		"another's authority":  {cert: theirs.issue(t, nil), caFile: ours.file, says: "certificate"},
		"self-signed":          {cert: selfSigned(t), says: "unknown authority"},
		"self-signed, trusted": {cert: selfSigned(t), caFile: ours.file, says: "certificate"},
		"expired":              {cert: ours.issue(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }), caFile: ours.file, says: "expired"},
		"not valid yet":        {cert: ours.issue(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }), caFile: ours.file, says: "not yet valid"},
		"another host":         {cert: ours.issue(t, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"evil.example"} }), caFile: ours.file, says: "127.0.0.1"},
		"another address":      {cert: ours.issue(t, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 2)} }), caFile: ours.file, says: "127.0.0.1"},
		"the host as a name":   {cert: ours.issue(t, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"127.0.0.1"} }), caFile: ours.file, says: "127.0.0.1"},
		"common name alone":    {cert: ours.issue(t, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames, c.Subject.CommonName = nil, nil, "127.0.0.1" }), caFile: ours.file, says: "127.0.0.1"},
		"for clients only":     {cert: ours.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), caFile: ours.file, says: "key usage"},
		"hostile names": {cert: ours.issue(t, func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames = nil, []string{"::set-output.example", "##vso[x"}
		}), caFile: ours.file, says: "127.0.0.1"},
		"TLS 1.1 at most":        {cert: ours.issue(t, nil), caFile: ours.file, says: "protocol version", change: func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }},
		"TLS 1.0 alone":          {cert: ours.issue(t, nil), caFile: ours.file, says: "protocol version", change: func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 }},
		"wants a certificate":    {cert: ours.issue(t, nil), caFile: ours.file, says: "certificate required", change: func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }},
		"speaks HTTP/2 as well":  {cert: ours.issue(t, nil), caFile: ours.file, good: true, change: func(c *tls.Config) { c.NextProtos = []string{"h2", "http/1.1"} }},
		"speaks HTTP/2 and less": {cert: ours.issue(t, nil), caFile: ours.file, good: true, change: func(c *tls.Config) { c.NextProtos = []string{"h2"} }},
	} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if r.ProtoMajor != 1 {
					t.Errorf("%s", r.Proto)
				}
				io.WriteString(w, goodBody)
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes that we refuse
			server.TLS = &tls.Config{Certificates: []tls.Certificate{test.cert}}
			if test.change != nil {
				test.change(server.TLS)
			}
			server.StartTLS()
			defer server.Close()
			e, creds := live(t, server.URL)
			creds.CAFile = test.caFile
			_, err := e.Exchange(t.Context(), creds)
			if test.good {
				if err != nil || requests.Load() != 1 {
					t.Errorf("%v, %d requests", err, requests.Load())
				}
				return
			}
			a, ok := auth.AsError(err)
			if !ok || a.Kind != auth.Network || a.Retryable || !strings.HasPrefix(a.Fact, "TLS with 127.0.0.1") {
				t.Fatal(err)
			}
			if says := test.says; !strings.Contains(a.Error(), says) && !(name == "wants a certificate" && strings.Contains(a.Error(), "tls: ")) {
				t.Errorf("%v does not say %q", a, says)
			}
			harmless(t, a.Error(), a.Subject)
			if n := requests.Load(); n != 0 {
				t.Errorf("the secret was sent, %d times", n)
			}
		})
	}
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	a := newAuthority(t)
	a.cert.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	return a.issue(t, func(c *x509.Certificate) { c.Subject = a.cert.Subject })
}

// TestHandshakes: what is no TLS, or stops in the middle of it, is named as
// such within five seconds. Alerts once counted as failed connections, and
// were tried again.
func TestHandshakes(t *testing.T) {
	for name, test := range map[string]struct {
		serve    func(net.Conn)
		op       string
		requests int
		within   time.Duration
	}{
		"alert: protocol version":  {answerTLS("\x15\x03\x01\x00\x02\x02\x46"), "TLS with vendor.example failed", 1, 0},
		"alert: handshake failure": {answerTLS("\x15\x03\x03\x00\x02\x02\x28"), "TLS with vendor.example failed", 1, 0},
		"alert: unrecognised name": {answerTLS("\x15\x03\x03\x00\x02\x02\x70"), "TLS with vendor.example failed", 1, 0},
		"SSL 3":                    {answerTLS("\x15\x03\x00\x00\x02\x02\x46"), "TLS with vendor.example failed", 1, 0},
		"hello in TLS 1.1":         {answerTLS("\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02" + strings.Repeat("r", 32) + "\x00\x00\x2f\x00"), "TLS with vendor.example failed", 1, 0},
		"plain HTTP":               {answerTLS("HTTP/1.1 400 Bad Request\r\n\r\n"), "TLS with vendor.example failed", 1, 0},
		"SSH":                      {answerTLS("SSH-2.0-OpenSSH_9.9\r\n"), "TLS with vendor.example failed", 1, 0},
		"a record too large":       {answerTLS("\x16\x03\x03\xff\xff" + strings.Repeat("x", 1<<16)), "TLS with vendor.example failed", 1, 0},
		"application data":         {answerTLS("\x17\x03\x03\x00\x05hello"), "TLS with vendor.example failed", 1, 0},
		"close":                    {answerTLS(""), "no connection to vendor.example", 2, time.Second},
		"close in a record":        {answerTLS("\x16\x03\x03\x00\x2a\x02"), "no connection to vendor.example", 2, time.Second},
		"silence":                  {func(conn net.Conn) { io.Copy(io.Discard, conn) }, "timed out waiting for vendor.example", 1, tlsTimeout},
		"drip": {func(conn net.Conn) {
			go io.Copy(io.Discard, conn)
			for {
				if _, err := conn.Write([]byte{0x16}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}, "TLS with vendor.example failed", 1, tlsTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, creds := live(t, "https://vendor.example")
				client, err := NewClient()
				if err != nil {
					t.Fatal(err)
				}
				connections := 0
				transport := client.Transport.(*http.Transport)
				transport.Proxy = nil
				transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
					connections++
					ours, theirs := net.Pipe()
					go func() {
						defer theirs.Close()
						test.serve(theirs)
					}()
					return ours, nil
				}
				e.Client, e.Timeout = client, 0
				start := time.Now()
				_, err = e.Exchange(t.Context(), creds)
				a, ok := auth.AsError(err)
				if !ok || a.Kind != auth.Network || a.Fact != test.op || connections != test.requests {
					t.Errorf("%d connections: %v", connections, err)
				}
				if took := time.Since(start); took > test.within {
					t.Errorf("after %v", took)
				}
				harmless(t, a.Error(), a.Subject)
				time.Sleep(10 * time.Second) // for the vendor to notice
			})
		})
	}
}

// answerTLS waits for the first record and sends text.
func answerTLS(text string) func(net.Conn) {
	return func(conn net.Conn) {
		head := make([]byte, 5)
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, conn, int64(head[3])<<8|int64(head[4])); err != nil {
			return
		}
		go io.Copy(io.Discard, conn)
		io.WriteString(conn, text)
	}
}

// TestNamesThatDoNotResolve: one more try, then a fact that names the host.
func TestNamesThatDoNotResolve(t *testing.T) {
	for _, test := range []struct {
		err   error
		op    string
		tries int
	}{
		{&net.DNSError{Err: "no such host", Name: "vendor.example", IsNotFound: true}, "no connection to vendor.example", 2},
		{&net.DNSError{Err: "server misbehaving", Name: "vendor.example", Server: "127.0.0.53:53", IsTemporary: true}, "no connection to vendor.example", 2},
		{&net.DNSError{Err: "i/o timeout", Name: "vendor.example", IsTimeout: true}, "timed out waiting for vendor.example", 1},
		{&net.AddrError{Err: "missing port", Addr: "::set-output name=x::"}, "no connection to vendor.example", 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			e, creds := live(t, "https://vendor.example")
			client, err := NewClient()
			if err != nil {
				t.Fatal(err)
			}
			tries := 0
			transport := client.Transport.(*http.Transport)
			transport.Proxy = nil
			transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
				tries++
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: test.err}
			}
			e.Client = client
			_, err = e.Exchange(t.Context(), creds)
			a, ok := auth.AsError(err)
			if !ok || a.Kind != auth.Network || !a.Retryable || a.Fact != test.op || tries != test.tries || errors.Is(err, test.err) {
				t.Errorf("%d tries: %v", tries, err)
			}
			harmless(t, a.Error())
		})
	}
}
