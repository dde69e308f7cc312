package providers

import (
	"net/url"
	"testing"
)

func TestNoProxy(t *testing.T) {
	for _, tt := range []struct {
		list, target string
		want         bool
	}{
		{"", "https://api.example.com", false},
		{"*", "https://api.example.com", true},
		{"other, *", "https://api.example.com", true},
		{"example.com", "https://api.example.com", true},
		{"EXAMPLE.com", "https://Example.COM.", true},
		{"example.com", "https://badexample.com", false},
		{".example.com", "https://api.example.com", true},
		{".example.com", "https://example.com", false},
		{"*.example.com", "https://api.example.com", true},
		{"*.example.com", "https://example.com", false},
		{"example.com:443", "https://example.com", true},
		{"example.com:8443", "https://example.com", false},
		{"example.com:8443", "https://example.com:8443", true},
		{"192.0.2.0/24", "https://192.0.2.77", true},
		{"192.0.2.0/24", "https://198.51.100.1", false},
		{"192.0.2.0/24", "https://192.example", false},
		{"192.0.2.1", "https://192.0.2.1", true},
		{"::ffff:192.0.2.1", "https://192.0.2.1", true},
		{"192.0.2.1:1", "https://192.0.2.1", false},
		{"2001:db8::/32", "https://[2001:db8::1]", true},
		{"[2001:db8::1]", "https://[2001:db8::1]", true},
		{"[2001:db8::1]:443", "https://[2001:db8::1]", true},
		{"2001:db8::2", "https://[2001:db8::1]", false},
		{",. ,", "https://example.com", false},
		{"a b example.com", "https://example.com", true},
	} {
		u, err := url.Parse(tt.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := noProxy(tt.list, u); got != tt.want {
			t.Errorf("NO_PROXY=%q, %s: %t", tt.list, tt.target, got)
		}
	}
}
