package text

import (
	"net/url"
	"testing"
)

func TestWithin(t *testing.T) {
	base, err := url.Parse("https://api.example/v1")
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]bool{
		"https://api.example/v1": true, "https://api.example/v1/x?y#z": true, "https://API.example:443/v1/": true,
		"https://api.example/v10": false, "https://api.example/": false, "https://api.example:8443/v1": false, "http://api.example/v1": false,
		"http://api.example:443/v1": false, "https://user@api.example/v1": false, "https://api.example.evil/v1": false, "/v1": false,
		"https://api.example/v1%2Fx/{y}": false, "https://api.example/v1/{y}%2Fz": true,
		"https://api.example/v1/../x": false, "https://api.example/v1/..": false, "https://api.example/v1/a/%2e%2E/x": false, "https://api.example/v1/..%2fx": false,
		"https://api.example/v1/%252e%252e/x": false, `https://api.example/v1/..\x`: false, "https://api.example/v1/..;a=b/x": false,
		"https://api.example/v1/./x..y/...": true, "https://api.example/v1/x?../..": true, "https://api.example/v1/100%25": true,
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := Within(base, u); got != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
	whole := &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}
	if !Within(whole, &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}) || Within(whole, &url.URL{Scheme: "http", Host: "127.0.0.1"}) {
		t.Error("a base without a path")
	}
	// Opaque is what is sent in the place of the path.
	if Within(base, &url.URL{Scheme: "https", Host: "api.example", Path: "/v1/x", Opaque: "//evil.example/x"}) {
		t.Error("an opaque URL")
	}
}
