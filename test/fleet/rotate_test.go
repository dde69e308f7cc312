//go:build fleet

package fleet

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestRotationKilled kills the process that has the vendor replace the secret
// at each step: before and after each call to the engine and to the vendor. No
// other machine knows more than the secret that was given at first.
func TestRotationKilled(t *testing.T) {
	for _, step := range []struct {
		name    string
		call    int  // to the engine; 0: to the vendor
		done    bool // the call has been carried out
		patient bool // the vendor accepts the secret before until the new one is used
		lost    bool // nobody has the new secret
	}{
		{name: "before the record is read", call: 1},
		{name: "after the record was read", call: 1, done: true},
		{name: "before the lease", call: 2},
		{name: "after the lease", call: 2, done: true},
		{name: "before the vendor is asked"},
		{name: "after the vendor answered", done: true, lost: true},
		{name: "after the vendor answered, which is patient", done: true, patient: true},
		{name: "before the secret is shared", call: 3, lost: true},
		{name: "before the secret is shared, of a patient vendor", call: 3, patient: true},
		{name: "after the secret was shared", call: 3, done: true},
		{name: "before the lease is given back", call: 4},
		{name: "after the lease was given back", call: 4, done: true},
	} {
		t.Run(step.name, func(t *testing.T) {
			t.Parallel()
			s := newPlace(t, false)
			s.vendor.set(func(v *vendor) { v.turns, v.patient = true, step.patient })
			s.startRedis()
			for _, h := range s.hosts {
				write(t, filepath.Join(h.home, "providers"), "acme.yaml", turning)
			}
			a, b, c := s.hosts[0], s.hosts[1], s.hosts[2]
			a.gets("", "token", "acme")
			b.gets("", "refresh", "acme")
			first := s.vendor.token()

			gate := &gate{call: step.call, done: step.done}
			a.env["HAUTH_FLEET"] = "redis://127.0.0.1:" + gate.open(t, s.address+":"+s.port)
			killed := a.command("refresh", "acme")
			var once sync.Once
			kill := func() { once.Do(func() { killed.Process.Kill() }) }
			gate.kill = kill
			if step.call == 0 {
				s.vendor.set(func(v *vendor) {
					v.before = func(int) {
						kill()
						panic(http.ErrAbortHandler) // nothing becomes of the request
					}
					if step.done {
						v.before, v.after = nil, func(int) { kill() }
					}
				})
			}
			if r := finish(killed); r.code != -1 {
				t.Fatalf("it was not killed: %+v", r)
			}
			s.vendor.set(func(v *vendor) { v.before, v.after = nil, nil })

			if step.lost {
				r := b.run("refresh", "acme", "--json")
				if r.code != 4 || strings.Contains(r.stderr, "canary-secret") {
					t.Errorf("the secret is lost: %+v", r)
				}
				return
			}
			b.gets("", "refresh", "acme")
			if s.vendor.token() == first {
				t.Error("nobody got a new token")
			}
			a.env["HAUTH_FLEET"] = b.env["HAUTH_FLEET"]
			for _, h := range []*host{c, a, b} {
				h.gets("", "refresh", "acme", "--if-token-sha256", digest(first))
				h.gets(s.vendor.token(), "token", "acme")
			}
			for _, h := range []*host{c, a} {
				h.gets("", "refresh", "acme")
			}
			s.checkNow()
			for _, h := range s.hosts {
				h.gets(s.vendor.token(), "token", "acme")
			}
		})
	}
}

// gate relays connections to a Redis server until the process is to be killed.
type gate struct {
	call int  // the one that matters
	done bool // it is carried out, but its answer does not come
	kill func()

	mu   sync.Mutex
	seen int
	shut bool
}

func (g *gate) open(t *testing.T, to string) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.DialTimeout("tcp", to, 10*time.Second)
			if err != nil {
				in.Close()
				continue
			}
			go g.pipe(out, in, true)
			go g.pipe(in, out, false)
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

func (g *gate) pipe(to, from net.Conn, requests bool) {
	defer to.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !g.pass(to, buffer[:n], requests) {
			g.kill()
			return
		}
		if err != nil {
			return
		}
	}
}

// pass sends data on unless the process is to be killed.
func (g *gate) pass(to io.Writer, data []byte, request bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return false
	}
	if request {
		g.seen += bytes.Count(data, []byte("\r\nEVAL\r\n"))
	}
	if g.call > 0 && g.seen == g.call && request != g.done {
		g.shut = true
		return false
	}
	_, err := to.Write(data)
	return err == nil || !g.shut
}
