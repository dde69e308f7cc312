package providers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
)

var (
	errProxy       = errors.New("the proxy that the environment names is not a URL")
	errProxyScheme = errors.New("the proxy that the environment names is neither http, https nor socks5")
)

// proxyFromEnvironment is net/http's, and ALL_PROXY where the variable for the
// scheme is not set, as curl has it. It drops net/http's error, which repeats
// the proxy's URL and so its password, and makes one where net/http has none:
// it takes a proxy that it cannot read for no proxy, and would connect past
// it.
func proxyFromEnvironment(r *http.Request) (*url.URL, error) {
	if loopback(r.URL.Hostname()) {
		return nil, nil
	}
	u, err := http.ProxyFromEnvironment(r)
	switch scheme := r.URL.Scheme; {
	case err != nil:
		return nil, errProxy
	case u != nil:
	case eitherCase(scheme+"_proxy") == "":
		if u, err = allProxy(r.URL); err != nil {
			return nil, err
		}
	case !readableProxy(eitherCase(scheme + "_proxy")):
		return nil, errProxy
	}
	if u != nil && !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil, errProxyScheme
	}
	return u, nil
}

// eitherCase is a variable's value; the upper-case name comes first, as in
// net/http.
func eitherCase(name string) string {
	if v := os.Getenv(strings.ToUpper(name)); v != "" {
		return v
	}
	return os.Getenv(name)
}

// readableProxy reports whether v is an address, whose scheme may be left out.
func readableProxy(v string) bool {
	_, err := parseProxy(v)
	return err == nil
}

func parseProxy(v string) (*url.URL, error) {
	if u, err := url.Parse(v); err == nil && u.Scheme != "" && u.Host != "" {
		return u, nil
	}
	return url.Parse("http://" + v)
}

// allProxy is the proxy for target that ALL_PROXY names, if NO_PROXY does not
// except it.
func allProxy(target *url.URL) (*url.URL, error) {
	v := eitherCase("all_proxy")
	if v == "" || noProxy(eitherCase("no_proxy"), target) {
		return nil, nil
	}
	u, err := parseProxy(v)
	if err != nil {
		return nil, errProxy
	}
	return u, nil
}

// noProxy reports whether a list as in NO_PROXY names the target: "*", a
// domain with all below it, a domain below which only (.example.com), an
// address or a range of addresses, each but the range with a port or without.
func noProxy(list string, target *url.URL) bool {
	host, port := strings.ToLower(strings.TrimSuffix(target.Hostname(), ".")), text.PortOf(target)
	addr, _ := netip.ParseAddr(host)
	for entry := range strings.FieldsFuncSeq(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' }) {
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			if prefix.Contains(addr.Unmap()) {
				return true
			}
			continue
		}
		name := entry
		if h, p, err := net.SplitHostPort(entry); err == nil {
			if p != port {
				continue
			}
			name = h
		}
		if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
			if a.Unmap() == addr.Unmap() {
				return true
			}
			continue
		}
		below := "." + strings.TrimPrefix(strings.TrimPrefix(name, "*"), ".")
		if name == "*" || name == host || strings.HasSuffix(host, below) && below != "." {
			return true
		}
	}
	return false
}

// proxyRefusal is a proxy that answers but does not connect.
type proxyRefusal struct {
	proxy  string // host and port
	status int
}

func (e proxyRefusal) Error() string {
	return fmt.Sprintf("the proxy %s refused to connect (HTTP %d)", e.proxy, e.status)
}

// proxyAnswer speaks before net/http, whose error is the proxy's own text
// alone.
func proxyAnswer(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return proxyRefusal{proxy.Host, resp.StatusCode}
	}
	return nil
}
