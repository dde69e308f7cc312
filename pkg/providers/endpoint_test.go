package providers

import (
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

func TestCheckEndpoint(t *testing.T) {
	for raw, want := range map[string]string{
		"https://API.Example.com":        "https://api.example.com",
		"HTTPS://api.example.com/":       "https://api.example.com",
		"https://api.example.com:443/a/": "https://api.example.com/a",
		"https://api.example.com:8443":   "https://api.example.com:8443",
		"http://127.0.0.1:9/123pan":      "http://127.0.0.1:9/123pan",
		"http://127.8.9.1":               "http://127.8.9.1",
		"http://[::1]:80":                "http://[::1]",
		"http://localhost:8080":          "http://localhost:8080",
		"https://xn--bcher-kva.example":  "https://xn--bcher-kva.example",
	} {
		if have, err := CheckEndpoint(raw, false); err != nil || have != want {
			t.Errorf("%s: %q, %v", raw, have, err)
		}
	}
	for _, raw := range []string{
		"", "api.example.com", "//api.example.com", "ftp://api.example.com", "https://", "https:///x", "https:api.example.com",
		"https://user@api.example.com", "https://user:hunter22@api.example.com", "https://user:hun/ter22@api.example.com",
		"https://api.example.com?x=1", "https://api.example.com?", "https://api.example.com#x", "https://api.example.com#",
		"https://api.example.com:0", "https://api.example.com:99999", "https://api.example.com:", "https://api.example.com:x",
		"https://api.example.com/a b", "https://api.example.com/a\nb", "https://api.example.com/../x", "https://api.example.com/{x}",
		`https://api.example.com\@evil.example`, "https://bücher.example", "https://api.example.com\x00",
		"http://api.example.com", "http://10.0.0.1", "http://0.0.0.0", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://2130706433",
	} {
		_, err := CheckEndpoint(raw, false)
		if !auth.Is(err, auth.Usage) {
			t.Errorf("%q: %v", raw, err)
		} else if strings.Contains(err.Error(), "hunter22") || strings.Contains(err.Error(), "ter22") {
			t.Errorf("%q shows the password", raw)
		}
	}
	if have, err := CheckEndpoint("http://api.example.com", true); err != nil || have != "http://api.example.com" {
		t.Error(have, err)
	}
}

// TestHostsThatNoHostHas: an endpoint is shown and exported for others to use,
// and net/url lets a host hold what a shell would run.
func TestHostsThatNoHostHas(t *testing.T) {
	for _, host := range []string{
		"a$(id)", "a'b;id", "a;b", "a,b", "*", "*.example", "a!b", "a&b", "(a)", "a=b", "a~b", "..", ".", "a..b", ".a", "a..", "a%25b",
		"[::1%25$(id)]", "[::1%25]", "[a]", "[1.2.3.4]", "[::1]x",
	} {
		for _, raw := range []string{"https://" + host, "https://" + host + ":8443/x"} {
			if have, err := CheckEndpoint(raw, true); !auth.Is(err, auth.Usage) {
				t.Errorf("%s: %q, %v", raw, have, err)
			}
		}
	}
	for _, host := range []string{"a", "a_b.example", "a-1.example.", "xn--bcher-kva.example", "192.0.2.1", "[2001:db8::1]", "[fe80::1%25eth0]"} {
		if have, err := CheckEndpoint("https://"+host, false); err != nil || have != "https://"+host {
			t.Errorf("%s: %q, %v", host, have, err)
		}
	}
}

// TestEndpointsThatChangedOnTheWay: an escaped slash at the end went missing,
// and a port with a zero before it was another endpoint than the one without.
func TestEndpointsThatChangedOnTheWay(t *testing.T) {
	for _, raw := range []string{"https://h/a%2F", "https://h/a%2f", "https://h/a%2F/", "https://h/%2F//", "https://h/a%2F%2f"} {
		if have, err := CheckEndpoint(raw, false); !auth.Is(err, auth.Usage) {
			t.Errorf("%s: %q, %v", raw, have, err)
		}
	}
	for raw, want := range map[string]string{
		"https://h/a%2Fb/": "https://h/a%2Fb", "https://h:0443/a": "https://h/a", "https://h:08443": "https://h:8443", "https://h:80": "https://h:80",
		"http://[::1]:0080": "http://[::1]", "http://[::1]:0443/": "http://[::1]:443", "https://[fe80::1%25eth0]:00443": "https://[fe80::1%25eth0]",
	} {
		have, err := CheckEndpoint(raw, false)
		if err != nil || have != want {
			t.Errorf("%s: %q, %v", raw, have, err)
		}
		if again, err := CheckEndpoint(have, false); err != nil || again != have {
			t.Errorf("%s is not normal: %q, %v", have, again, err)
		}
	}
}
