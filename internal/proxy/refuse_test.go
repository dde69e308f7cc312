package proxy_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
)

// TestRefuse: what is not a plain request for the account's API is refused
// with a code, reaches no vendor, and is never 401 or 407.
func TestRefuse(t *testing.T) {
	w := newWorld(t, proxy.Options{Hosts: []string{"host.docker.internal"}})
	host := strings.Split(strings.TrimPrefix(w.url, "http://"), "/")[0]
	_, port, _ := strings.Cut(host, ":")
	here := "/" + w.secret()
	line := func(method, target string, headers ...string) string {
		text := method + " " + target + " HTTP/1.1\r\n"
		if !strings.Contains(strings.Join(headers, "\n"), "Host:") {
			text += "Host: " + host + "\r\n"
		}
		return text + strings.Join(append(headers, "Connection: close"), "\r\n") + "\r\n\r\n"
	}
	for name, c := range map[string]struct {
		request string
		status  int
		code    string
	}{
		"other host":         {line("GET", here+"/x", "Host: evil.example"), 421, "host"},
		"other host, port":   {line("GET", here+"/x", "Host: 127.0.0.1.evil.example:"+port), 421, "host"},
		"no host":            {"GET " + here + "/x HTTP/1.0\r\n\r\n", 421, "host"},
		"origin":             {line("GET", here+"/x", "Origin: http://"+host), 403, "origin"},
		"null origin":        {line("GET", here+"/x", "Origin: null"), 403, "origin"},
		"empty origin":       {line("GET", here+"/x", "Origin: "), 403, "origin"},
		"cross site":         {line("GET", here+"/x", "Sec-Fetch-Site: cross-site"), 403, "origin"},
		"same site":          {line("GET", here+"/x", "Sec-Fetch-Site: same-site"), 403, "origin"},
		"wrong secret":       {line("GET", here[:len(here)-1]+"/x"), 403, "address"},
		"longer secret":      {line("GET", here+"X/x"), 403, "address"},
		"no secret":          {line("GET", "/"), 403, "address"},
		"two slashes":        {line("GET", "/"+here+"/x"), 403, "address"},
		"secret in query":    {line("GET", "/?"+here[1:]), 403, "address"},
		"star":               {line("OPTIONS", "*"), 400, "form"},
		"absolute":           {line("GET", "http://"+host+here+"/x"), 400, "form"},
		"absolute elsewhere": {line("GET", "http://example.org/"), 421, "host"},
		"connect":            {line("CONNECT", host), 405, "method"},
		"connect elsewhere":  {line("CONNECT", "example.org:443", "Host: example.org:443"), 421, "host"},
		"trace":              {line("TRACE", here+"/x"), 405, "method"},
		"dots":               {line("GET", here+"/a/../b"), 400, "path"},
		"dots at the end":    {line("GET", here+"/a/.."), 400, "path"},
		"one dot":            {line("GET", here+"/./b"), 400, "path"},
		"encoded dots":       {line("GET", here+"/%2e%2E/b"), 400, "path"},
		"half encoded":       {line("GET", here+"/.%2e/b"), 400, "path"},
		"encoded slash":      {line("GET", here+"/a%2f..%2fb"), 400, "path"},
		"backslash":          {line("GET", here+`/a%5c..%5cb`), 400, "path"},
		"twice encoded":      {line("GET", here+"/%252e%252e/b"), 400, "path"},
		"not quite encoded":  {line("GET", here+"/%252e%252e/%25zz"), 400, "path"},
		"thrice encoded":     {line("GET", here+"/%25252e%25252e/%2525zz"), 400, "path"},
		"parameters":         {line("GET", here+"/..;x=y/b"), 400, "path"},
		"control":            {line("GET", here+"/a%0d%0ab"), 400, "path"},
		"NUL":                {line("GET", here+"/a%00"), 400, "path"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			a := w.raw(c.request)
			if a.status != c.status || a.header.Get(proxy.ErrorHeader) != c.code || a.header.Get("Content-Type") != "application/json" {
				t.Errorf("HTTP %d, %v; want %d, %s", a.status, a.header, c.status, c.code)
			}
			var body struct {
				Error struct{ Code, Message string }
			}
			if err := json.Unmarshal([]byte(a.body), &body); err != nil || body.Error.Code != c.code || body.Error.Message == "" || strings.Contains(a.body, w.secret()) {
				t.Errorf("%q: %v", a.body, err)
			}
		})
	}
	w.t = t
	if calls := w.calls(); len(calls) > 0 {
		t.Errorf("the vendor saw %v", calls[0].URL)
	}
	for name, request := range map[string]string{
		"localhost": line("GET", here+"/api/v1/x", "Host: localhost:"+port), "IPv6": line("GET", here+"/api/v1/x", "Host: [::1]:"+port),
		"--host": line("GET", here+"/api/v1/x", "Host: Host.Docker.Internal:1"), "same origin": line("GET", here+"/api/v1/x", "Sec-Fetch-Site: same-origin"),
		"typed in": line("GET", here+"/api/v1/x", "Sec-Fetch-Site: none"), "dots in names": line("GET", here+"/api/v1/...a..b.;x"),
		"HTTP/1.0": "GET " + here + "/api/v1/x HTTP/1.0\r\nHost: " + host + "\r\n\r\n",
	} {
		if a := w.raw(request); a.status != http.StatusOK {
			t.Errorf("%s: HTTP %d, %s", name, a.status, a.body)
		}
	}
}

// TestPolicy: what the policy does not allow does not reach the vendor.
func TestPolicy(t *testing.T) {
	pattern, err := proxy.ParsePattern("/api/v1/file/*")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, proxy.Options{Policy: proxy.Policy{ReadOnly: true, Paths: []proxy.Pattern{pattern}}})
	for _, c := range []struct {
		method, path string
		header       http.Header
		status       int
	}{
		{"GET", "/api/v1/file/list", nil, 200}, {"GET", "/api/v1/file/list?limit=1&x=/../y", nil, 200}, {"HEAD", "/api/v1/file/list", nil, 405},
		{"POST", "/api/v1/file/list", nil, 405}, {"DELETE", "/api/v1/file/list", nil, 405}, {"PROPFIND", "/api/v1/file/list", nil, 405}, {"get", "/api/v1/file/list", nil, 405},
		{"GET", "/api/v1/file/list", http.Header{"X-HTTP-Method-Override": {"DELETE"}}, 405}, {"GET", "/api/v1/file/list", http.Header{"X_HTTP_Method_Override": {"DELETE"}}, 405},
		{"GET", "/api/v1/file/list", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}}, 405},
		{"GET", "/api/v1/user/info", nil, 403}, {"GET", "/api/v1/file/a/b", nil, 403}, {"GET", "/api/v1/file%2flist", nil, 403}, {"GET", "/api/v1/file/a%252fb", nil, 403},
		{"GET", "/api/v1/file/a%25252Fb", nil, 403}, {"GET", "/api/v1/file/a%255cb%25zz", nil, 403},
		{"GET", "/API/v1/file/list", nil, 403}, {"GET", "", nil, 403}, {"GET", "/", nil, 403}, {"GET", "//api/v1/file/list", nil, 403},
		{"GET", "/api/v1/file/%6cist", nil, 200},
	} {
		a := w.do(c.method, c.path, c.header, nil)
		if c.method == "HEAD" { // the mock knows only GET and POST of it
			c.status = a.status
		}
		if a.status != c.status || c.status != 200 && c.method != "HEAD" && a.header.Get(proxy.ErrorHeader) != "policy" {
			t.Errorf("%s %s %v: HTTP %d, %v, %s", c.method, c.path, c.header, a.status, a.header, a.body)
		}
	}
	for _, r := range w.calls() {
		if r.Method != "GET" && r.Method != "HEAD" || !strings.HasPrefix(r.URL.Path, "/123pan/api/v1/file/") {
			t.Errorf("the vendor saw %s %s", r.Method, r.URL)
		}
	}
}

func TestPatterns(t *testing.T) {
	for _, text := range []string{
		"", "api", "*", "https://x/y", "/a?b", "/a#b", "/a%20b", "/[ab]", "/{a,b}", `/a\b`, "/***", "//a", "/a//b", "/../a", "/a/.", "/a b", "/a\n",
	} {
		if _, err := proxy.ParsePattern(text); err == nil {
			t.Errorf("%q is a pattern", text)
		}
	}
	for text, c := range map[string]struct{ yes, no []string }{
		"/":          {[]string{"/"}, []string{"/a", ""}},
		"/a":         {[]string{"/a"}, []string{"/a/", "/ab", "/A", "/a/b"}},
		"/a/*":       {[]string{"/a/b", "/a/", "/a/b.c"}, []string{"/a", "/a/b/c", "/ab"}},
		"/a/**":      {[]string{"/a/b", "/a/", "/a/b/c", "/a/b\nc"}, []string{"/a", "/ab/c"}},
		"/*/x":       {[]string{"/a/x"}, []string{"/a/b/x", "/a/xy"}},
		"/**/x":      {[]string{"/a/x", "/a/b/x"}, []string{"/x", "/a/xy"}},
		"/v*/f.+(x)": {[]string{"/v1/f.+(x)", "/v/f.+(x)"}, []string{"/v1/fff(x)"}},
	} {
		p, err := proxy.ParsePattern(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		for _, path := range c.yes {
			if !p.Match(path) {
				t.Errorf("%q does not match %q", text, path)
			}
		}
		for _, path := range c.no {
			if p.Match(path) {
				t.Errorf("%q matches %q", text, path)
			}
		}
	}
}
