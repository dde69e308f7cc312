package proxy

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// Options are what a Proxy serves, and to whom.
type Options struct {
	Client   *hauth.Client
	Accounts []auth.Account
	Hosts    []string // names of the proxy's own host besides 127.0.0.1, localhost, [::1] and the address it listens on
	Policy   Policy
	Replay   int64     // as in hauth.TransportOptions
	Log      io.Writer // a line of JSON for each request; nil: none
	Notice   func(account, text string)
}

// Proxy is an http.Handler for the accounts that it was opened with.
type Proxy struct {
	options Options
	routes  []*route
	log     *accessLog
	server  *http.Server
	end     context.CancelFunc // of all requests
}

// route is one account's way from its address to its API.
type route struct {
	account   auth.Account
	secret    string
	base      *url.URL // of the API
	transport *hauth.Transport
	proxy     *httputil.ReverseProxy
	masks     masks
}

// flushInterval bounds how long the beginning of an answer of known length waits
// for more. Other answers never wait.
const flushInterval = 20 * time.Millisecond

// Open opens the accounts and gets a token for each.
func Open(ctx context.Context, o Options) (*Proxy, error) {
	p := &Proxy{options: o}
	if o.Log != nil {
		p.log = &accessLog{to: o.Log, notice: o.Notice}
	}
	buffers := newBufferPool()
	for _, account := range o.Accounts {
		r := &route{account: account, secret: rand.Text()}
		r.transport = o.Client.TransportWith(account.String(), hauth.TransportOptions{Replay: o.Replay, Repeated: markRepeated})
		api, err := r.transport.Open(ctx)
		if err != nil {
			return nil, err
		}
		if r.base, err = url.Parse(api[0]); err != nil {
			return nil, &auth.Error{Kind: auth.Internal, Account: account.String(), Fact: "the API's base is not a URL"}
		}
		r.proxy = &httputil.ReverseProxy{
			Rewrite:        r.rewrite,
			Transport:      r.transport,
			ModifyResponse: r.modifyResponse,
			ErrorHandler:   r.fail,
			BufferPool:     buffers,
			FlushInterval:  flushInterval,
			ErrorLog:       silent(),
		}
		p.routes = append(p.routes, r)
	}
	all, end := context.WithCancel(context.Background())
	p.end = end
	p.server = &http.Server{
		Handler:                      p,
		ReadHeaderTimeout:            10 * time.Second,
		IdleTimeout:                  2 * time.Minute,
		MaxHeaderBytes:               128 << 10,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     silent(),
		BaseContext:                  func(net.Listener) context.Context { return all },
		ConnContext:                  withPeer,
	}
	return p, nil
}

// Paths are the first segments of the accounts' addresses, in the order of
// Options.Accounts.
func (p *Proxy) Paths() []string {
	var paths []string
	for _, r := range p.routes {
		paths = append(paths, r.secret)
	}
	return paths
}

// Serve answers requests until the proxy is closed. A listener that breaks is
// an error.
func (p *Proxy) Serve(l net.Listener) error {
	if a, ok := l.Addr().(*net.TCPAddr); ok && !a.IP.IsUnspecified() {
		// Clients that were told to come here name this address.
		p.options.Hosts = append(slices.Clone(p.options.Hosts), a.IP.String())
	}
	if !knowsPeers(l) && p.options.Notice != nil {
		p.options.Notice("", "other users of this machine cannot be kept out: /proc/net/tcp is not readable")
	}
	if err := p.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return &auth.Error{Kind: auth.Internal, Fact: "the proxy stopped", Err: err}
	}
	return nil
}

// Stop ends Serve, all connections and all requests.
func (p *Proxy) Stop() {
	p.end() // also of connections that have switched protocols, which the server no longer knows
	p.server.Close()
}

// Settle waits until no token request is in progress or ctx ends, so that a
// token that the vendor has issued, and credentials that came with it, are
// stored. No token is fetched any more, even if Serve goes on. With a log,
// Settle stops the proxy and waits until each request has its line.
func (p *Proxy) Settle(ctx context.Context) {
	if p.log != nil {
		p.Stop()
		p.log.settle(ctx)
	}
	for _, r := range p.routes {
		r.transport.Close(ctx)
	}
}

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	declineHTTP2(r.Header)
	x := &exchange{begun: time.Now(), self: "http://" + r.Host, expects: r.Header.Get("Expect") != ""}
	out := &recorder{ResponseWriter: w, exchange: x}
	p.log.begin()
	defer p.log.end(x, r) // also if the response is cut off
	route, rest := p.route(r.URL)
	if route != nil {
		x.account, x.path = route.account.String(), cmp.Or(rest, "/")
		x.self += "/" + route.secret
	}
	if no := p.refuse(r, route, rest); no != nil {
		no.write(out)
		return
	}
	r2 := r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	x.upload = watchUpload(r2)
	route.proxy.ServeHTTP(out, r2)
}

// route finds the account whose address the URL begins with. All are compared,
// each in constant time.
func (p *Proxy) route(u *url.URL) (found *route, rest string) {
	first, rest, more := strings.Cut(strings.TrimPrefix(text.EscapedPath(u), "/"), "/")
	if more {
		rest = "/" + rest
	}
	for _, r := range p.routes {
		if subtle.ConstantTimeCompare([]byte(first), []byte(r.secret)) == 1 {
			found = r
		}
	}
	return found, rest
}

func silent() *log.Logger { return log.New(io.Discard, "", 0) }
