package providers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

var errProxy = errors.New("the proxy that the environment names is not a URL")

// proxyFromEnvironment drops net/http's error, which repeats the proxy's URL
// and so its password, and makes one where net/http has none: it takes a proxy
// that it cannot read for no proxy, and would connect past it.
func proxyFromEnvironment(r *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(r)
	if err != nil || u == nil && !loopback(r.URL.Hostname()) && !readableProxy(r.URL.Scheme) {
		return nil, errProxy
	}
	return u, nil
}

// readableProxy reports whether the variable for the scheme is unset or holds
// an address, whose scheme may be left out.
func readableProxy(scheme string) bool {
	for _, name := range []string{strings.ToUpper(scheme) + "_PROXY", scheme + "_proxy"} {
		if v := os.Getenv(name); v != "" {
			_, err := url.Parse(v)
			_, errBare := url.Parse("http://" + v)
			return err == nil || errBare == nil
		}
	}
	return true
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
