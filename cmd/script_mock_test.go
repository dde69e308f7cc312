package cmd

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hauth/hauth/internal/mockvendor"
)

// The vendors of a script:
//
//	mock                        serve them; sets $MOCK, and for each vendor
//	                            $MOCK_123PAN (endpoint), _ID, _SECRET, and for
//	                            any other variable of its credentials _NAME
//	mock-process [FLAG...]      the same by hauth mock, as a process of its own
//	login ACCOUNT [FLAG...]     hauth login against the mock, with --store file
//	mock-fail PROVIDER MODE     "none" ends it
//	mock-ttl, mock-latency PROVIDER DUR; mock-variant PROVIDER text; mock-skew DUR
//	mock-revoke PROVIDER        log all its tokens out
//	mock-requests PROVIDER N    so many requests for a token so far
//	mock-await PROVIDER N       wait until there were so many
//	clock DUR                   hauth and the vendors live so far ahead from now on
//	clock-skew DUR              hauth alone does, on top of that
func addMockVerbs(verbs map[string]func(*testscript.TestScript, bool, []string)) {
	verbs["mock"] = verbMock
	verbs["mock-process"] = verbMockProcess
	verbs["mock-revoke"] = func(ts *testscript.TestScript, _ bool, args []string) {
		ts.Check(scriptOf(ts).mock.Revoke(args[0], "all"))
	}
	verbs["login"] = verbLogin
	verbs["mock-requests"] = verbMockRequests
	verbs["mock-await"] = verbMockAwait
	verbs["clock"] = verbClock
	verbs["clock-skew"] = verbClockSkew
	for _, name := range []string{"fail", "ttl", "latency", "variant", "skew"} {
		verbs["mock-"+name] = func(ts *testscript.TestScript, _ bool, args []string) {
			ts.Check(steerMock(scriptOf(ts).mock, name, args))
		}
	}
}

func verbMock(ts *testscript.TestScript, _ bool, _ []string) {
	s := scriptOf(ts)
	s.mock = mockvendor.New(mockvendor.Options{Now: s.clock.now})
	server := httptest.NewServer(&recorder{to: s.mock, canary: &s.canary})
	s.closing = append(s.closing, func() {
		server.CloseClientConnections()
		server.Close()
	})
	s.useMock(ts, server.URL, s.mock.Vendors(server.URL))
}

// useMock tells the script where the vendors are, and also, without the
// secrets, its processes.
func (s *script) useMock(ts *testscript.TestScript, base string, vendors []mockvendor.Vendor) {
	set := func(name, value string, public bool) {
		ts.Setenv(name, value)
		if public {
			s.environ = setEnv(s.environ, name, value)
		}
	}
	set("MOCK", base, true)
	for _, v := range vendors {
		name := "MOCK_" + strings.ToUpper(strings.ReplaceAll(v.Provider, "-", "_"))
		set(name, v.Endpoint, true)
		for variable, value := range v.Credentials {
			switch {
			case value == secretOf(v):
				set(name+"_SECRET", value, false)
			case strings.HasSuffix(variable, "id"), strings.HasSuffix(variable, "key"):
				set(name+"_ID", value, true)
			default:
				set(name+"_"+strings.ToUpper(variable), value, true)
			}
		}
	}
}

// verbMockProcess starts hauth mock and reads what it prints: as many lines as
// its control surface knows providers.
func verbMockProcess(ts *testscript.TestScript, _ bool, args []string) {
	s := scriptOf(ts)
	path, err := lookIn(s.environ, "hauth")
	ts.Check(err)
	c := exec.Command(path, append([]string{"mock", "--listen", "127.0.0.1:0"}, args...)...)
	c.Env, c.Dir = append([]string{}, s.environ...), ts.MkAbs(".")
	out, err := c.StdoutPipe()
	ts.Check(err)
	ts.Check(c.Start())
	s.closing = append(s.closing, func() {
		c.Process.Kill()
		c.Wait()
	})
	lines := json.NewDecoder(out)
	var vendors []mockvendor.Vendor
	base := ""
	for n := 1; len(vendors) < n; {
		var line mockJSON
		ts.Check(lines.Decode(&line))
		v := mockvendor.Vendor{Provider: line.Provider, Endpoint: line.Endpoint, Credentials: line.Credentials}
		vendors = append(vendors, v)
		base = strings.TrimSuffix(v.Endpoint, "/"+v.Provider)
		s.canary.secret(v.Provider, secretOf(v))
		resp, err := http.Get(base + "/_mock/")
		ts.Check(err)
		var counts map[string]int
		ts.Check(json.NewDecoder(resp.Body).Decode(&counts))
		resp.Body.Close()
		n = len(counts)
	}
	ts.Check(s.writeSecrets())
	s.useMock(ts, base, vendors)
}

func verbLogin(ts *testscript.TestScript, neg bool, args []string) {
	account := args[0]
	provider, _, _ := strings.Cut(account, "/")
	name := "MOCK_" + strings.ToUpper(strings.ReplaceAll(provider, "-", "_"))
	verbRun(ts, neg, append([]string{"hauth", "login", account, "--store", "file", "--endpoint", ts.Getenv(name),
		"--id", ts.Getenv(name + "_ID"), "--secret-file", filepath.Join(scriptOf(ts).work, secretsDir, provider)}, args[1:]...))
}

func steerMock(m *mockvendor.Server, what string, args []string) error {
	if what == "skew" {
		d, err := time.ParseDuration(args[0])
		m.SetSkew(d)
		return err
	}
	provider, value := args[0], args[1]
	if value == "none" {
		value = ""
	}
	switch what {
	case "fail":
		return m.SetFail(provider, value)
	case "variant":
		return m.SetVariant(provider, value)
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return err
	}
	if what == "ttl" {
		return m.SetTTL(provider, d)
	}
	return m.SetLatency(provider, d)
}

func verbMockRequests(ts *testscript.TestScript, _ bool, args []string) {
	if n := scriptOf(ts).mock.Tokens(args[0]); strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s was asked for a token %d times, not %s", args[0], n, args[1])
	}
}

func verbMockAwait(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	for end := time.Now().Add(patience); scriptOf(ts).mock.Tokens(args[0]) < n; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("%s was not asked for a token %d times", args[0], n)
		}
	}
}

// recorder records the tokens that the vendors issue.
type recorder struct {
	to     http.Handler
	canary *canaries
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.to.ServeHTTP(&recording{ResponseWriter: w, canary: r.canary}, q)
}

type recording struct {
	http.ResponseWriter
	canary *canaries
}

func (r *recording) Write(p []byte) (int, error) {
	for _, found := range regexp.MustCompile(`"accessToken":"(?:Bearer )?([^"]+)"`).FindAllSubmatch(p, -1) {
		r.canary.token(string(bytes.Clone(found[1])))
	}
	return r.ResponseWriter.Write(p)
}

func (r *recording) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// clocks are how far ahead of the real time a script's world lives.
type clocks struct {
	mu         sync.Mutex
	all, hauth time.Duration
}

func (c *clocks) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.all)
}

func verbClock(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	s := scriptOf(ts)
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	s.clock.all = d
	s.environ = setEnv(s.environ, clockVariable, (s.clock.all + s.clock.hauth).String())
}

func verbClockSkew(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	s := scriptOf(ts)
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	s.clock.hauth = d
	s.environ = setEnv(s.environ, clockVariable, (s.clock.all + s.clock.hauth).String())
}
