package cmd

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
)

// TestMockServesEveryProvider takes each built-in vendor's file and no code of
// its own: hauth gets a token, a client uses it and does not notice that it is
// logged out, and other secrets are refused.
func TestMockServesEveryProvider(t *testing.T) {
	t.Parallel()
	for _, name := range (providers.Catalogue{}).Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := (providers.Catalogue{}).Find(name)
			if err != nil {
				t.Fatal(err)
			}
			mock := mockvendor.New(mockvendor.Options{Files: []mockvendor.File{mockFile(p.Spec)}})
			server := httptest.NewServer(mock)
			defer server.Close()
			vendor := mock.Vendors(server.URL)[0]

			client := &hauth.Client{Environ: mockEnviron(t, vendor)}
			account, err := client.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			result, err := account.Token(t.Context(), broker.Want{})
			if err != nil {
				t.Fatalf("%v; %+v", err, mock.Log())
			}
			bases, err := account.API(result.Token)
			if err != nil {
				t.Fatal(err)
			}
			for _, moment := range []string{"logged in", "logged out"} {
				if got := get(t, client.Transport(name, nil), bases[0]+vendor.Call); !strings.Contains(got, `"account":"demo"`) {
					t.Errorf("%s: %s", moment, got)
				}
				mock.Revoke(name, "all")
			}
			if n := mock.Tokens(name); n != 2 {
				t.Errorf("%d requests for a token", n)
			}

			for _, v := range p.SecretVars() {
				wrong := vendor
				wrong.Env = map[string]string{strings.ToUpper(v.Name): "not-the-secret-0123456789"}
				environ := slices.Concat(mockEnviron(t, wrong), describeMock(vendor).Env) // the first of two counts
				account, err := (&hauth.Client{Environ: environ}).Open(name)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := account.Token(t.Context(), broker.Want{}); !auth.Is(err, auth.Denied) {
					t.Errorf("a wrong %s: %v", v.Name, err)
				}
			}
		})
	}
}

// mockEnviron gives a mock vendor's credentials to hauth, in a home of its own.
func mockEnviron(t *testing.T, v mockvendor.Vendor) []string {
	t.Helper()
	return append(describeMock(v).Env, "HAUTH_HOME="+t.TempDir())
}

func get(t *testing.T, transport http.RoundTripper, url string) string {
	t.Helper()
	resp, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.Status + " " + string(body)
}
