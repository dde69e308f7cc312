package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// caller makes the HTTP requests of an engine.
type caller struct {
	target Target
	peer   peer

	mu     sync.Mutex
	client *http.Client
	first  int // the host that answered last
}

// answer is what came back. Now is the server's clock, in whole seconds.
type answer struct {
	status int
	body   []byte
	now    time.Time
}

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 1 << 20

// call sends a request, with body as JSON unless it is nil. A host that cannot
// be connected to makes way for the next one; a request that has left is never
// sent again, because it may have been carried out. The secrets are those in
// header and body.
func (c *caller) call(ctx context.Context, method, path string, header http.Header, body any, secrets ...auth.Secret) (answer, error) {
	client, err := c.open()
	if err != nil {
		return answer{}, err
	}
	var sent []byte
	if body != nil {
		if sent, err = json.Marshal(body); err != nil {
			return answer{}, &auth.Error{Kind: auth.Internal, Fact: "a request to the fleet engine cannot be encoded", Err: err}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	hosts := c.target.Hosts
	c.mu.Lock()
	first := c.first
	c.mu.Unlock()
	for i := range hosts {
		at := (first + i) % len(hosts)
		var a answer
		a, err = c.ask(ctx, client, method, c.base()+hosts[at]+path, header, sent)
		if err == nil {
			c.peer.accepted()
			c.mu.Lock()
			c.first = at
			c.mu.Unlock()
			return a, nil
		}
		var dial *net.OpError
		if !errors.As(err, &dial) || dial.Op != "dial" {
			break
		}
	}
	return answer{}, c.target.unreachable(err, &c.peer, secrets...)
}

func (c *caller) base() string {
	if schemes()[c.target.Scheme].tls {
		return "https://"
	}
	return "http://"
}

func (c *caller) ask(ctx context.Context, client *http.Client, method, address string, header http.Header, body []byte) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for name, values := range header {
		request.Header[name] = values
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		if whole, ok := errors.AsType[*url.Error](err); ok {
			err = whole.Err // without the request's URL, which is named already
		}
		return answer{}, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return answer{}, err
	}
	if len(data) > maxAnswer {
		return answer{}, errors.New("the response is too large")
	}
	a := answer{status: response.StatusCode, body: data}
	if a.now, err = http.ParseTime(response.Header.Get("Date")); err != nil {
		return answer{}, errors.New("the answer has no date")
	}
	return a, nil
}

func (c *caller) open() (*http.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil {
		return c.client, nil
	}
	dialer := &net.Dialer{Timeout: callPatience / time.Duration(len(c.target.Hosts))}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, TLSHandshakeTimeout: callPatience,
		MaxIdleConns: 1, IdleConnTimeout: time.Minute,
	}
	if schemes()[c.target.Scheme].tls {
		config, err := c.target.tlsConfig(&c.peer)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig = config
	}
	c.client = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c.client, nil
}

func (c *caller) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil {
		c.client.CloseIdleConnections()
		c.client = nil
	}
}

// decode reads the answer's JSON into v, and reports whether that is what it
// is.
func (a answer) decode(v any) bool { return json.Unmarshal(a.body, v) == nil }

// busy reports that the status names a condition that passes.
func (a answer) busy() bool {
	return a.status == http.StatusTooManyRequests || a.status >= 500 || a.status >= 300 && a.status < 400
}

// said is what the engine gives as the reason.
func said(text string, status int) string {
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return http.StatusText(status)
	}
	return auth.Printable(text)
}
