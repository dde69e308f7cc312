package proxy_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/proxy"
)

// TestRequestHeaders: the API gets what the vendor requires, once, and nothing
// about the proxy.
func TestRequestHeaders(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	a := w.do("GET", "/api/v1/x%2Fy/%C3%A4?a=b;c&d=%zz&q", http.Header{
		"Authorization": {"Bearer of-the-client"}, "platform": {"windows"}, "Platform": {"linux"},
		"X-Forwarded-For": {"1.2.3.4"}, "X-Forwarded-Port": {"1"}, "X-Real-Ip": {"1.2.3.4"}, "Forwarded": {"for=1.2.3.4"}, "Proxy-Authorization": {"Basic x"},
		"Connection": {"Authorization, Platform, X-Secret"}, "X-Secret": {"x"}, "Accept-Encoding": {"gzip"}, "Hauth-Error": {"x"},
		"Referer": {w.url + "/page"}, "Destination": {w.url + "/to?x"}, "X-Url": {"see " + w.url}, "X-Kept": {"yes"},
	}, nil)
	if a.status != 200 {
		t.Fatalf("HTTP %d, %s", a.status, a.body)
	}
	r := w.calls()[0]
	host := strings.TrimPrefix(w.vendor.URL, "http://")
	want := map[string]string{
		"Platform": "[open_platform]", "Accept-Encoding": "[identity]", "X-Kept": "[yes]",
		"Referer": "[" + w.vendor.URL + "/123pan/page]", "Destination": "[" + w.vendor.URL + "/123pan/to?x]",
	}
	for name, value := range want {
		if got := fmt.Sprint(r.Header[name]); got != value {
			t.Errorf("%s: %s, want %s", name, got, value)
		}
	}
	for name := range r.Header {
		if want[name] == "" && name != "Authorization" && name != "User-Agent" {
			t.Errorf("the vendor saw %s: %s", name, r.Header.Get(name))
		}
	}
	if got := r.Header["Authorization"]; len(got) != 1 || got[0] != "Bearer "+w.tokens[0] {
		t.Errorf("%d values of Authorization", len(got))
	}
	if r.Host != host || r.RequestURI != "/123pan/api/v1/x%2Fy/%C3%A4?a=b;c&d=%zz&q" {
		t.Errorf("%s %s", r.Host, r.RequestURI)
	}
	// Names that some servers take for one of the vendor's.
	a = w.raw("GET /" + w.secret() + "/api/v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic x\r\nAuthorization: Basic y\r\nPlatform: a\r\nplatform: b\r\nConnection: close\r\n\r\n")
	if r := w.calls()[1]; a.status != 200 || len(r.Header["Authorization"]) != 1 || len(r.Header["Platform"]) != 1 {
		t.Errorf("HTTP %d, %v", a.status, r.Header)
	}
}

// TestBase: the address stands for the API's base URL, unchanged.
func TestBase(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	for path, want := range map[string]string{"": "/123pan", "/": "/123pan/", "?a": "/123pan?a", "//x": "/123pan//x", "/a//b/": "/123pan/a//b/", "/x?": "/123pan/x?"} {
		before := len(w.calls())
		w.raw("GET /" + w.secret() + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
		calls := w.calls()
		if len(calls) != before+1 || calls[before].RequestURI != want {
			t.Errorf("%q: %v", path, calls[before:])
		}
	}
}

// TestAnswer: answers lead back to the proxy, carry nothing that belongs to
// the API's own host, and never the token.
func TestAnswer(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	api := w.vendor.URL + "/123pan"
	for location, want := range map[string]string{
		api + "/a/b?c=d#e": w.url + "/a/b?c=d#e", "/123pan/a": w.url + "/a", "next": w.url + "/api/v1/extra/next", "../up": w.url + "/api/v1/up", "?page=2": w.url + "/api/v1/extra/x?page=2",
		api: w.url, api + "er/x": api + "er/x", "/elsewhere": w.vendor.URL + "/elsewhere", "https://cdn.example/x?sig=1": "https://cdn.example/x?sig=1",
		"//other.example/x": "http://other.example/x",
	} {
		w.handle(func(out http.ResponseWriter, r *http.Request) {
			out.Header()["Location"] = []string{location}
			out.WriteHeader(http.StatusFound)
		})
		if a := w.get("/api/v1/extra/x"); a.status != 302 || a.header.Get("Location") != want {
			t.Errorf("%s: HTTP %d, %s, want %s", location, a.status, a.header.Get("Location"), want)
		}
	}
	token := w.tokens[0]
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		h := out.Header()
		for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Alt-Svc", "Strict-Transport-Security", "Hauth-Error", "Hauth-Note"} {
			h.Set(name, "x")
		}
		h.Set("X-Echo", "the token is "+token)
		h.Set("X-Plain", "yes")
		h.Set("Link", "</x?access_token="+token+">")
		h.Set("Content-Type", "text/plain")
		fmt.Fprint(out, "a "+r.Header.Get("Authorization")+" b")
	})
	a := w.get("/api/v1/extra/x")
	if a.body != "a Bearer [hauth:masked] b" || a.header.Get("X-Echo") != "the token is [hauth:masked]" || a.header.Get("X-Plain") != "yes" || a.header.Get("Content-Length") != "25" {
		t.Errorf("%q, %v", a.body, a.header)
	}
	for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Alt-Svc", "Strict-Transport-Security", "Hauth-Error", "Hauth-Note"} {
		if a.header.Get(name) != "" {
			t.Errorf("%s: %s", name, a.header.Get(name))
		}
	}
	// Long texts, in pieces; and a trailer.
	filler := strings.Repeat("x", 70_000)
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Content-Type", "application/json")
		out.Header().Set("Trailer", "X-End")
		for _, piece := range []string{filler, token[:10], token[10:], filler, token, filler} {
			fmt.Fprint(out, piece)
			http.NewResponseController(out).Flush()
		}
		out.Header().Set("X-End", token)
	})
	if a := w.get("/api/v1/extra/x"); a.body != filler+"[hauth:masked]"+filler+"[hauth:masked]"+filler || a.header["Trailer: X-End"][0] != "[hauth:masked]" {
		t.Errorf("%d bytes, %v", len(a.body), a.header)
	}
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Content-Type", "text/html; charset=utf-8")
		out.Header().Set("Content-Length", fmt.Sprint(len(filler)))
		fmt.Fprint(out, filler)
	})
	if a := w.get("/api/v1/extra/x"); a.body != filler {
		t.Errorf("%d bytes", len(a.body))
	}
	// Anything but text passes unchanged, with its length.
	binary := strings.Repeat("\x00\xff"+filler, 2)
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Content-Type", "application/octet-stream")
		out.Header().Set("Content-Length", fmt.Sprint(len(binary)))
		fmt.Fprint(out, binary)
	})
	if a := w.get("/api/v1/extra/x"); a.body != binary || a.header.Get("Content-Length") != fmt.Sprint(len(binary)) {
		t.Errorf("%d bytes", len(a.body))
	}
}

// TestLinks: the next page is found through the proxy.
func TestLinks(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	api := w.vendor.URL + "/123pan"
	for link, want := range map[string]string{
		"<" + api + `/x?page=2>; rel="next", <` + api + `/x?page=9>; rel="last"`: "<" + w.url + `/x?page=2>; rel="next", <` + w.url + `/x?page=9>; rel="last"`,
		`<?page=2>; title="<x>, y"; rel=next,</123pan/z>`:                        "<" + w.url + `/api/v1/extra/x?page=2>; title="<x>, y"; rel=next,<` + w.url + "/z>",
		`<https://other.example/x>; rel="next"`:                                  `<https://other.example/x>; rel="next"`,
		"<broken":                                                                "<broken", "none": "none",
	} {
		w.handle(func(out http.ResponseWriter, r *http.Request) { out.Header().Set("Link", link) })
		if got := w.get("/api/v1/extra/x").header.Get("Link"); got != want {
			t.Errorf("%s: %s, want %s", link, got, want)
		}
	}
}

// TestInformational: what the client did not ask for, it does not get: "100
// Continue" for an announcement that hauth made, and early hints.
func TestInformational(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	w.handle(func(out http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Expect") != "100-continue" {
			t.Errorf("the body was not announced")
		}
		out.Header().Set("Link", "</"+w.tokens[0]+">")
		out.WriteHeader(http.StatusEarlyHints)
		out.WriteHeader(http.StatusContinue)
		out.Header().Del("Link")
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(out, n)
	})
	const n = 2 << 20
	head := fmt.Sprintf("POST /%s/api/v1/extra/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\nConnection: close\r\n", w.secret(), n)
	body := strings.Repeat("x", n)
	if a := w.raw(head + "\r\n" + body); a.status != 200 || a.body != fmt.Sprint(n) {
		t.Errorf("HTTP %d, %q", a.status, a.body)
	}
	if a := w.raw(head + "Expect: 100-continue\r\n\r\n" + body); a.status != 100 {
		t.Errorf("HTTP %d, %q", a.status, a.body)
	}
}

// TestStatusLine: the words of a status line are not the API's, where the token
// could be; and a response with an impossible status code is a failure.
func TestStatusLine(t *testing.T) {
	var log lockedBuffer
	w := newWorld(t, proxy.Options{Log: &log})
	for status, want := range map[string]string{
		"200 " + w.tokens[0]: "200 OK",
		"101 " + w.tokens[0]: "101 Switching Protocols",
		"099 x":              "502 Bad Gateway",
	} {
		w.handle(func(out http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(out).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			end := "Content-Length: 0\r\n"
			if strings.HasPrefix(status, "101") {
				end = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
			}
			fmt.Fprintf(conn, "HTTP/1.1 %s\r\n%s\r\n", status, end)
		})
		a := w.raw("GET /" + w.secret() + "/api/v1/extra/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		if a.line != want {
			t.Errorf("%.3s: %q, want %q", status, a.line, want)
		}
	}
	settled, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w.proxy.Settle(settled)
	for _, status := range []string{"200", "101", "502"} {
		if !strings.Contains(log.String(), `"status":`+status) {
			t.Errorf("no %s in %s", status, log.String())
		}
	}
}
