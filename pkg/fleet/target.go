package fleet

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Down is what a machine does while the engine cannot be reached and its token
// is over.
type Down string

const (
	DownAuto  Down = ""      // by the vendor's limits
	DownAlone Down = "alone" // ask the vendor without the fleet
	DownFail  Down = "fail"  // wait, then fail
)

// Target is where an engine is, and how to log in there.
type Target struct {
	Scheme   string
	User     string
	Password auth.Secret // from HAUTH_FLEET only; never stored
	Hosts    []string    // HOST:PORT
	Path     string      // what follows the hosts, without the slash
	Down     Down
	files    map[string]string
	words    map[string]string
}

// String is the engine as it may be shown: without user and parameters.
func (t Target) String() string {
	s := t.Scheme + "://" + strings.Join(t.Hosts, ",")
	if t.Path != "" {
		s += "/" + t.Path
	}
	return s
}

// URL is what an account file keeps: everything but the password.
func (t Target) URL() string {
	u := t.Scheme + "://"
	if t.User != "" {
		u += url.PathEscape(t.User) + "@"
	}
	u += strings.Join(t.Hosts, ",")
	if t.Path != "" {
		u += "/" + (&url.URL{Path: t.Path}).EscapedPath()
	}
	query := url.Values{}
	for _, of := range []map[string]string{t.files, t.words} {
		for name, value := range of {
			query.Set(name, value)
		}
	}
	if t.Down != DownAuto {
		query.Set("down", string(t.Down))
	}
	if len(query) > 0 {
		u += "?" + query.Encode()
	}
	return u
}

// Plain reports that the connection leaves this machine unencrypted.
func (t Target) Plain() bool {
	if t.Scheme == "exec" || schemes()[t.Scheme].tls {
		return false
	}
	for _, hostport := range t.Hosts {
		host, _, _ := net.SplitHostPort(hostport)
		addr, err := netip.ParseAddr(host)
		if host != "localhost" && (err != nil || !addr.IsLoopback()) {
			return true
		}
	}
	return false
}
