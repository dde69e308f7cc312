//go:build fleet

package fleet

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// connections runs a command that wants the vendor's token, and counts its
// connections over a network.
func (h *host) connections(t *testing.T, args ...string) int {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	c := h.command(args...)
	c.Args = append([]string{"strace", "-f", "-o", trace, "-e", "trace=connect,socket"}, c.Args...)
	var err error
	if c.Path, err = exec.LookPath("strace"); err != nil {
		t.Fatal(err)
	}
	if r := finish(c); r.code != 0 || r.stdout != h.site.vendor.token() {
		t.Fatalf("%+v", r)
	}
	out, err := os.ReadFile(trace)
	if err != nil || !strings.Contains(string(out), "+++ exited with 0 +++") {
		t.Fatalf("nothing was traced: %s, %v", out, err)
	}
	return len(regexp.MustCompile(`connect\(|AF_INET`).FindAll(out, -1))
}

// TestHitIsLocal wants a hit to make no connection; where the engine is dead,
// one attempt in 30 s, which is given up soon.
func TestHitIsLocal(t *testing.T) {
	s := newPlace(t, false)
	s.startRedis()
	h := s.hosts[0]
	h.gets("", "token", "acme")
	if n := h.connections(t, "token", "acme"); n != 0 {
		t.Errorf("a hit makes %d connections", n)
	}
	s.redis.stop()
	defer s.redis.cont()
	s.checkNow()
	begun := time.Now()
	if n := h.connections(t, "token", "acme"); n == 0 {
		t.Error("nothing is compared with the engine")
	}
	// The limit is 300 ms, as the tests in simulated time show. One without it
	// would be the 5 s of any call.
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("the engine was waited for for %s", took)
	}
	for time.Since(begun) < 10*time.Second {
		if n := h.connections(t, "token", "acme"); n != 0 {
			t.Errorf("%d connections within the pause", n)
		}
	}
	s.vendor.asked(t, 1)
}

// TestHitPages wants a hit of a shared account to touch no more memory than one
// of an account that is not shared.
func TestHitPages(t *testing.T) {
	s := newPlace(t, false)
	s.startRedis()
	h := s.hosts[0]
	h.gets("", "token", "acme")
	shared := h.env["HAUTH_FLEET"]
	least := map[string]int64{}
	for range 30 {
		for _, url := range []string{"", shared} {
			h.env["HAUTH_FLEET"] = url
			if url == "" {
				delete(h.env, "HAUTH_FLEET")
			}
			c := h.command("token", "acme")
			if r := finish(c); r.code != 0 || r.stdout != s.vendor.token() {
				t.Fatalf("%+v", r)
			}
			faults := c.ProcessState.SysUsage().(*syscall.Rusage).Minflt
			if old, ok := least[url]; !ok || faults < old {
				least[url] = faults
			}
		}
	}
	t.Logf("%d page faults, shared %d", least[""], least[shared])
	if float64(least[shared]) > 1.02*float64(least[""]) {
		t.Errorf("%d page faults, shared %d", least[""], least[shared])
	}
}
