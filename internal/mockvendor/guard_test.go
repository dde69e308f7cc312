package mockvendor

import (
	"context"
	"net"
	"net/http"
	"testing"
)

func TestControlIsNotForWebPages(t *testing.T) {
	lan := &net.TCPAddr{IP: net.ParseIP("192.0.2.7"), Port: 8181}
	for _, tt := range []struct {
		name   string
		host   string
		header http.Header
		local  net.Addr
		status int
	}{
		{"curl", "127.0.0.1:8181", nil, nil, 200},
		{"no port", "127.0.0.1", nil, nil, 200},
		{"localhost", "LocalHost:8181", nil, nil, 200},
		{"IPv6", "[::1]:8181", nil, nil, 200},
		{"IPv6, no port", "[::1]", nil, nil, 200},
		{"address bar", "127.0.0.1:8181", http.Header{"Sec-Fetch-Site": {"none"}}, nil, 200},
		{"reload", "127.0.0.1:8181", http.Header{"Sec-Fetch-Site": {"same-origin"}}, nil, 200},
		{"its LAN address", "192.0.2.7:8181", nil, lan, 200},
		{"its LAN address, mapped", "[::ffff:192.0.2.7]:8181", nil, lan, 200},
		{"its name in --listen", "Box:8181", nil, nil, 200},

		{"rebinding", "evil.example:8181", nil, nil, 421},
		{"rebinding, no port", "evil.example", nil, nil, 421},
		{"rebinding to look alike", "127.0.0.1.evil.example:8181", nil, nil, 421},
		{"rebinding to look alike", "localhost.evil.example:8181", nil, nil, 421},
		{"another address", "192.0.2.8:8181", nil, lan, 421},
		{"no Host", "", nil, nil, 421},
		{"page", "127.0.0.1:8181", http.Header{"Origin": {"https://evil.example"}}, nil, 403},
		{"sandboxed page", "127.0.0.1:8181", http.Header{"Origin": {"null"}}, nil, 403},
		{"empty Origin", "127.0.0.1:8181", http.Header{"Origin": {""}}, nil, 403},
		{"page on another port", "127.0.0.1:8181", http.Header{"Origin": {"http://127.0.0.1:3000"}, "Sec-Fetch-Site": {"same-site"}}, nil, 403},
		{"image", "127.0.0.1:8181", http.Header{"Sec-Fetch-Site": {"cross-site"}}, nil, 403},
		{"same site", "127.0.0.1:8181", http.Header{"Sec-Fetch-Site": {"same-site"}}, nil, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, method := range []string{"GET", "POST"} {
				s := New(Options{Host: "box"})
				r := controlRequest(method, "/_mock/?fail=denied")
				r.Host = tt.host
				for name, values := range tt.header {
					r.Header[name] = values
				}
				if tt.local != nil {
					r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, tt.local))
				}
				if got := do(t, s, r); got.status != tt.status {
					t.Errorf("%s: HTTP %d %s", method, got.status, got.text)
				}
				do(t, s, tokenRequest(t, "123pan"))
				if got, steered := lastOutcome(t, s).Outcome, method == "POST" && tt.status == 200; (got == OutcomeDenied) != steered {
					t.Errorf("%s: a request for a token was answered with %s", method, got)
				}
			}
		})
	}
}

// What a page sends to a vendor's path is answered as the vendor would, but
// nothing lets the page read it.
func TestVendorsTakeAnyHostAndOrigin(t *testing.T) {
	for _, p := range providers() {
		s, _ := newServer(t)
		r := tokenRequest(t, p)
		r.Host = "vendors.test:8080"
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		got := do(t, s, r)
		if got.token() == "" {
			t.Errorf("%s: %s", p, got.text)
		}
		for name := range got.header {
			if http.CanonicalHeaderKey(name) == "Access-Control-Allow-Origin" {
				t.Errorf("%s: %s", p, name)
			}
		}
	}
}
