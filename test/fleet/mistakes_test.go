//go:build fleet

package fleet

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestTLSMistakes wants what is wrong with TLS to be exit 5 that names it, and a
// valid token to be printed all the same.
func TestTLSMistakes(t *testing.T) {
	s := newPlace(t, false)
	ca, other := newAuthority(t), newAuthority(t)
	serve := func(name, host string, life time.Duration) string {
		cert, key := ca.issue(name, host, life)
		port := freePort(t)
		redis(t, "0", "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca.ca)
		return "rediss://127.0.0.1:" + port
	}
	good, expired, elsewhere := serve("good", "127.0.0.1", time.Hour), serve("expired", "127.0.0.1", -time.Minute), serve("elsewhere", "redis.example", time.Hour)
	clients := 0
	query := func(ca string, signer *authority, life time.Duration) string {
		clients++
		cert, key := signer.issue(fmt.Sprint("client", clients), "client", life)
		return fmt.Sprintf("?ca-file=%s&cert-file=%s&key-file=%s", ca, cert, key)
	}
	right := query(ca.ca, ca, time.Hour)
	a, b := s.hosts[0], s.hosts[1]
	a.env["HAUTH_FLEET"] = good + right
	a.gets("", "token", "acme")
	for name, url := range map[string]string{
		"the server's certificate has expired": expired + right,
		"it is another server's":               elsewhere + right,
		"its authority is unknown":             good + query(other.ca, ca, time.Hour),
		"our certificate has expired":          good + query(ca.ca, ca, -time.Minute),
		"our certificate is of another":        good + query(ca.ca, other, time.Hour),
		"there is no certificate of ours":      good + "?ca-file=" + ca.ca,
		"the authorities' file is not there":   good + "?ca-file=/does/not/exist",
		"the authorities' file holds none":     good + "?ca-file=" + write(t, t.TempDir(), "ca", "canary"),
		"the key is another certificate's":     good + mixed(t, ca),
	} {
		for _, h := range []*host{a, b} {
			h.env["HAUTH_FLEET"] = url
		}
		r := b.run("token", "acme", "--json")
		shown, _, _ := strings.Cut(url, "?")
		if r.code != 5 || !strings.Contains(r.stderr, shown) || !strings.Contains(r.stderr, `"hint":`) || strings.Contains(r.stderr, `"retryable":true`) || strings.Contains(r.stderr, "canary") {
			t.Errorf("%s: %+v", name, r)
		}
		s.checkNow()
		if r := a.gets(s.vendor.token(), "token", "acme"); !strings.Contains(r.stderr, shown) {
			t.Errorf("%s: no notice: %s", name, r.stderr)
		}
	}
	b.env["HAUTH_FLEET"] = good + right
	b.gets(s.vendor.token(), "token", "acme")
	s.vendor.asked(t, 1)
}

// mixed is a certificate with a key that is not its own.
func mixed(t *testing.T, ca *authority) string {
	t.Helper()
	cert, _ := ca.issue("one", "client", time.Hour)
	_, key := ca.issue("two", "client", time.Hour)
	return fmt.Sprintf("?ca-file=%s&cert-file=%s&key-file=%s", ca.ca, cert, key)
}

// TestHostileServers has hauth talk to servers that do not want the best for
// it. None ends it other than by an error, and none is waited for longer than
// one that does not answer.
func TestHostileServers(t *testing.T) {
	serve := func(answer func(conn net.Conn)) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					defer conn.Close()
					conn.SetDeadline(time.Now().Add(time.Minute))
					buffer := make([]byte, 64<<10)
					if _, err := conn.Read(buffer); err == nil {
						answer(conn)
					}
				}()
			}
		}()
		return l.Addr().String()
	}
	says := func(text string) func(net.Conn) { return func(c net.Conn) { io.WriteString(c, text) } }
	floods := func(first, then string) func(net.Conn) {
		return func(c net.Conn) {
			io.WriteString(c, first)
			for chunk := strings.Repeat(then, 4096/len(then)); ; {
				if _, err := io.WriteString(c, chunk); err != nil {
					return
				}
			}
		}
	}
	ok := "HTTP/1.1 200 OK\r\nDate: Thu, 26 Nov 2026 18:00:00 GMT\r\n"
	token := "?token-file=" + write(t, t.TempDir(), "token", "canary")
	redirect := ""
	redirect = serve(func(c net.Conn) { io.WriteString(c, "-MOVED 1 "+redirect+"\r\n") })
	for name, url := range map[string]string{
		"a long string":        "redis://" + serve(says("$999999999999999\r\n")),
		"a long array":         "redis://" + serve(says("*99999999999999\r\n")),
		"arrays without end":   "redis://" + serve(floods("", "*1\r\n")),
		"an error without end": "redis://" + serve(floods("-ERR ", "x")),
		"a reply cut short":    "redis://" + serve(says("*4\r\n$20\r\nabc")),
		"two replies":          "redis://" + serve(says("*4\r\n$-1\r\n$-1\r\n$2\r\n10\r\n$1\r\n0\r\n:1\r\n:1\r\n")),
		"not Redis":            "redis://" + serve(says("HTTP/1.1 400 Bad Request\r\n\r\n")),
		"a circle":             "redis+cluster://" + redirect,
		"a way to nowhere":     "redis+cluster://" + serve(says("-MOVED 1 256.256.256.256:99999\r\n")),
		"a strange master":     "redis+sentinel://" + serve(says("*2\r\n$9\r\n\x1b]0;canary\r\n$1\r\n7\r\n")) + "/m",
		"headers without end":  "etcd+http://" + serve(floods(ok, "X: y\r\n")) + "/p",
		"JSON without end":     "etcd+http://" + serve(floods(ok+"\r\n", "[")) + "/p",
		"deep JSON":            "etcd+http://" + serve(says(ok+"\r\n"+strings.Repeat(`{"header":`, 50000))) + "/p",
		"a body cut short":     "bao+http://" + serve(says(ok+"Content-Length: 100\r\n\r\n{")) + "/kv/p" + token,
		"what was sent":        "bao+http://" + serve(says("X-Vault-Token: canary\r\n\r\n")) + "/kv/p" + token,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newPlace(t, false)
			h := s.hosts[0]
			h.env["HAUTH_FLEET"] = url + "?down=fail"
			if strings.Contains(url, "?") {
				h.env["HAUTH_FLEET"] = url + "&down=fail"
			}
			if r := h.run("token", "acme", "--json"); r.code != 5 || !strings.HasPrefix(r.stderr, `{"error":{"code":"store"`) ||
				strings.Count(r.stderr, "\n") != 1 || len(r.stderr) > 1500 || strings.Contains(r.stderr, "canary") {
				t.Errorf("cold: %+v", r)
			}
			s.vendor.asked(t, 0)
			delete(h.env, "HAUTH_FLEET")
			h.gets("", "token", "acme")
			s.share(url)
			r := h.gets(s.vendor.token(), "token", "acme")
			if strings.Contains(r.stderr, "panic") || strings.Contains(r.stderr, "canary") {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestHelpersMisbehave wants a helper program's odd ways to be an error, or to
// do no harm.
func TestHelpersMisbehave(t *testing.T) {
	for name, tt := range map[string]struct {
		before string
		code   int
	}{
		"one that works":         {"", 0},
		"prints two lines":       {`trap 'echo more' EXIT`, 5},
		"fails after its answer": {`trap 'exit 3' EXIT`, 5},
		"never ends":             {`trap 'while :; do sleep 1; done' EXIT`, 5},
		"leaves a child behind":  {`sleep 3 &`, 0},
		"does not read":          {`exec </dev/null; echo '{"error":"canaries are loud"}'; exit`, 5},
		"writes to its stderr":   {`echo 'all is well' >&2`, 0},
		"closes its output":      {`exec >&-`, 5},
		"kills itself":           {`kill -9 $$`, 5},
		"says rude things":       {`printf '{"error":"\x1b]0;x\u202e%s"}' "$(head -c 5000 /dev/zero | tr '\0' z)"; exit`, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newPlace(t, false)
			s.share("exec://" + fileEngine(t, tt.before))
			r := s.hosts[0].run("token", "acme", "--json")
			if r.code != tt.code || strings.ContainsAny(r.stderr, "\x1b\u202e") || len(r.stderr) > 1500 {
				t.Errorf("%+v", r)
			}
			if tt.code == 0 {
				s.hosts[1].gets(s.vendor.token(), "token", "acme")
				s.vendor.asked(t, 1)
			} else {
				s.vendor.asked(t, 0)
			}
		})
	}
}

// TestSlowHelper has a helper that takes five seconds for each call.
func TestSlowHelper(t *testing.T) {
	s := newPlace(t, false)
	s.share("exec://" + fileEngine(t, "sleep 5"))
	outcome, all := s.herd(size(), "token", "acme")
	only(t, outcome, all, "exit 0 "+s.vendor.token(), 3*size())
	s.vendor.asked(t, 1)
	if c := s.hosts[0].doctor("--network"); c.Status != "ok" || !strings.Contains(c.Detail, "has a token") {
		t.Errorf("doctor: %+v", c)
	}
}
