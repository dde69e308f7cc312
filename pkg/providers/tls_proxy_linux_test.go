package providers

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// spyProxy keeps every byte that a client sends it, and answers CONNECT with
// answer; an empty one opens the tunnel to a fixed address.
type spyProxy struct {
	net.Listener
	target, answer string
	mu             sync.Mutex
	heard          bytes.Buffer
	visits         int
}

func newSpyProxy(t *testing.T, target, answer string) *spyProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &spyProxy{Listener: l, target: target, answer: answer}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.visits++
			p.mu.Unlock()
			go p.serve(conn)
		}
	}()
	return p
}

func (p *spyProxy) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.Write(b)
}

func (p *spyProxy) saw() (text string, visits int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.String(), p.visits
}

func (p *spyProxy) serve(conn net.Conn) {
	defer conn.Close()
	client := io.TeeReader(conn, p)
	for head := ""; !strings.HasSuffix(head, "\r\n\r\n"); { // byte by byte: what follows is the tunnel's
		b := make([]byte, 1)
		if _, err := client.Read(b); err != nil {
			return
		}
		head += string(b)
	}
	if p.answer != "" {
		io.WriteString(conn, p.answer)
		io.Copy(io.Discard, client)
		return
	}
	vendor, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer vendor.Close()
	io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() {
		io.Copy(vendor, client)
		vendor.Close()
	}()
	io.Copy(conn, vendor)
}

// tlsVendor gives 123pan's tokens over TLS.
func tlsVendor(t *testing.T, cert tls.Certificate) (address string) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); !strings.Contains(string(body), processSecret) {
			t.Errorf("%s", body)
		}
		if r.Header.Get("Proxy-Authorization") != "" {
			t.Error("the proxy's password went to the vendor")
		}
		fmt.Fprintf(w, `{"code":0,"data":{"accessToken":"proxied-token","expiredAt":%q}}`, time.Now().Add(time.Hour).Format(time.RFC3339))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes that we refuse
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// TestProxy drives the real binary, whose net/http reads the environment: the
// proxy learns where to, and nothing else. Its refusal was once reported as
// the vendor's, in the proxy's own words alone, and one whose URL could not be
// read was passed by without a word.
func TestProxy(t *testing.T) {
	hauth, ours, theirs := hauthBinary(t), newAuthority(t), newAuthority(t)
	vendor, impostor := tlsVendor(t, ours.issue(t, nil)), tlsVendor(t, theirs.issue(t, nil))
	const password = "pr0xy-passw0rd"
	for name, test := range map[string]struct {
		target, answer string
		environ        []string // a lone @ stands for its URL
		endpoint       string
		exit           int
		says           string
		visits         int
	}{
		"tunnel":               {target: vendor, environ: []string{"HTTPS_PROXY=@"}, visits: 1},
		"tunnel, lower case":   {target: vendor, environ: []string{"https_proxy=@"}, visits: 1},
		"man in the middle":    {target: impostor, environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "TLS with vendor.example failed", visits: 1},
		"407":                  {answer: "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n", environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "refused to connect (HTTP 407)\nhint: put the proxy's user", visits: 1},
		"403, hostile":         {answer: "HTTP/1.1 403 \x1b[2J::set-output name=x::##vso[task]\r\n\r\n" + password, environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "refused to connect (HTTP 403)\nhint: check HTTPS_PROXY", visits: 1},
		"redirect by a proxy":  {answer: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n", environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "refused to connect (HTTP 302)", visits: 1},
		"502":                  {answer: "HTTP/1.1 502 Bad Gateway\r\n\r\n", environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "refused to connect (HTTP 502)", visits: 1},
		"no HTTP":              {answer: "SSH-2.0-\x1b[2J\r\n", environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "no usable response", visits: 1},
		"200 and no TLS":       {answer: "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}", environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "vendor.example", visits: 1},
		"silence":              {answer: "HTTP/1.1 ", environ: []string{"HTTPS_PROXY=@"}, exit: 7, says: "timed out waiting", visits: 1},
		"endless header":       {answer: "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20), environ: []string{"HTTPS_PROXY=@"}, exit: 7, visits: 2},
		"nobody listens":       {environ: []string{"HTTPS_PROXY=http://user:" + password + "@127.0.0.1:1"}, exit: 7, says: "check HTTPS_PROXY"},
		"no URL":               {environ: []string{"HTTPS_PROXY=http://user:" + password + "@%zz"}, exit: 2, says: "the proxy that the environment names"},
		"no URL either":        {environ: []string{"https_proxy=://" + password + "\x7f"}, exit: 2, says: "the proxy that the environment names"},
		"loopback past it":     {target: vendor, environ: []string{"HTTPS_PROXY=@", "HTTP_PROXY=@", "http_proxy=@", "ALL_PROXY=@"}, endpoint: "https://" + vendor},
		"loopback http, past":  {environ: []string{"HTTPS_PROXY=@", "HTTP_PROXY=@", "http_proxy=@"}, endpoint: "http://" + vendor, exit: 9}, // TLS is what listens there: HTTP 400
		"NO_PROXY":             {environ: []string{"HTTPS_PROXY=@", "NO_PROXY=*"}, endpoint: "https://127.0.0.1:1", exit: 7, says: "no connection"},
		"ALL_PROXY":            {target: vendor, environ: []string{"ALL_PROXY=@"}, visits: 1},
		"all_proxy":            {target: vendor, environ: []string{"all_proxy=@", "HTTP_PROXY=http://127.0.0.1:1"}, visits: 1},
		"ALL_PROXY gives way":  {target: vendor, environ: []string{"ALL_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=@"}, visits: 1},
		"ALL_PROXY, NO_PROXY":  {environ: []string{"ALL_PROXY=@", "NO_PROXY=other.example,0.0.0.0/8"}, endpoint: "https://0.0.0.0:1", exit: 7, says: "no connection to 0.0.0.0"},
		"ALL_PROXY, no URL":    {environ: []string{"ALL_PROXY=http://user:" + password + "@%zz"}, exit: 2, says: "the proxy that the environment names is not a URL\nhint: check"},
		"ALL_PROXY, socks4":    {environ: []string{"ALL_PROXY=socks4://user:" + password + "@127.0.0.1:1"}, exit: 2, says: "the proxy that the environment names is neither http, https nor socks5\nhint: check"},
		"HTTPS_PROXY, socks4":  {environ: []string{"HTTPS_PROXY=socks4://127.0.0.1:1"}, exit: 2, says: "neither http, https nor socks5"},
		"HTTP_PROXY for https": {environ: []string{"HTTP_PROXY=@"}, endpoint: "https://127.0.0.1:1", exit: 7, says: "no connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := newSpyProxy(t, test.target, test.answer)
			environ := []string{"HAUTH_CA_FILE=" + ours.file}
			for _, kv := range test.environ {
				environ = append(environ, strings.Replace(kv, "=@", "=http://user:"+password+"@"+proxy.Addr().String(), 1))
			}
			endpoint := test.endpoint
			if endpoint == "" {
				endpoint = "https://vendor.example"
			}
			r := token(t, hauth, endpoint, environ...)
			if r.exit != test.exit || (r.stdout == "proxied-token\n") != (test.exit == 0) || !strings.Contains(r.stderr, test.says) {
				t.Errorf("exit %d, stdout %q, stderr %s", r.exit, r.stdout, r.stderr)
			}
			heard, visits := proxy.saw()
			if visits != test.visits {
				t.Errorf("%d visits to the proxy, want %d", visits, test.visits)
			}
			if visits > 0 && (!strings.HasPrefix(heard, "CONNECT vendor.example:443 HTTP/1.1\r\n") || !strings.Contains(heard, base64.StdEncoding.EncodeToString([]byte("user:"+password)))) {
				t.Errorf("the proxy heard %.200q", heard)
			}
			for _, form := range []string{processSecret, "process-id", "proxied-token", "access_token", base64.StdEncoding.EncodeToString([]byte(processSecret))} {
				if strings.Contains(heard, form) {
					t.Errorf("the proxy heard %s", form)
				}
			}
			if strings.Contains(r.stderr, password) || r.took > 8*time.Second {
				t.Errorf("%v, %s", r.took, r.stderr)
			}
		})
	}
}

// TestSocksProxy: the name is looked up by the proxy.
func TestSocksProxy(t *testing.T) {
	hauth, ours := hauthBinary(t), newAuthority(t)
	vendor := tlsVendor(t, ours.issue(t, nil))
	for _, variable := range []string{"ALL_PROXY=socks5", "ALL_PROXY=socks5h", "HTTPS_PROXY=socks5"} {
		proxy, asked := socksProxy(t, vendor)
		r := token(t, hauth, "https://vendor.example", "HAUTH_CA_FILE="+ours.file, variable+"://"+proxy)
		if r.exit != 0 || r.stdout != "proxied-token\n" {
			t.Errorf("%s: exit %d, stdout %q, stderr %s", variable, r.exit, r.stdout, r.stderr)
			continue
		}
		if got := <-asked; got != "vendor.example" {
			t.Errorf("%s: the proxy was asked for %q", variable, got)
		}
	}
}

// socksProxy is a SOCKS5 proxy (RFC 1928) that connects to target whatever it
// is asked for, and tells what that was.
func socksProxy(t *testing.T, target string) (address string, asked <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	hosts := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		head := make([]byte, 2)
		io.ReadFull(conn, head) // version, number of methods
		io.CopyN(io.Discard, conn, int64(head[1]))
		conn.Write([]byte{5, 0})
		request := make([]byte, 5) // version, connect, 0, a name, its length
		io.ReadFull(conn, request)
		host := make([]byte, int(request[4])+2)
		io.ReadFull(conn, host)
		hosts <- string(host[:len(host)-2])
		vendor, err := net.Dial("tcp", target)
		if err != nil {
			return
		}
		defer vendor.Close()
		conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		go io.Copy(vendor, conn)
		io.Copy(conn, vendor)
	}()
	return l.Addr().String(), hosts
}
