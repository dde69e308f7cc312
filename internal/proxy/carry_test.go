package proxy_test

import (
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// acme is a vendor of the user's own, whose file says use, and whose API
// answers with what it got.
type acme struct {
	*httptest.Server
	issued atomic.Int32
	dead   atomic.Bool
	proto  atomic.Value
}

func newAcme(t *testing.T, tls bool) *acme {
	a := &acme{}
	a.Server = httptest.NewUnstartedServer(a)
	if tls {
		a.EnableHTTP2 = true
		a.StartTLS()
	} else {
		a.Start()
	}
	t.Cleanup(a.Close)
	return a
}

func (a *acme) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		a.dead.Store(false)
		fmt.Fprintf(w, `{"token":"acme-token+%02d/of=length*"}`, a.issued.Add(1))
		return
	}
	a.proto.Store(r.Proto)
	if r.Header.Get("X-Token") != "" && a.dead.Load() {
		w.WriteHeader(http.StatusUnauthorized) // before the body is read
		return
	}
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	want := fmt.Sprintf("acme-token+%02d/of=length*", a.issued.Load())
	tokens := append(r.URL.Query()["token"], form["token"]...)
	for name, values := range r.Header { // as CGI and its heirs read them
		if strings.EqualFold(strings.ReplaceAll(name, "_", "-"), "X-Token") {
			tokens = append(tokens, values...)
		}
	}
	if a.dead.Load() || len(tokens) != 1 || tokens[0] != want {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if to := r.URL.Query().Get("to"); to != "" {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "%s?%s\n%s", r.URL.Path, r.URL.RawQuery, body)
}

// openAcme makes a proxy for a provider file with this use.
func openAcme(t *testing.T, a *acme, use string, environ ...string) *world {
	t.Helper()
	return openAcmeAt(t, a.URL, use, environ...)
}

func openAcmeAt(t *testing.T, endpoint, use string, environ ...string) *world {
	t.Helper()
	w := prepareWorld(t)
	home := w.client.Environ.Get("HAUTH_HOME")
	if err := os.MkdirAll(filepath.Join(home, "providers"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := "name: acme\nvars:\n  - {name: id, label: ID}\n  - {name: secret, label: Secret, secret: true}\nendpoint: " + endpoint +
		"\nrequest: {method: POST, path: /token, json: {id: \"{id}\", secret: \"{secret}\"}}\ntoken: token\nexpires: [{after: 1h}]\nuse: " + use + "\n"
	if err := os.WriteFile(filepath.Join(home, "providers", "acme.yaml"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	w.client = &hauth.Client{Environ: append(append(hauth.Environ{"HAUTH_ACME_ID=x", "HAUTH_ACME_SECRET=a-secret-of-some-length"}, environ...), w.client.Environ...)}
	w.open(proxy.Options{Accounts: []auth.Account{{Provider: "acme", Profile: auth.DefaultProfile}}})
	return w
}

// TestCarriers: vendors with the token in a header of their own, in the query
// and in a form; what the client sends there is replaced, and the token in the
// response is masked.
func TestCarriers(t *testing.T) {
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for name, c := range map[string]struct {
		use, path, body, want string
		header                http.Header
	}{
		"header":                     {`{headers: {X-Token: "{token}"}}`, "/x?a=b", "", "/x?a=b\n", http.Header{"X_Token": {"mine"}, "X-Token": {"mine", "too"}}},
		"query":                      {`{query: {token: "{token}"}}`, "/x?a=b&token=mine&tok%65n=mine&c", "", "/x?a=b&c&token=[hauth:masked]\n", nil},
		"form, none sent":            {`{form: {token: "{token}"}}`, "/x", "", "/x?\ntoken=[hauth:masked]", nil},
		"form":                       {`{form: {token: "{token}"}}`, "/x", "a=b&c=d", "/x?\ntoken=[hauth:masked]&a=b&c=d", form},
		"form, with one of its own":  {`{form: {token: "{token}"}}`, "/x", "a=b&token=mine&c=d", "/x?\ntoken=[hauth:masked]&a=b&c=d", form},
		"form, of unusual spelling":  {`{form: {token: "{token}"}}`, "/x", "tok%65n=mine&a=%zz&&b", "/x?\ntoken=[hauth:masked]&a=%zz&&b", form},
		"form, only one of its own ": {`{form: {token: "{token}"}}`, "/x", "token=mine", "/x?\ntoken=[hauth:masked]", form},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAcme(t, false)
			w := openAcme(t, a, c.use)
			for _, dead := range []bool{false, true} {
				a.dead.Store(dead)
				method := "GET"
				var body io.Reader
				if strings.Contains(c.use, "form") {
					method = "POST"
				}
				if c.body != "" {
					body = strings.NewReader(c.body)
				}
				got := w.do(method, c.path, c.header, body)
				if got.status != 200 || got.body != c.want {
					t.Errorf("dead=%v: HTTP %d, %q, want %q; %v", dead, got.status, got.body, c.want, got.header)
				}
			}
			if n := a.issued.Load(); n != 2 {
				t.Errorf("%d token requests, want 2", n)
			}
		})
	}
	a := newAcme(t, false)
	w := openAcme(t, a, `{form: {token: "{token}"}}`)
	if got := w.do("POST", "/x", http.Header{"Content-Type": {"application/json"}}, strings.NewReader("{}")); got.status != 502 || got.header.Get(proxy.ErrorHeader) != "usage" {
		t.Errorf("a body that is not a form: HTTP %d, %v, %s", got.status, got.header, got.body)
	}
}

// TestTLS: HTTP/2 to an API whose certificate is signed by an authority of
// its own, also for a dead token and a long body.
func TestTLS(t *testing.T) {
	a := newAcme(t, true)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	w := openAcme(t, a, `{headers: {X-Token: "{token}"}}`, "HAUTH_CA_FILE="+authority)
	a.dead.Store(true)
	long := strings.Repeat("x", 3<<20)
	if got := w.do("POST", "/x", nil, io.MultiReader(strings.NewReader(long))); got.status != 200 || got.body != "/x?\n"+long || a.issued.Load() != 2 || a.proto.Load() != "HTTP/2.0" {
		t.Errorf("HTTP %d, %d bytes, %v, %s, %d token requests", got.status, len(got.body), got.header, a.proto.Load(), a.issued.Load())
	}
}

// TestCorporateProxy: the way to the API leads through the proxy that the
// environment names, inside TLS.
func TestCorporateProxy(t *testing.T) {
	a := newAcme(t, true)
	var visits atomic.Int32
	corporate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "example.com:443" {
			t.Errorf("the proxy got %s %s", r.Method, r.Host)
			return
		}
		visits.Add(1)
		conn, both, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		vendor, err := net.Dial("tcp", strings.TrimPrefix(a.URL, "https://"))
		if err != nil {
			t.Error(err)
			return
		}
		defer vendor.Close()
		io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		go io.Copy(vendor, both)
		io.Copy(conn, vendor)
	}))
	defer corporate.CloseClientConnections()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"} {
		t.Setenv(name, "")
	}
	t.Setenv("ALL_PROXY", corporate.URL)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	w := openAcmeAt(t, "https://example.com", `{headers: {X-Token: "{token}"}}`, "HAUTH_CA_FILE="+authority)
	a.dead.Store(true)
	if got := w.do("POST", "/x", nil, strings.NewReader("body")); got.status != 200 || got.body != "/x?\nbody" || a.issued.Load() != 2 || visits.Load() < 2 || a.proto.Load() != "HTTP/2.0" {
		t.Errorf("HTTP %d, %q, %d token requests, %d visits, %v", got.status, got.body, a.issued.Load(), visits.Load(), a.proto.Load())
	}
	for _, to := range []string{"https://example.com:443/y", "https://EXAMPLE.com/y"} {
		if got := w.get("/x?to=" + url.QueryEscape(to)); got.header.Get("Location") != w.url+"/y" {
			t.Errorf("%s leads to %s", to, got.header.Get("Location"))
		}
	}
	if got := w.get("/x?to=" + url.QueryEscape("https://example.com:8443/y")); got.header.Get("Location") != "https://example.com:8443/y" {
		t.Errorf("another port leads to %s", got.header.Get("Location"))
	}
}
