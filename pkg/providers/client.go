package providers

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// Each phase of a request has its own bound, so that a host that accepts and
// then says nothing does not use up the whole.
const (
	dialTimeout   = 5 * time.Second
	tlsTimeout    = 5 * time.Second
	headerTimeout = 10 * time.Second
	maxHeader     = 64 << 10 // bytes
	maxAnswer     = 1 << 20  // bytes
)

// NewClient makes the HTTP client that an Engine uses: HTTP/1.1, no redirects,
// no compression, no connection kept, proxies as the environment says.
// Certificate authorities are the system's and those of the PEM files; empty
// names are passed over. An error is an *auth.Error of kind Usage.
func NewClient(caFiles ...string) (*http.Client, error) {
	roots, err := certificateAuthorities(caFiles)
	if err != nil {
		return nil, err
	}
	return &http.Client{
		CheckRedirect: noRedirect,
		Transport: &http.Transport{
			Proxy:                  proxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
			TLSHandshakeTimeout:    tlsTimeout,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // no HTTP/2 for one request
			ResponseHeaderTimeout:  headerTimeout,
			MaxResponseHeaderBytes: maxHeader,
			DisableKeepAlives:      true,
			DisableCompression:     true,
			OnProxyConnectResponse: proxyAnswer,
		},
	}, nil
}

// noRedirect: net/http would send a JSON body, secrets included, again to
// whatever host a 307 names.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// CheckAuthorities reports what is wrong with a PEM file of certificate
// authorities. An error is an *auth.Error of kind Usage.
func CheckAuthorities(file string) error {
	_, err := certificateAuthorities([]string{file})
	return err
}

// certificateAuthorities is nil, which means the system's, without files.
func certificateAuthorities(files []string) (*x509.CertPool, error) {
	var pool *x509.CertPool
	for _, file := range files {
		if file == "" {
			continue
		}
		pem, err := ReadAuthorities(file)
		if err != nil {
			return nil, &auth.Error{Kind: auth.Usage, Fact: "cannot read the file of certificate authorities", Remedy: auth.RemedyAuthorities, Err: err}
		}
		if pool == nil {
			if pool, err = x509.SystemCertPool(); err != nil {
				pool = x509.NewCertPool()
			}
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, &auth.Error{Kind: auth.Usage, Fact: "no PEM certificate in " + auth.Printable(file), Remedy: auth.RemedyAuthorities}
		}
	}
	return pool, nil
}

// maxAuthorities bounds a file of certificate authorities, in bytes. The usual
// bundles have less than 300 KB.
const maxAuthorities = 16 << 20

// ReadAuthorities reads a PEM file of certificate authorities. Its error does
// not name the file.
func ReadAuthorities(file string) ([]byte, error) {
	pem, err := disk.Read(disk.File{Path: file, Limit: maxAuthorities, Others: disk.MayChange, Links: true})
	return pem, text.WithoutPath(err)
}

// transport is the part of the Engine's client, or of a new one, that sends
// one request and follows nothing: a http.Client would look at Location
// before it asks whether to go there.
func (e *Engine) transport(caFile string) (http.RoundTripper, error) {
	client := e.Client
	if client == nil {
		var err error
		if client, err = NewClient(e.CAFile, caFile); err != nil {
			return nil, err
		}
	}
	if client.Transport == nil {
		return http.DefaultTransport, nil
	}
	return client.Transport, nil
}
