package fleet

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// callPatience bounds one call over the network. A program may take longer.
const callPatience = 5 * time.Second

// unreachable is the error for a call that brought no answer. What TLS found
// wrong is a mistake; what the network did is an outage. The secrets are those
// that were sent.
func (t Target) unreachable(err error, p *peer, sent ...auth.Secret) error {
	if e, ok := auth.AsError(err); ok {
		return e
	}
	if why := tlsMistake(err, p); why != nil {
		return &auth.Error{
			Kind: auth.Store, Fact: "no TLS connection to the fleet engine " + t.String(), Err: why,
			Remedy: auth.RemedyEngineTLS, Subject: t.String(),
		}
	}
	return asEngineError(reason(err, sent...), t.String())
}

// tlsMistake is what is wrong with one end's certificate, or with TLS at all;
// nil if err says nothing of that.
func tlsMistake(err error, p *peer) error {
	var (
		remote  *net.OpError
		record  tls.RecordHeaderError
		untrue  *tls.CertificateVerificationError
		closing = wasReset(err) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF)
	)
	switch {
	case errors.As(err, &record):
		return errors.New("the server does not speak TLS")
	case errors.As(err, &untrue), errors.As(err, &remote) && remote.Op == "remote error":
		return printableError(err)
	}
	if why, ok := p.refusedOurs(); ok && closing {
		return errors.New(why)
	}
	return nil
}

// reason is the part of a network error that is worth showing; the address is
// named already.
func reason(err error, sent ...auth.Secret) error {
	var dns *net.DNSError
	var number syscall.Errno
	switch {
	case err == nil:
		return errors.New("the answer is not what the engine should send")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("no response in time")
	case errors.As(err, &dns) && dns.IsNotFound:
		return errors.New("no such host: " + auth.Printable(dns.Name))
	case errors.As(err, &number):
		return number
	}
	return printableError(err, sent...)
}

// printableError leaves out what was sent: a server may answer with it.
func printableError(err error, sent ...auth.Secret) error {
	return errors.New(auth.Printable(err.Error(), sent...))
}

// wasReset reports that the other end broke the connection. Windows has numbers
// of its own for that, and package syscall has the names of Unix there too.
func wasReset(err error) bool {
	const aborted, reset = syscall.Errno(10053), syscall.Errno(10054) // WSAECONNABORTED, WSAECONNRESET
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, aborted) || errors.Is(err, reset)
}

// unavailable is the error for an engine that says that it cannot serve now.
func (t Target) unavailable(said string) error {
	return asEngineError(errors.New(said), t.String())
}

// refused is the error for a login that the engine does not accept.
func (t Target) refused(said string) error {
	return &auth.Error{
		Kind: auth.Store, Fact: "the fleet engine " + t.String() + " refused the login", Err: errors.New(said),
		Remedy: auth.RemedyEngineLogin, Subject: t.String(),
	}
}

// lacksRights is the error for a login that may not do what hauth does.
func (t Target) lacksRights(said string) error {
	return &auth.Error{
		Kind: auth.Store, Fact: "the fleet engine " + t.String() + " does not permit what hauth does there", Err: errors.New(said),
		Remedy: auth.RemedyEngineRights, Subject: t.Rights(),
	}
}

// wrong is the error for an engine that is set up in a way that cannot work.
func (t Target) wrong(said string) error {
	form := schemes()[t.Scheme].form
	if t.Scheme == "exec" {
		form = "" // it is the program that must be written otherwise
	}
	return &auth.Error{
		Kind: auth.Store, Fact: "the fleet engine " + t.String() + " cannot be used", Err: errors.New(said),
		Remedy: auth.RemedyFleetURL, Subject: form,
	}
}
