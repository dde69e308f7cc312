package fleet

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// tlsConfig reads the files that the URL names. The system's authorities count
// as well.
func (t Target) tlsConfig(p *peer) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, VerifyConnection: p.verified, GetClientCertificate: p.certificate}
	ca, err := t.file("ca-file")
	if err != nil {
		return nil, err
	}
	if ca != nil {
		if c.RootCAs, err = x509.SystemCertPool(); err != nil {
			c.RootCAs = x509.NewCertPool()
		}
		if !c.RootCAs.AppendCertsFromPEM(ca) {
			return nil, t.badFile("ca-file", errors.New("no certificate in PEM form"))
		}
	}
	certificate, err := t.file("cert-file")
	if err != nil || certificate == nil {
		return c, err
	}
	key, err := t.file("key-file")
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, t.badFile("cert-file", printableError(err))
	}
	p.present(&pair)
	return c, nil
}

func (t Target) badFile(parameter string, err error) error {
	return &auth.Error{
		Kind: auth.Store, Fact: parameter + " of the fleet engine " + t.String() + " cannot be used", Err: err,
		Remedy: auth.RemedyLook, Subject: t.files[parameter],
	}
}

// peer is what is known of the other end of a TLS connection.
type peer struct {
	mu     sync.Mutex
	own    *tls.Certificate // nil: none
	server time.Time        // when its certificate ends
	asked  bool             // it wants a certificate, and has not answered yet
}

func (p *peer) present(own *tls.Certificate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.own = own
}

// verified is called for each connection.
func (p *peer) verified(s tls.ConnectionState) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(s.PeerCertificates) > 0 {
		p.server = s.PeerCertificates[0].NotAfter
	}
	return nil
}

// certificate is called when the server asks for one. Servers that refuse it
// close the connection, and often so fast that their reason is lost.
func (p *peer) certificate(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = true
	if p.own == nil {
		return &tls.Certificate{}, nil
	}
	return p.own, nil
}

// accepted says that the server has answered a request.
func (p *peer) accepted() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = false
}

// refusedOurs reports that the server closed the connection after it asked for
// a certificate, and why that may be.
func (p *peer) refusedOurs() (reason string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.own == nil {
		return "the server asked for a certificate, and closed the connection without one", p.asked
	}
	return "the server closed the connection after it saw our certificate", p.asked
}

func (p *peer) ends() (server, client time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.own != nil && p.own.Leaf != nil {
		client = p.own.Leaf.NotAfter
	}
	return p.server, client
}
