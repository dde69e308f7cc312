package providers

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// live is an engine against a real listener, with NewClient's own client.
func live(t *testing.T, endpoint string) (*Engine, auth.Credentials) {
	t.Helper()
	p := plain(t, asForm, secondsUse)
	creds := testCredentials(p)
	creds.Endpoint, creds.InsecureHTTP = endpoint, false
	return &Engine{Provider: p, Timeout: 5 * time.Second}, creds
}

func TestTLS(t *testing.T) {
	requests := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		if r.ProtoMajor != 1 {
			t.Errorf("%s", r.Proto)
		}
		w.Write([]byte(`{"token":"x","ttl":3600}`))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshake that we refuse
	server.StartTLS()
	defer server.Close()
	e, creds := live(t, server.URL)
	_, err := e.Exchange(t.Context(), creds)
	if a, ok := auth.AsError(err); !ok || a.Kind != auth.Network || a.Retryable || !strings.Contains(a.Fact, "TLS with 127.0.0.1") || a.Remedy != auth.RemedyOwnAuthority {
		t.Error(err)
	}
	if requests != 0 {
		t.Error("the secret went to an unverified host")
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	creds.CAFile = file // as agreed to at login
	if _, err := e.Exchange(t.Context(), creds); err != nil {
		t.Error(err)
	}
	creds.CAFile, e.CAFile = "", file // as the environment says
	if _, err := e.Exchange(t.Context(), creds); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte("no PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Exchange(t.Context(), creds); !auth.Is(err, auth.Usage) {
		t.Error(err)
	}
}

func TestPlainHTTPWhereTLSIsMeant(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	e, creds := live(t, strings.Replace(server.URL, "http", "https", 1))
	if _, err := e.Exchange(t.Context(), creds); !auth.Is(err, auth.Network) || !strings.Contains(err.Error(), "TLS") {
		t.Error(err)
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	e, creds := live(t, "http://"+l.Addr().String())
	_, err = e.Exchange(t.Context(), creds)
	if a, ok := auth.AsError(err); !ok || a.Kind != auth.Network || !a.Retryable || !strings.Contains(a.Fact, "no connection to 127.0.0.1") {
		t.Error(err)
	}
}

// TestProxyErrorHidesThePassword: net/http's own error repeats the variable.
func TestProxyErrorHidesThePassword(t *testing.T) {
	client, err := NewClient()
	if err != nil {
		t.Fatal(err)
	}
	client.Transport.(*http.Transport).Proxy = func(*http.Request) (*url.URL, error) { return nil, errProxy }
	e, creds := live(t, "https://plain.example")
	e.Client = client
	_, err = e.Exchange(t.Context(), creds)
	if a, ok := auth.AsError(err); !ok || a.Kind != auth.Usage || a.Remedy != auth.RemedyProxy {
		t.Error(err)
	}
}

func TestSkew(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 500e6, time.UTC)
	date := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead || r.Header.Get("Authorization") != "" || r.ContentLength > 0 {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		w.Header()["Date"] = nil
		if date != "" {
			w.Header().Set("Date", date)
		}
		w.WriteHeader(http.StatusFound)
	}))
	defer server.Close()
	e, _ := live(t, server.URL)
	e.Now = func() time.Time { return now }
	for _, skew := range []time.Duration{0, time.Second, -time.Minute, 90 * time.Minute} {
		date = now.Add(skew).Format(http.TimeFormat)
		if have, err := e.Skew(t.Context(), server.URL, ""); err != nil || have != skew {
			t.Errorf("%v, %v, want %v", have, err, skew)
		}
	}
	date = ""
	if _, err := e.Skew(t.Context(), server.URL, ""); !auth.Is(err, auth.Vendor) {
		t.Error(err)
	}
	if _, err := e.Skew(t.Context(), "ftp://x", ""); !auth.Is(err, auth.Usage) {
		t.Error(err)
	}
}

// TestNoHTTP2: one request needs none of it, and none of its frames.
func TestNoHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	client, err := NewClient(file)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); string(text) != "HTTP/1.1" {
		t.Errorf("%s", text)
	}
}
