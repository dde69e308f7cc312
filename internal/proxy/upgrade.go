package proxy

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
)

// declineHTTP2 removes a client's offer to go on in HTTP/2 without TLS, which
// curl --http2 and Java's client make with their first request. It is made to
// this server, which goes on in HTTP/1.1. The API must not see it: a connection
// that already is HTTP/2 cannot carry it.
func declineHTTP2(h http.Header) {
	if h["Upgrade"] == nil {
		return
	}
	var others []string
	for protocol := range strings.SplitSeq(strings.Join(h["Upgrade"], ","), ",") {
		if protocol = strings.TrimSpace(protocol); protocol != "" && !strings.EqualFold(protocol, "h2c") {
			others = append(others, protocol)
		}
	}
	h.Del("Http2-Settings")
	h.Del("Upgrade")
	if len(others) > 0 {
		h.Set("Upgrade", strings.Join(others, ", "))
	}
}

// earlyConn is a connection of which something has been read already.
type earlyConn struct {
	net.Conn
	in io.Reader // what was read, then the connection
}

// withEarly puts what was read from a connection before what follows.
func withEarly(conn net.Conn, early []byte) net.Conn {
	if len(early) == 0 {
		return conn
	}
	return &earlyConn{conn, io.MultiReader(bytes.NewReader(bytes.Clone(early)), conn)}
}

func (c *earlyConn) Read(p []byte) (int, error) { return c.in.Read(p) }

// CloseWrite is for httputil.ReverseProxy.
func (c *earlyConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
