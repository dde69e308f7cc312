package hauth_test

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/store"
)

const (
	mockID     = "mock-only-123pan-id"
	mockSecret = "mock-only-123pan-secret-5f1c0a9e7d"
)

// mock is the vendors on loopback, one for all examples.
var mock = sync.OnceValue(func() *httptest.Server {
	return httptest.NewServer(mockvendor.New(mockvendor.Options{}))
})

func endpoint() string { return mock().URL + "/123pan" }

// exampleHome is one directory for all examples, which have no test to clean
// up after them.
var exampleHome = sync.OnceValue(func() string {
	home, err := os.MkdirTemp("", "hauth-example-")
	if err != nil {
		panic(err)
	}
	return home
})

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(exampleHome())
	os.Exit(code)
}

// client is what a job with credentials in its environment has.
func client() *hauth.Client {
	return &hauth.Client{Environ: environ(exampleHome(), endpoint())}
}

func environ(home, endpoint string) hauth.Environ {
	return hauth.Environ{
		"HAUTH_HOME=" + home, "XDG_RUNTIME_DIR=" + home,
		"HAUTH_123PAN_CLIENT_ID=" + mockID, "HAUTH_123PAN_CLIENT_SECRET=" + mockSecret, "HAUTH_123PAN_ENDPOINT=" + endpoint,
	}
}

func without(env hauth.Environ, part string) hauth.Environ {
	var kept hauth.Environ
	for _, entry := range env {
		if !strings.Contains(entry, part) {
			kept = append(kept, entry)
		}
	}
	return kept
}

// logIn stores the mock's credentials in the file store at home.
func logIn(t *testing.T, home, account string) {
	t.Helper()
	logInAt(t, home, account, endpoint())
}

// logInAt is logIn at another endpoint.
func logInAt(t *testing.T, home, account, endpoint string) {
	t.Helper()
	c := &hauth.Client{Environ: without(environ(home, endpoint), "HAUTH_123PAN")}
	name, err := auth.ParseAccount(account)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := c.Catalogue().Find(name.Provider)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.MakeKey(); err != nil {
		t.Fatal(err)
	}
	login, err := c.BeginLogin(t.Context(), name, provider, store.File)
	if err != nil {
		t.Fatal(err)
	}
	creds := auth.Credentials{ID: rand.Text(), Endpoint: endpoint, Vars: map[string]auth.Secret{
		"client_id": auth.NewSecret(mockID), "client_secret": auth.NewSecret(mockSecret),
	}}
	if _, _, err := login.Complete(t.Context(), creds, true); err != nil {
		t.Fatal(err)
	}
}

// TestPrecedence: credentials in the environment come before the stored
// account, which comes before an inherited token, as for the command.
func TestPrecedence(t *testing.T) {
	home := t.TempDir()
	env := environ(home, endpoint())
	bare := without(env, "HAUTH_123PAN")
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	inherited := append(hauth.Environ{"HAUTH_123PAN_TOKEN=from-outside", "HAUTH_123PAN_EXPIRES_AT=" + later}, bare...)

	open := func(env hauth.Environ) (*hauth.Account, error) { return (&hauth.Client{Environ: env}).Open("123pan") }
	if _, err := open(bare); !auth.Is(err, auth.NotFound) || !strings.HasPrefix(err.Error(), "123pan: not logged in") {
		t.Fatalf("nothing anywhere: %v", err)
	}
	account, err := open(inherited)
	if err != nil || account.Source != hauth.SourceInherited {
		t.Fatalf("inherited: %v", err)
	}
	result, err := account.Token(t.Context(), broker.Want{})
	if err != nil || result.Token.Value.Reveal() != "from-outside" || result.From != broker.FromEnvironment {
		t.Fatalf("inherited: %v, %v", result, err)
	}
	if _, err := account.Token(t.Context(), broker.Want{Refresh: true}); !auth.Is(err, auth.NotFound) {
		t.Errorf("an inherited token was refreshed: %v", err)
	}
	logIn(t, home, "123pan")
	if account, err = open(inherited); err != nil || account.Source != hauth.SourceStored {
		t.Fatalf("stored: %v", err)
	}
	if account, err = open(append(inherited, env...)); err != nil || account.Source != hauth.SourceEnvironment {
		t.Fatalf("environment: %v", err)
	}
	if account, err = open(append(without(env, "SECRET"), "HAUTH_123PAN_CLIENT_SECRET=")); err != nil || account.Source != hauth.SourceStored {
		t.Fatalf("an incomplete set hides the stored account: %v", err)
	}
}

// TestInheritedTokenMustLast: one that ends in less than 5 s, or that has no
// expiry, is not used.
func TestInheritedTokenMustLast(t *testing.T) {
	bare := without(environ(t.TempDir(), endpoint()), "HAUTH_123PAN")
	for expires, ok := range map[string]bool{
		time.Now().Add(time.Minute).Format(time.RFC3339): true, time.Now().Add(3 * time.Second).Format(time.RFC3339): false,
		time.Now().Add(-time.Hour).Format(time.RFC3339): false, "": false, "tomorrow": false,
	} {
		_, err := (&hauth.Client{Environ: append(hauth.Environ{"HAUTH_123PAN_TOKEN=x", "HAUTH_123PAN_EXPIRES_AT=" + expires}, bare...)}).Open("123pan")
		if (err == nil) != ok {
			t.Errorf("until %q: %v", expires, err)
		}
	}
}

// TestNamesOfVariables: an empty or mistyped variable is named, with what is
// missing; another program's variable is not.
func TestNamesOfVariables(t *testing.T) {
	for name, test := range map[string]struct {
		env    []string
		notice string
	}{
		"mistyped": {[]string{"HAUTH_123PAN_CLIENTID=x"}, "HAUTH_123PAN_CLIENTID is not a variable of this provider; did you mean HAUTH_123PAN_CLIENT_ID?"},
		"empty":    {[]string{"HAUTH_123PAN_CLIENT_ID=x", "HAUTH_123PAN_CLIENT_SECRET="}, "ignoring the credentials in the environment: HAUTH_123PAN_CLIENT_SECRET is set but empty"},
		"missing":  {[]string{"HAUTH_123PAN_CLIENT_ID=x"}, "ignoring the credentials in the environment: HAUTH_123PAN_CLIENT_SECRET is not set"},
		"foreign":  {[]string{"HAUTH_123PAN_COLOUR=x"}, ""},
		"profile":  {[]string{"HAUTH_123PAN__WORK_CLIENT_ID=x"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var notices []string
			c := &hauth.Client{
				Environ: append(without(environ(t.TempDir(), endpoint()), "HAUTH_123PAN"), test.env...),
				Notice:  func(_, text string) { notices = append(notices, text) },
			}
			if _, err := c.Open("123pan"); !auth.Is(err, auth.NotFound) {
				t.Fatal(err)
			}
			if got := strings.Join(notices, "\n"); got != test.notice {
				t.Errorf("notices %q, want %q", got, test.notice)
			}
		})
	}
}

// TestHome: a home that is relative, or that only a shell expands, is refused
// and made nowhere.
func TestHome(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, home := range []string{"~/.hauth", "~", "state", "./state", "../x"} {
		_, err := (&hauth.Client{Environ: hauth.Environ{"HOME=/nowhere", "HAUTH_HOME=" + home}}).Open("123pan")
		if !auth.Is(err, auth.Usage) {
			t.Errorf("%s: %v", home, err)
		}
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) != 0 {
		t.Errorf("%v, %v", entries, err)
	}
}

// TestValues: what editors, shells and copying leave in a value is refused
// before it is sent, wherever the value comes from, and never repeated.
func TestValues(t *testing.T) {
	dir := t.TempDir()
	for name, value := range map[string]string{
		"byte order mark": "\xef\xbb\xbf" + mockSecret, "UTF-16": "\xff\xfes\x00e\x00", "NUL": "canary\x00", "line break": "canary\nsecond", "carriage return": "canary\r",
		"escape": "canary\x1b[2J", "not UTF-8": "canary\xe9",
	} {
		file := filepath.Join(dir, "secret")
		if err := os.WriteFile(file, []byte(value), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, variable := range []string{"HAUTH_123PAN_CLIENT_SECRET=" + value, "HAUTH_123PAN_CLIENT_SECRET_FILE=" + file} {
			if strings.HasSuffix(variable, "\r") == false && name == "carriage return" {
				continue // one line break at the end of a file is dropped
			}
			env := append(without(environ(t.TempDir(), endpoint()), "SECRET"), variable)
			_, err := (&hauth.Client{Environ: env}).Open("123pan")
			if !auth.Is(err, auth.Usage) || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "HAUTH_123PAN_CLIENT_SECRET") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	env := append(without(environ(t.TempDir(), endpoint()), "SECRET"), "HAUTH_123PAN_CLIENT_SECRET_FILE=canary-secret-itself")
	if _, err := (&hauth.Client{Environ: env}).Open("123pan"); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("a secret in place of its file's name: %v", err)
	}
}

func TestOddLook(t *testing.T) {
	for value, odd := range map[string]bool{
		"plain": false, "a*b==": false, "c2VjcmV0LXNlY3JldA==": false, "ABCDEFGHIJKLMNOP=": false, "key=value": false,
		" x": true, "x\t": true, `"x"`: true, "'x'": true, "$(pass x)": true, "${X}": true, "op://vault/item": true, "CLIENT_SECRET=x": true, "a b": true, "client_secret=x": true, "abc_def==": false,
	} {
		if got := hauth.OddLook(value); (got != "") != odd {
			t.Errorf("%q: %q", value, got)
		}
	}
}

// TestTransport: a token that was revoked is replaced and the request
// repeated, with its body; a request to another host does not get the token.
func TestTransport(t *testing.T) {
	vendor := &vendor{}
	server := httptest.NewServer(vendor)
	defer server.Close()
	env := environ(t.TempDir(), server.URL)
	c := &http.Client{Transport: (&hauth.Client{Environ: env}).Transport("123pan", nil)}
	post := func(url string) (*http.Response, string, error) {
		resp, err := c.Post(url, "text/plain", strings.NewReader("the body"))
		if err != nil {
			return nil, "", err
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp, string(body), nil
	}
	for range 2 {
		resp, body, err := post(server.URL + "/api/x")
		if err != nil || resp.StatusCode != 200 || body != "the body" {
			t.Fatalf("%v, %q, %v", resp, body, err)
		}
	}
	vendor.revoke()
	resp, body, err := post(server.URL + "/api/x")
	if err != nil || resp.StatusCode != 200 || body != "the body" {
		t.Fatalf("%v, %q, %v", resp, body, err)
	}
	if vendor.tokens != 2 {
		t.Errorf("%d token requests, want 2", vendor.tokens)
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("another host got the token")
		}
	}))
	defer elsewhere.Close()
	if _, _, err := post(elsewhere.URL); !auth.Is(err, auth.Usage) {
		t.Error(err)
	}
}

// vendor gives tokens like 123pan's endpoint, and echoes the body of calls that
// carry the latest.
type vendor struct {
	mu     sync.Mutex
	tokens int
	dead   bool
}

func (v *vendor) revoke() { v.mu.Lock(); v.dead = true; v.mu.Unlock() }

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if r.URL.Path == "/api/v1/access_token" {
		v.tokens++
		v.dead = false
		io.WriteString(w, `{"code":0,"message":"ok","data":{"accessToken":"token-`+string(rune('0'+v.tokens))+
			`","expiredAt":"`+time.Now().Add(time.Hour).UTC().Format(time.RFC3339)+`"}}`)
		return
	}
	if v.dead || r.Header.Get("Authorization") != "Bearer token-"+string(rune('0'+v.tokens)) || r.Header.Get("Platform") != "open_platform" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	io.Copy(w, r.Body)
}

// TestZeroDirs: a store without directories never uses the current one.
func TestZeroDirs(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := (&hauth.Client{Environ: hauth.Environ{}}).Open("123pan"); !auth.Is(err, auth.Store) {
		t.Error(err)
	}
	var noHome *auth.Error
	if _, err := (&hauth.Client{Environ: hauth.Environ{}}).List(); !errors.As(err, &noHome) || noHome.Remedy != auth.RemedyHome {
		t.Error(err)
	}
}
