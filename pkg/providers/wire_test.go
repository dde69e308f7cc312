package providers

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// testNow is the time on both clocks unless a test says otherwise.
var testNow = time.Date(2025, 3, 23, 0, 0, 0, 0, time.UTC)

const testDate = "Date: Sun, 23 Mar 2025 00:00:00 GMT\n"

// nastySecret has everything that an encoding could get wrong.
const nastySecret = `+3bZ/o%41:&<>"\=T31n2é`

// rawVendor answers every connection with the next of its raw answers, and
// keeps the bytes that arrived. An empty answer closes the connection.
type rawVendor struct {
	mu       sync.Mutex
	answers  []string
	requests []string
	times    []time.Time
}

func (v *rawVendor) client() *http.Client {
	client, err := NewClient()
	if err != nil {
		panic(err)
	}
	transport := client.Transport.(*http.Transport)
	transport.Proxy = nil
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go v.serve(theirs)
		return ours, nil
	}
	return client
}

func (v *rawVendor) serve(conn net.Conn) {
	defer conn.Close()
	var raw bytes.Buffer
	req, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw)))
	if err != nil {
		return
	}
	io.Copy(io.Discard, req.Body)
	v.mu.Lock()
	answer := v.answers[min(len(v.requests), len(v.answers)-1)]
	v.requests = append(v.requests, raw.String())
	v.times = append(v.times, time.Now())
	v.mu.Unlock()
	io.WriteString(conn, answer)
}

// raw makes an HTTP answer of a text with bare newlines. The body is as it
// stands, without the last newline; it ends with the connection.
func raw(text string) string {
	head, body, _ := strings.Cut(text, "\n\n")
	return strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + strings.TrimSuffix(body, "\n")
}

// json200 is a good HTTP answer around a body.
func json200(body string) string {
	return raw("HTTP/1.1 200 OK\nContent-Type: application/json\n" + testDate + "\n" + body)
}

// testCredentials fits any Spec: its own endpoint over http, so that the raw
// bytes can be seen.
func testCredentials(p *Provider) auth.Credentials {
	creds := auth.Credentials{ID: "cred-1", SpecSHA256: p.SHA256, InsecureHTTP: true, Vars: map[string]auth.Secret{}}
	for _, v := range p.Vars {
		if v.Default == "" {
			creds.Vars[v.Name] = auth.NewSecret(testValue(p, v))
		}
	}
	endpoint := "https://endpoint.example"
	if !p.NeedsEndpoint() {
		var err error
		if endpoint, err = p.ResolveEndpoint(creds.Vars, false); err != nil {
			endpoint = "https://unresolved.example"
		}
	}
	creds.Endpoint = strings.Replace(endpoint, "https://", "http://", 1)
	return creds
}

// testValue is a value that a variable may have.
func testValue(p *Provider, v Var) string {
	switch {
	case v.Is == IsPEM && p.JWT.Alg == AlgES256:
		return testKeys().es256
	case v.Is == IsPEM && p.JWT.Alg == AlgEdDSA:
		return testKeys().eddsa
	case v.Is == IsPEM:
		return testKeys().rs256
	case v.Is == IsNumber:
		return "42"
	case v.Is == IsHost:
		return "public-" + strings.ReplaceAll(v.Name, "_", "-") + ".example"
	case v.Secret:
		return nastySecret
	}
	return "public-" + v.Name
}

// outcome is what one exchange came to.
type outcome struct {
	token   auth.Token
	rotated *auth.Credentials
	err     error
	notices []string
	trace   []string
	vendor  *rawVendor
}

// exchange runs one exchange in a bubble of its own, so that pauses and
// time-outs cost no time.
func exchange(t *testing.T, p *Provider, change func(*Engine, *auth.Credentials), answers ...string) outcome {
	t.Helper()
	var o outcome
	synctest.Test(t, func(t *testing.T) {
		o.vendor = &rawVendor{answers: answers}
		e := &Engine{
			Provider: p,
			Client:   o.vendor.client(),
			Now:      func() time.Time { return testNow },
			Notice:   func(line string) { o.notices = append(o.notices, line) },
			Trace:    func(line string) { o.trace = append(o.trace, line) },
		}
		creds := testCredentials(p)
		if change != nil {
			change(e, &creds)
		}
		var grant auth.Grant
		grant, o.err = e.Exchange(t.Context(), creds)
		o.token, o.rotated = grant.Token, grant.Rotated
	})
	return o
}

func find(t *testing.T, name string) *Provider {
	t.Helper()
	p, err := Catalogue{}.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fromFile is a built-in provider as its file has it, of which the program may
// know nothing yet.
func fromFile(t *testing.T, name string) *Provider {
	t.Helper()
	p := fromYAML(t, string(vendorFile(t, name)))
	p.BuiltIn, p.SHA256 = true, ""
	return p
}

// fromYAML makes a user's provider of a source.
func fromYAML(t *testing.T, src string) *Provider {
	t.Helper()
	spec, err := Parse([]byte(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return &Provider{Spec: spec, source: []byte(src), SHA256: auth.NewSecret(src).SHA256()}
}

// random is what differs from one request to the next: JWTs and UUIDs.
var random = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// TestRequestGoldens compares every built-in provider's request, byte by byte,
// and what it signs.
func TestRequestGoldens(t *testing.T) {
	for _, name := range vendorNames(t) {
		t.Run(name, func(t *testing.T) {
			p := fromFile(t, name)
			o := exchange(t, p, nil, json200(`{}`))
			want, sent := 1, ""
			if p.SignsLocally() {
				want = 0
			}
			if len(o.vendor.requests) != want {
				t.Fatalf("%d requests: %v", len(o.vendor.requests), o.err)
			}
			if want == 1 {
				sent = random.ReplaceAllStringFunc(o.vendor.requests[0], func(text string) string {
					if strings.HasPrefix(text, "eyJ") {
						return "{jwt}"
					}
					return "{uuid}"
				})
			}
			made, err := (&Engine{Provider: p}).showMade(testCredentials(p))
			if err != nil {
				t.Fatal(err)
			}
			if made != "" {
				sent = strings.TrimPrefix(sent+"\n-- made --\n"+made, "\n")
			}
			golden(t, filepath.Join("testdata", name, "request.golden"), sent)
		})
	}
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, path, have string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if have != string(want) {
		t.Errorf("have:\n%q\nwant:\n%q", have, want)
	}
}

// hangingClient reaches a vendor that reads and never answers.
func hangingClient() *http.Client {
	client, err := NewClient()
	if err != nil {
		panic(err)
	}
	transport := client.Transport.(*http.Transport)
	transport.Proxy = nil
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			io.Copy(io.Discard, theirs)
		}()
		return ours, nil
	}
	return client
}
