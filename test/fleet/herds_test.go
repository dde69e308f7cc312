//go:build fleet

package fleet

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// size is how many processes a host runs at once.
func size() int {
	if testing.Short() {
		return 20
	}
	return 50
}

// TestHerds wants one request of all processes on all hosts, whatever they
// want, and the same answer for all.
func TestHerds(t *testing.T) {
	s := newSite(t)
	n := size()
	for round := range *rounds {
		s.forget()
		outcome, all := s.herd(n, "token", "acme")
		only(t, outcome, all, "exit 0 "+s.vendor.token(), 3*n)
		s.vendor.asked(t, 1)

		was := s.vendor.token()
		outcome, all = s.herd(n, "refresh", "acme", "--if-token-sha256", digest(was))
		only(t, outcome, all, "exit 0 ", 3*n)
		s.vendor.asked(t, 2)
		outcome, all = s.herd(n, "token", "acme")
		only(t, outcome, all, "exit 0 "+s.vendor.token(), 3*n)
		s.vendor.asked(t, 2)

		s.forget()
		s.vendor.set(func(v *vendor) { v.refuse = true })
		outcome, all = s.herd(n, "token", "acme")
		only(t, outcome, all, "exit 4 ", 3*n)
		outcome, all = s.herd(n, "token", "acme")
		only(t, outcome, all, "exit 4 ", 3*n)
		s.vendor.asked(t, 1)
		if t.Failed() {
			t.Fatalf("in round %d", round+1)
		}
	}
}

// TestProfilesShare wants accounts and files that differ in name only to share.
func TestProfilesShare(t *testing.T) {
	s := newSite(t)
	a, b := s.hosts[0], s.hosts[1]
	write(t, filepath.Join(b.home, "providers"), "acme.yaml", strings.Replace(acme, "title: Acme", "note: another revision\ntitle: Acme", 1))
	for _, name := range []string{"CLIENT_ID", "CLIENT_SECRET", "ENDPOINT"} {
		b.env["HAUTH_ACME__CI_"+name] = b.env["HAUTH_ACME_"+name]
	}
	a.gets("", "token", "acme")
	b.gets(s.vendor.token(), "token", "acme/ci")
	b.gets(s.vendor.token(), "token", "acme")
	s.vendor.asked(t, 1)
}

// TestHolderKilled kills the process that asks the vendor.
func TestHolderKilled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := s.hosts[0].command("token", "acme")
	s.vendor.set(func(v *vendor) {
		v.before = func(n int) {
			if n == 1 {
				first.Process.Kill()
			}
		}
	})
	done := make(chan result)
	go func() { done <- finish(first) }()
	eventually(t, 20*time.Second, "the first has asked", func() error {
		if strings.TrimSpace(s.cli("DBSIZE")) == "0" {
			return fmt.Errorf("no lease yet")
		}
		return nil
	})
	begun := time.Now()
	outcome, all := s.herd(10, "token", "acme")
	if len(outcome) != 1 || outcome["exit 0 "+s.vendor.token()] != 30 {
		t.Errorf("%v, %+v", outcome, all[0])
	}
	if took := time.Since(begun); took > 25*time.Second {
		t.Errorf("after %s", took)
	}
	s.vendor.asked(t, 2)
	<-done
}

// TestHolderStopped stops the process that asks the vendor for longer than its
// lease, in all orders of issue.
func TestHolderStopped(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Log("one order only")
	}
	for name, order := range map[string]func(v *vendor, stop func(), resumed chan struct{}){
		"issued last": func(v *vendor, stop func(), resumed chan struct{}) {
			v.before = func(n int) {
				if n == 1 {
					stop()
					<-resumed
				}
			}
		},
		"issued first": func(v *vendor, stop func(), resumed chan struct{}) {
			v.after = func(n int) {
				if n == 1 {
					stop()
				}
			}
		},
		"issued last, answered late": func(v *vendor, stop func(), resumed chan struct{}) {
			v.before = func(n int) {
				if n == 1 {
					stop()
					time.Sleep(10 * time.Second)
				}
			}
		},
	} {
		if testing.Short() && name != "issued first" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			first := s.hosts[0].command("token", "acme")
			resumed := make(chan struct{})
			s.vendor.set(func(v *vendor) { order(v, func() { first.Process.Signal(syscall.SIGSTOP) }, resumed) })
			done := make(chan result)
			go func() { done <- finish(first) }()
			eventually(t, 20*time.Second, "the first has a lease", func() error {
				if strings.TrimSpace(s.cli("DBSIZE")) == "0" {
					return fmt.Errorf("no lease yet")
				}
				return nil
			})
			for _, h := range s.hosts[1:] {
				h.gets("", "token", "acme")
			}
			close(resumed)
			first.Process.Signal(syscall.SIGCONT)
			if r := <-done; r.code != 0 && r.code != 7 {
				t.Errorf("the stopped process: %+v", r)
			}
			if name == "issued last" {
				// The stopped process has given up: nobody got the token that
				// ended the fleet's. The first 401 mends that, for all.
				dead := s.hosts[1].gets("", "token", "acme").stdout
				for _, h := range s.hosts {
					h.gets("", "refresh", "acme", "--if-token-sha256", digest(dead))
				}
			}
			s.checkNow()
			for range 2 {
				for _, h := range s.hosts {
					h.gets(s.vendor.token(), "token", "acme")
				}
				s.checkNow()
			}
			s.vendor.asked(t, 2, 3)
		})
	}
}

// TestEngineKilled kills the engine while a token is fetched.
func TestEngineKilled(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.vendor.set(func(v *vendor) { v.before = func(int) { s.redis.kill() } })
	r := s.hosts[0].gets("", "token", "acme")
	if !strings.Contains(r.stderr, "could not be shared") {
		t.Errorf("no notice: %s", r.stderr)
	}
	s.vendor.asked(t, 1)
	// A cold host must not go alone: it would log the first one out.
	r = s.hosts[1].run("token", "acme", "--json")
	if r.code != 5 || !strings.Contains(r.stderr, `"retryable":true`) || !strings.Contains(r.stderr, "redis://") || r.took < 20*time.Second {
		t.Errorf("after %s: %+v", r.took, r)
	}
	s.hosts[1].env["HAUTH_FLEET"] += "?down=fail"
	s.redis.start() // empty
	s.checkNow()
	s.hosts[0].gets(s.vendor.token(), "token", "acme")
	s.hosts[1].gets(s.vendor.token(), "token", "acme")
	s.cli("FLUSHALL")
	s.checkNow()
	s.hosts[1].gets(s.vendor.token(), "token", "acme")
	s.hosts[2].gets(s.vendor.token(), "token", "acme")
	s.vendor.asked(t, 1)
}

// TestMistakes wants a refused login to be exit 5 at once, and a valid token to
// be printed all the same.
func TestMistakes(t *testing.T) {
	s := newSite(t)
	h := s.hosts[0]
	h.gets("", "token", "acme")
	s.cli("CONFIG", "SET", "requirepass", "canary-password")
	s.checkNow()
	r := h.gets(s.vendor.token(), "token", "acme")
	if !strings.Contains(r.stderr, "refused the login") {
		t.Errorf("no notice: %s", r.stderr)
	}
	r = s.hosts[1].run("token", "acme")
	if r.code != 5 || !strings.Contains(r.stderr, "redis://"+s.address) || r.took > 5*time.Second {
		t.Errorf("%+v", r)
	}
	for _, url := range []string{"redis://:canary-wrong@" + s.address + ":" + s.port, "redis://canary:canary-wrong@" + s.address + ":" + s.port} {
		s.hosts[1].env["HAUTH_FLEET"] = url
		if r := s.hosts[1].run("token", "acme"); r.code != 5 || strings.Contains(r.stdout+r.stderr, "canary-wrong") {
			t.Errorf("%+v", r)
		}
	}
	for _, url := range []string{"memcached://x", "redis://", "redis://x?password=canary-x"} {
		s.hosts[1].env["HAUTH_FLEET"] = url
		if r := s.hosts[1].run("token", "acme"); r.code != 2 || strings.Contains(r.stderr, "canary-x") {
			t.Errorf("%s: %+v", url, r)
		}
	}
	s.hosts[1].env["HAUTH_FLEET"] = "redis://:canary-password@" + s.address + ":" + s.port
	s.hosts[1].gets(s.vendor.token(), "token", "acme")
	s.hosts[1].env["HAUTH_ACME_CLIENT_SECRET"] = "short canary"
	if r := s.hosts[1].run("token", "acme"); r.code != 2 || !strings.Contains(r.stderr, "16 bytes") {
		t.Errorf("%+v", r)
	}
	s.vendor.asked(t, 1)
}

// TestHostCutOff takes one host's network away.
func TestHostCutOff(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, h := range s.hosts {
		h.gets("", "token", "acme")
	}
	h := s.hosts[0]
	if h.space != "" {
		run(t, "ip", "-n", h.space, "link", "set", "eth0", "down")
	} else {
		h.env["HAUTH_FLEET"] = "redis://127.0.0.1:" + freePort(t)
	}
	s.checkNow()
	if r := h.gets(s.vendor.token(), "token", "acme"); r.took > 5*time.Second {
		t.Errorf("a hit took %s", r.took)
	}
	s.hosts[1].gets("", "refresh", "acme")
	s.hosts[2].gets("", "refresh", "acme")
	s.vendor.asked(t, 2)
	if r := h.run("refresh", "acme"); r.code != 5 || !strings.Contains(r.stderr, "redis://") {
		t.Errorf("%+v", r)
	}
	s.vendor.asked(t, 2)
	if h.space != "" {
		run(t, "ip", "-n", h.space, "link", "set", "eth0", "up")
	} else {
		h.env["HAUTH_FLEET"] = s.hosts[1].env["HAUTH_FLEET"]
	}
	s.checkNow()
	for _, h := range s.hosts {
		h.gets(s.vendor.token(), "token", "acme")
	}
	s.vendor.asked(t, 2)
}
