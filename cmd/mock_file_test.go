package cmd

import (
	"crypto/rand"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// TestMockServesEveryProvider serves each built-in vendor from its file alone:
// hauth logs in and calls the API, a client does not notice that its token is
// revoked, and other secrets are refused.
func TestMockServesEveryProvider(t *testing.T) {
	t.Parallel()
	for _, name := range (providers.Catalogue{}).Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := (providers.Catalogue{}).Find(name)
			if err != nil {
				t.Fatal(err)
			}
			vendor, mock := serveFile(t, p.Spec)
			client := &hauth.Client{Environ: []string{"HAUTH_HOME=" + t.TempDir()}}
			if err := logInTo(t, client, p, vendor); err != nil {
				t.Fatalf("%v; %+v", err, mock.Log())
			}
			account, err := client.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			result, err := account.Token(t.Context(), broker.Want{})
			if err != nil {
				t.Fatal(err)
			}
			bases, err := account.API(result.Token)
			if err != nil {
				t.Fatal(err)
			}
			requests := 1
			if p.SignsLocally() {
				requests = 0
			}
			call := func() string { return get(t, client.Transport(name, nil), bases[0]+vendor.Call) }
			if got := call(); !strings.Contains(got, `"account":"demo"`) {
				t.Errorf("logged in: %s", got)
			}
			// Signed within a second, a token may be the same once more; and some
			// vendors give a second one only after a while.
			if !p.SignsLocally() && p.Limits.Every == 0 {
				mock.Revoke(name, "all")
				if got := call(); !strings.Contains(got, `"account":"demo"`) {
					t.Errorf("revoked: %s", got)
				}
				requests++
			}
			if n := mock.Tokens(name); n != requests {
				t.Errorf("%d requests for a token", n)
			}
			for _, v := range p.SecretVars() {
				other := vendor
				other.Credentials = maps.Clone(vendor.Credentials)
				other.Credentials[v.Name] = "not-the-secret-0123456789"
				if v.Is == providers.IsPEM {
					stranger, _ := serveFile(t, p.Spec)
					other.Credentials[v.Name] = stranger.Credentials[v.Name]
				}
				if err := logInTo(t, client, p, other); !auth.Is(err, auth.Denied) && !p.SignsLocally() {
					t.Errorf("a wrong %s: %v", v.Name, err)
				}
			}
		})
	}
}

func serveFile(t *testing.T, s *providers.Spec) (mockvendor.Vendor, *mockvendor.Server) {
	t.Helper()
	file, err := mockFile(s)
	if err != nil {
		t.Fatal(err)
	}
	mock := mockvendor.New(mockvendor.Options{Files: []mockvendor.File{file}})
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	return mock.Vendors(server.URL)[0], mock
}

// logInTo logs in to a mock vendor, with the file store.
func logInTo(t *testing.T, client *hauth.Client, p *providers.Provider, v mockvendor.Vendor) error {
	t.Helper()
	if _, err := client.MakeKey(); err != nil {
		t.Fatal(err)
	}
	account := auth.Account{Provider: p.Name, Profile: auth.DefaultProfile}
	login, err := client.BeginLogin(t.Context(), account, p, store.File)
	if err != nil {
		t.Fatal(err)
	}
	creds := auth.Credentials{ID: rand.Text(), Endpoint: v.Endpoint, API: v.API, SpecSHA256: p.SHA256, Vars: map[string]auth.Secret{}}
	for name, value := range v.Credentials {
		creds.Vars[name] = auth.NewSecret(value)
	}
	_, _, err = login.Complete(t.Context(), creds, true)
	return err
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
