package proxy_test

import (
	"net/http"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
)

// TestSpelling: the API gets the path as the client spelled it. A character
// that no path may contain is encoded, and an encoded slash beside it remains
// one.
func TestSpelling(t *testing.T) {
	w := newWorld(t, proxy.Options{})
	for path, want := range map[string]string{
		"/a%2Fb/%c3%a4": "/a%2Fb/%c3%a4", "/a:b;c=1,2!$&'()*+@[]~": "/a:b;c=1,2!$&'()*+@[]~", "/%41%3a%7E": "/%41%3a%7E",
		"/ä%2Fb": "/%C3%A4%2Fb", "/{a}%2fb": "/%7Ba%7D%2fb", "/a|b%2Fc%3B": "/a%7Cb%2Fc%3B", `/"<>^` + "`" + `\%2F`: "/%22%3C%3E%5E%60%5C%2F", "/a#b%2Fc": "/a%23b%2Fc",
		"/\xe4%2F": "/%E4%2F",
	} {
		before := len(w.calls())
		w.raw("GET /" + w.secret() + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
		calls := w.calls()
		if len(calls) != before+1 || calls[before].RequestURI != "/123pan"+want {
			t.Errorf("%q: not %s in %d calls, the last for %s", path, want, len(calls)-before, calls[len(calls)-1].RequestURI)
		}
	}
	for location, want := range map[string]string{
		"/123pan/{a}%2Fb": w.url + "/%7Ba%7D%2Fb", "/123pan/\xe4%2Fb": w.url + "/%E4%2Fb", "/123pan%2Fx/{a}": w.vendor.URL + "/123pan%2Fx/%7Ba%7D",
	} {
		w.handle(func(out http.ResponseWriter, r *http.Request) {
			out.Header()["Location"] = []string{location}
			out.WriteHeader(http.StatusFound)
		})
		if a := w.get("/api/v1/extra/x"); a.header.Get("Location") != want {
			t.Errorf("%s: %s, want %s", location, a.header.Get("Location"), want)
		}
	}
}

// TestSpellingAndPolicy: an encoded slash is refused whatever stands beside it.
func TestSpellingAndPolicy(t *testing.T) {
	pattern, err := proxy.ParsePattern("/api/**")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, proxy.Options{Policy: proxy.Policy{Paths: []proxy.Pattern{pattern}}})
	for path, want := range map[string]int{"/api/v1/{a}": 200, "/api/v1/ä": 200, "/api/v1/{a}%2Fb": 403, "/api/v1/ä%5cb": 403} {
		if a := w.raw("GET /" + w.secret() + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"); a.status != want {
			t.Errorf("%s: HTTP %d, want %d", path, a.status, want)
		}
	}
}
