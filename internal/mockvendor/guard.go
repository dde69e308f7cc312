package mockvendor

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// guard reports why a request must not reach the control surface, with the
// HTTP status that says so; "" if it may. Browsers send requests here for any
// page that asks them to, but they name the page's origin, and the host as the
// page knows it.
func (s *Server) guard(r *http.Request) (status int, reason string) {
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case !s.ownHost(r):
		return http.StatusMisdirectedRequest, "the control surface answers only to 127.0.0.1, localhost, [::1] and the address listened on"
	case len(r.Header.Values("Origin")) > 0, site != "" && site != "none" && site != "same-origin":
		return http.StatusForbidden, "a web page cannot steer the mock"
	}
	return 0, ""
}

// ownHost reports whether Host names this server: as loopback, as the address
// that the connection came in on, or as Options.Host. The port does not
// matter: a name that an attacker can resolve to this machine is refused with
// any port.
func (s *Server) ownHost(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || host == "127.0.0.1" || host == "::1" || s.host != "" && host == s.host {
		return true
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	address, err := netip.ParseAddr(host)
	return err == nil && local != nil && address.Unmap() == local.AddrPort().Addr().Unmap()
}
