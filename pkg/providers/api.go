package providers

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// expectTimeout is how long a request with "Expect: 100-continue" waits before
// its body is sent all the same.
const expectTimeout = time.Second

// NewAPITransport makes the transport for calls of a vendor's API: HTTP/2
// where the vendor has it, connections kept, no compression of its own, no
// bound on how long an answer takes, proxies as the environment says.
// Certificate authorities are as for [NewClient].
func NewAPITransport(caFiles ...string) (*http.Transport, error) {
	roots, err := certificateAuthorities(caFiles)
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:                  proxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSHandshakeTimeout:    tlsTimeout,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true, // a TLSClientConfig of one's own turns it off
		ExpectContinueTimeout:  expectTimeout,
		MaxResponseHeaderBytes: 4 * maxHeader,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		DisableCompression:     true,
		OnProxyConnectResponse: proxyAnswer,
	}, nil
}

// TransportError names why an API call to host had no answer. The text of err
// is not repeated as it is: it may quote what the host sent. An error is an
// *auth.Error.
func TransportError(ctx context.Context, err error, host string, secrets ...auth.Secret) error {
	named, _ := unanswered(ctx, err, host, secrets)
	return named
}
