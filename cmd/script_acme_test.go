package cmd

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// Acme is a vendor of a script's own, for what the three do not do:
//
//	acme [FILE]         serve it ($ACME), and install FILE as its provider file,
//	                    with $ACME in it replaced
//	acme-tls [FILE]     the same over https; ca.pem is its certificate authority
//	acme-answer FILE    answer requests for a token with FILE: a status line,
//	                    headers, an empty line, a body. {token} is a new token,
//	                    {token:N} one of N bytes, {same} always the same, {secret}
//	                    and {basic} what the client has sent
//	acme-requests N     so many requests for a token so far
//
// /surplus sends a token after the end of its response, and /surplus/end
// answers when the connection on which it did so has been closed.
//
// Any other path tells where the newest tokens were found in the request,
// and how often: {"header Authorization":1}.
func addAcmeVerbs(verbs map[string]func(*testscript.TestScript, bool, []string)) {
	verbs["acme"] = func(ts *testscript.TestScript, _ bool, args []string) { serveAcme(ts, false, args) }
	verbs["acme-tls"] = func(ts *testscript.TestScript, _ bool, args []string) { serveAcme(ts, true, args) }
	verbs["acme-answer"] = func(ts *testscript.TestScript, _ bool, args []string) {
		scriptOf(ts).acme.setAnswer(ts.ReadFile(args[0]))
	}
	verbs["acme-requests"] = func(ts *testscript.TestScript, _ bool, args []string) {
		if n := scriptOf(ts).acme.count(); strconv.Itoa(n) != args[0] {
			ts.Fatalf("acme was asked for a token %d times, not %s", n, args[0])
		}
	}
}

const (
	acmeSecret = "acme-only-secret-77b1f0e2c9d4"
	acmeID     = "acme-id"
	acmeOK     = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n" + `{"code":0,"data":{"token":"{token}","expires_in":7200}}`
)

type acme struct {
	canary *canaries
	cut    chan struct{} // gets one for each connection with a surplus that was closed

	mu       sync.Mutex
	answer   string
	requests int
	tokens   []string
}

func serveAcme(ts *testscript.TestScript, secure bool, args []string) {
	s := scriptOf(ts)
	s.acme = &acme{canary: &s.canary, cut: make(chan struct{}, 1), answer: acmeOK}
	server := httptest.NewUnstartedServer(s.acme)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes are refused on purpose
	if secure {
		server.StartTLS()
		pem := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		ts.Check(os.WriteFile(filepath.Join(s.work, "ca.pem"), pem, 0o600))
	} else {
		server.Start()
	}
	s.closing = append(s.closing, server.Close)
	ts.Setenv("ACME", server.URL)
	s.environ = setEnv(s.environ, "ACME", server.URL)
	if len(args) == 0 {
		return
	}
	dir := filepath.Join(s.work, "hauth", "providers")
	ts.Check(os.MkdirAll(dir, 0o700))
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "$ACME", server.URL)
	ts.Check(os.WriteFile(filepath.Join(dir, filepath.Base(args[0])), []byte(text), 0o600))
}

func (a *acme) setAnswer(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = text
}

func (a *acme) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests
}

func (a *acme) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	switch r.URL.Path {
	case "/surplus":
		a.sendSurplus(w, r)
		return
	case "/surplus/end":
		<-a.cut
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if r.URL.Path != "/token" {
		a.report(w, r, body)
		return
	}
	a.requests++
	head, text, _ := strings.Cut(a.fill(a.answer, r.Header.Get("Authorization")), "\n\n")
	status, header, _ := strings.Cut(head+"\n", "\n")
	fields := strings.Fields(status)
	code, err := strconv.Atoi(fields[1])
	if err != nil {
		panic(err)
	}
	h, err := textproto.NewReader(bufio.NewReader(strings.NewReader(header + "\n"))).ReadMIMEHeader()
	if err != nil {
		panic(err)
	}
	for name, values := range h {
		w.Header()[name] = values
	}
	w.WriteHeader(code)
	io.WriteString(w, strings.TrimSuffix(text, "\n"))
}

func (a *acme) sendSurplus(w http.ResponseWriter, r *http.Request) {
	conn, both, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nshort"+r.Header.Get("Authorization"))
	io.Copy(io.Discard, both)
	a.cut <- struct{}{}
}

// fill puts new tokens into an answer.
func (a *acme) fill(text, authorization string) string {
	text = strings.NewReplacer("{secret}", acmeSecret, "{basic}", strings.TrimPrefix(authorization, "Basic "),
		"{same}", a.remember("acme-the-same-token-0123456789abcdef")).Replace(text)
	for {
		before, rest, found := strings.Cut(text, "{token")
		if !found {
			return text
		}
		size, after, _ := strings.Cut(rest, "}")
		token := "acme-" + rand.Text() + rand.Text()
		if n, err := strconv.Atoi(strings.TrimPrefix(size, ":")); err == nil {
			token += strings.Repeat("x", n-len(token))
		}
		text = before + a.remember(token) + after
	}
}

func (a *acme) remember(token string) string {
	if !slices.Contains(a.tokens, token) {
		a.tokens = append(a.tokens, token)
		a.canary.token(token)
	}
	return token
}

// report tells where a call carries a token.
func (a *acme) report(w http.ResponseWriter, r *http.Request, body []byte) {
	found := map[string]int{}
	look := func(where, text string) {
		for _, token := range a.tokens {
			if n := strings.Count(text, token); n > 0 {
				found[where] += n
			}
		}
	}
	for name, values := range r.Header {
		look("header "+name, strings.Join(values, "\n"))
	}
	query := r.URL.Query()
	for name, values := range query {
		look("query "+name, strings.Join(values, "\n"))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ParseForm()
	for name, values := range r.PostForm {
		look("form "+name, strings.Join(values, "\n"))
	}
	for name, n := range found {
		fmt.Fprintf(w, "%s %s: %s, %d\n", r.Method, r.URL.Path, name, n)
	}
	if len(found) == 0 {
		fmt.Fprintf(w, "%s %s: no token\n", r.Method, r.URL.Path)
	}
}
