package providers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"syscall"

	"github.com/hauth/hauth/pkg/auth"
)

// unanswered names why there was no answer; again says that the connection
// failed, so that another may not. url.Error is taken apart first: its text
// holds the URL, and so perhaps the credentials.
func unanswered(ctx context.Context, err error, host string, secrets []auth.Secret) (_ error, again bool) {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	host = auth.Printable(host)
	if early := ended(ctx, err, host); early != nil {
		return early, false
	}
	var cause error
	if text := auth.Printable(withoutContent(err), secrets...); text != "" {
		cause = errors.New(text)
	}
	var refusal proxyRefusal
	switch {
	case errors.As(err, &refusal):
		remedy := auth.RemedyProxy
		if refusal.status == http.StatusProxyAuthRequired {
			remedy = auth.RemedyProxyUser
		}
		return &auth.Error{Kind: auth.Network, Fact: auth.Printable(refusal.Error(), secrets...), Remedy: remedy}, false
	case errors.Is(err, errProxy):
		return &auth.Error{Kind: auth.Usage, Fact: errProxy.Error(), Remedy: auth.RemedyProxy}, false
	case errors.Is(err, errProxyScheme):
		return &auth.Error{Kind: auth.Usage, Fact: errProxyScheme.Error(), Remedy: auth.RemedyProxy}, false
	case isTLS(err):
		return &auth.Error{
			Kind:   auth.Network,
			Fact:   fmt.Sprintf("TLS with %s failed", host),
			Remedy: auth.RemedyOwnAuthority,
			Err:    cause,
		}, false
	case isProxy(err):
		return &auth.Error{Kind: auth.Network, Fact: "no connection to the proxy", Remedy: auth.RemedyProxy, Retryable: true, Err: cause}, true
	case isConnection(err):
		return &auth.Error{Kind: auth.Network, Fact: "no connection to " + host, Retryable: true, Err: cause}, true
	}
	return &auth.Error{Kind: auth.Network, Fact: "no usable response from " + host, Err: cause}, false
}

// withoutContent is what net/http says of an answer that it cannot read,
// without the parts of the answer that it repeats: a server that forgets the
// line between headers and body has its token in there.
func withoutContent(err error) string {
	var malformed textproto.ProtocolError
	text := err.Error()
	if errors.As(err, &malformed) {
		text, _, _ = strings.Cut(malformed.Error(), ":")
	}
	if i := strings.IndexAny(text, "\"'`"); i >= 0 {
		text = text[:i]
	}
	return strings.TrimRight(text, " :;,")
}

// brokenOff is a failure while the answer was being read.
func brokenOff(ctx context.Context, err error, host string) error {
	host = auth.Printable(host)
	if early := ended(ctx, err, host); early != nil {
		return early
	}
	return &auth.Error{Kind: auth.Network, Fact: "connection to " + host + " lost while reading the response", Retryable: true}
}

// ended tells an interruption and time-outs from other failures.
func ended(ctx context.Context, err error, host string) error {
	var n net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return &auth.Error{Kind: auth.Interrupted, Fact: "interrupted while talking to " + host}
	case ctx.Err() != nil, errors.As(err, &n) && n.Timeout():
		return &auth.Error{Kind: auth.Network, Fact: "timed out waiting for " + host, Retryable: true}
	}
	return nil
}

func isTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) ||
		errors.Is(err, http.ErrSchemeMismatch) || handshake(err.Error())
}

// handshake reports failures for which crypto/tls has no type: what one side
// tells the other, and versions that do not meet.
func handshake(text string) bool {
	for _, begin := range []string{"tls: ", "remote error: tls: ", "local error: tls: "} {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	return false
}

// isProxy reports that there was no connection to the proxy of the environment.
func isProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}

func isConnection(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}

// redirected refuses an answer that sends us elsewhere.
func redirected(resp *http.Response, secrets []auth.Secret) error {
	to := ""
	location := resp.Header.Get("Location")
	if u, err := url.Parse(location); err == nil && u.Host != "" {
		host := u.Hostname()
		// Redacted before it is taken apart: a secret with a "/" in it begins in the
		// host and ends in the path.
		if whole := auth.Redact(location, secrets...); whole != auth.Redact(location) {
			_, host, _ = strings.Cut(whole, "//")
			host, _, _ = strings.Cut(host, "/")
		}
		to = " to " + auth.Printable(host, secrets...)
	}
	return &auth.Error{
		Kind:   auth.Network,
		Fact:   fmt.Sprintf("redirect refused: the vendor answered HTTP %d%s", resp.StatusCode, to),
		Remedy: auth.RemedyEndpoint,
	}
}
