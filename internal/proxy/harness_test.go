package proxy_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/internal/proxy"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

// world is the mock vendors, one proxy in front of them, and a record of
// what happened.
type world struct {
	t      *testing.T
	mock   *mockvendor.Server
	vendor *httptest.Server
	client *hauth.Client
	proxy  *proxy.Proxy
	url    string // of the first account
	urls   []string

	mu     sync.Mutex
	extra  http.HandlerFunc // calls below /123pan/api/v1/extra/, whatever their token
	seen   []*http.Request  // calls of the API
	tokens []string         // issued
	ahead  time.Duration    // of all clocks
}

// newWorld opens a proxy for accounts with credentials in the environment;
// none: 123pan. 123pan says HTTP 401.
func newWorld(t *testing.T, o proxy.Options) *world {
	t.Helper()
	w := prepareWorld(t)
	w.open(o)
	return w
}

func prepareWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	w.mock = mockvendor.New(mockvendor.Options{Now: w.now})
	w.mock.SetVariant("123pan", "status")
	w.vendor = httptest.NewServer(http.HandlerFunc(w.serveVendor))
	t.Cleanup(w.vendor.Close)
	t.Cleanup(w.vendor.CloseClientConnections)
	home := t.TempDir()
	environ := hauth.Environ{"HAUTH_HOME=" + home, "XDG_RUNTIME_DIR=" + home}
	for _, v := range w.mock.Vendors(w.vendor.URL) {
		prefix := auth.Account{Provider: v.Provider, Profile: auth.DefaultProfile}.EnvPrefix() + "_"
		environ = append(environ, prefix+"ENDPOINT="+v.Endpoint)
		for name, value := range v.Env {
			environ = append(environ, prefix+name+"="+value)
		}
	}
	w.client = &hauth.Client{Environ: environ, Now: w.now}
	return w
}

func (w *world) open(o proxy.Options) {
	w.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.serve(o, listener)
	for _, path := range w.proxy.Paths() {
		w.urls = append(w.urls, "http://"+listener.Addr().String()+"/"+path)
	}
	w.url = w.urls[0]
}

func (w *world) serve(o proxy.Options, listener net.Listener) {
	w.t.Helper()
	o.Client = cmp.Or(o.Client, w.client)
	if o.Accounts == nil {
		o.Accounts = []auth.Account{{Provider: "123pan", Profile: auth.DefaultProfile}}
	}
	p, err := proxy.Open(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.proxy = p
	done := make(chan error)
	go func() { done <- p.Serve(listener) }()
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		p.Stop()
		p.Settle(ctx)
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	})
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.ahead)
}

var issued = regexp.MustCompile(`"accessToken":"(?:Bearer )?([^"]+)"`)

func (w *world) serveVendor(out http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/access_token") || strings.HasSuffix(r.URL.Path, "/auth/token") || strings.HasSuffix(r.URL.Path, "/get-access-token") {
		recorded := httptest.NewRecorder()
		w.mock.ServeHTTP(recorded, r)
		w.mu.Lock()
		for _, found := range issued.FindAllStringSubmatch(recorded.Body.String(), -1) {
			w.tokens = append(w.tokens, found[1])
		}
		w.mu.Unlock()
		for name, values := range recorded.Header() {
			out.Header()[name] = values
		}
		out.WriteHeader(recorded.Code)
		out.Write(recorded.Body.Bytes())
		return
	}
	w.mu.Lock()
	w.seen = append(w.seen, r.Clone(context.Background()))
	extra := w.extra
	w.mu.Unlock()
	if extra != nil && strings.HasPrefix(r.URL.Path, "/123pan/api/v1/extra") {
		extra(out, r)
		return
	}
	w.mock.ServeHTTP(out, r)
}

// handle sets what answers below /api/v1/extra.
func (w *world) handle(h http.HandlerFunc) { w.mu.Lock(); defer w.mu.Unlock(); w.extra = h }

func (w *world) calls() []*http.Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

// revoke makes all tokens dead.
func (w *world) revoke() {
	w.t.Helper()
	if err := w.mock.Revoke("", "all"); err != nil {
		w.t.Fatal(err)
	}
}

// requests are the token requests of 123pan so far.
func (w *world) requests() int { return w.mock.Tokens("123pan") }

// answer is what a client of the proxy received.
type answer struct {
	line   string // the status line without the protocol; from raw
	status int
	header http.Header
	body   string
}

// get makes one request to the proxy with Go's client, which follows no
// redirect, and searches the answer for tokens.
func (w *world) get(path string) answer {
	w.t.Helper()
	return w.do("GET", path, nil, nil)
}

func (w *world) do(method, path string, header http.Header, body io.Reader) answer {
	w.t.Helper()
	a, err := w.try(method, w.url+path, header, body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (w *world) try(method, url string, header http.Header, body io.Reader) (answer, error) {
	req, err := http.NewRequestWithContext(w.t.Context(), method, url, body)
	if err != nil {
		return answer{}, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	for name, values := range resp.Trailer {
		resp.Header["Trailer: "+name] = values
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(text)}
	w.scan(method+" "+req.URL.Path, a)
	return a, err
}

// dial sends bytes as they are. What comes back is to be read within 20
// seconds.
func (w *world) dial(text string) (net.Conn, *bufio.Reader) {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.Split(strings.TrimPrefix(w.url, "http://"), "/")[0])
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		w.t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

// raw sends bytes as they are and reads one answer.
func (w *world) raw(text string) answer {
	w.t.Helper()
	conn, received := w.dial(text)
	defer conn.Close()
	resp, err := http.ReadResponse(received, nil)
	if err != nil {
		w.t.Fatalf("%q: %v", text, err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	a := answer{resp.Status, resp.StatusCode, resp.Header, string(body)}
	w.scan(text, a)
	return a
}

// secret is the path's.
func (w *world) secret() string { return w.proxy.Paths()[0] }

// scan fails the test if a client received a token, in any form.
func (w *world) scan(where string, a answer) {
	w.t.Helper()
	var b bytes.Buffer
	fmt.Fprintln(&b, a.line)
	a.header.Write(&b)
	w.scanText(where, b.String()+a.body)
}

func (w *world) scanText(where, text string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, token := range w.tokens {
		forms := []string{token, url.QueryEscape(token), url.PathEscape(token), hex.EncodeToString([]byte(token)), strings.ReplaceAll(token, "/", `\/`)}
		for lead := range 3 {
			padded := append(make([]byte, lead), token...)
			from, to := (lead*8+5)/6, len(padded)*8/6
			forms = append(forms, base64.RawStdEncoding.EncodeToString(padded)[from:to], base64.RawURLEncoding.EncodeToString(padded)[from:to])
		}
		for _, form := range forms {
			if strings.Contains(text, form) {
				w.t.Errorf("LEAK: %.200s: a token as %q", where, form)
				return
			}
		}
	}
}

func wantOther(t auth.Token) broker.Want { return broker.Want{IfSHA256: t.Value.SHA256()} }
