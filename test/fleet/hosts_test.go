//go:build fleet

package fleet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	program = flag.String("hauth", "../../bin/hauth", "the binary to test")
	rounds  = flag.Int("rounds", 3, "how often herds run")
)

// site is a vendor, an engine, which is a Redis server for most, and three hosts.
type site struct {
	t       *testing.T
	vendor  *vendor
	redis   *server
	port    string // of the Redis server
	address string // of vendor and engine, as the hosts see them
	ca      *authority
	hosts   []*host
}

// host is a machine: a network namespace where one can be made, and a home of
// its own in any case.
type host struct {
	site  *site
	name  string
	space string // network namespace; empty: none
	home  string
	env   map[string]string
}

// newSite starts everything, the hosts in network namespaces that a bridge
// joins; without the rights for that they are homes on loopback.
func newSite(t *testing.T) *site {
	t.Helper()
	s := newPlace(t, true)
	s.startRedis()
	return s
}

// startRedis starts the engine, and shares through it.
func (s *site) startRedis() {
	s.t.Helper()
	s.port = freePort(s.t)
	s.redis = startServer(s.t, accepts(s.address+":"+s.port), s.t.TempDir(),
		"redis-server", "--port", s.port, "--bind", s.address, "--save", "", "--protected-mode", "no")
	s.share("redis://" + s.address + ":" + s.port)
}

// share sets the engine of every host.
func (s *site) share(url string) {
	for _, h := range s.hosts {
		h.env["HAUTH_FLEET"] = url
	}
}

// newPlace is a site without an engine. Its hosts are homes on loopback unless
// they are apart.
func newPlace(t *testing.T, apart bool) *site {
	t.Helper()
	path, err := filepath.Abs(*program)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("no binary to test: %v", err)
	}
	*program = path
	s := &site{t: t, address: "127.0.0.1"}
	var spaces []string
	if apart {
		spaces = s.bridge()
	}
	if spaces != nil {
		s.ca = newAuthority(t)
	}
	s.vendor = newVendor(t, s.address, s.ca)
	for i := range 3 {
		h := &host{site: s, name: fmt.Sprint("host", i), home: t.TempDir(), env: map[string]string{}}
		if spaces != nil {
			h.space = spaces[i]
			h.env["HAUTH_CA_FILE"] = s.ca.ca
		}
		if err := os.MkdirAll(filepath.Join(h.home, "providers"), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(h.home, "providers"), "acme.yaml", acme)
		for name, value := range map[string]string{
			"PATH": os.Getenv("PATH"), "HOME": h.home, "HAUTH_HOME": h.home, "TMPDIR": h.home, "HAUTH_NO_INPUT": "1",
			"HAUTH_ACME_CLIENT_ID": clientID, "HAUTH_ACME_CLIENT_SECRET": clientSecret, "HAUTH_ACME_ENDPOINT": s.vendor.URL,
		} {
			h.env[name] = value
		}
		s.hosts = append(s.hosts, h)
	}
	return s
}

// reserveSubnet finds a number that no other test on this machine uses for a
// subnet: whoever listens on its name has it.
func reserveSubnet(t *testing.T) int {
	t.Helper()
	for number := 1; number < 255; number++ {
		l, err := net.Listen("unix", fmt.Sprint("@hauth-fleet-subnet-", number))
		if err == nil {
			t.Cleanup(func() { l.Close() })
			return number
		}
	}
	t.Fatal("all subnets are in use")
	return 0
}

// bridge makes three namespaces on one bridge, and sets the address at which
// they reach this one; nil if that cannot be done.
func (s *site) bridge() []string {
	if os.Geteuid() != 0 {
		return nil
	}
	number := reserveSubnet(s.t)
	id := fmt.Sprintf("hf%d", number)
	clean := func() {
		for i := range 3 {
			exec.Command("ip", "netns", "delete", fmt.Sprint(id, "n", i)).Run()
		}
		exec.Command("ip", "link", "delete", id+"b").Run()
	}
	try := func(line string) bool { return exec.Command("ip", strings.Fields(line)...).Run() == nil }
	clean() // what a test that was killed has left
	subnet := fmt.Sprintf("10.231.%d.", number)
	ok := try("link add "+id+"b type bridge") && try("addr add "+subnet+"1/24 dev "+id+"b") && try("link set "+id+"b up")
	var spaces []string
	for i := range 3 {
		space, veth := fmt.Sprint(id, "n", i), fmt.Sprint(id, "v", i)
		ok = ok && try("netns add "+space) && try("link add "+veth+" type veth peer name eth0 netns "+space) &&
			try("link set "+veth+" master "+id+"b") && try("link set "+veth+" up") &&
			try(fmt.Sprintf("-n %s addr add %s%d/24 dev eth0", space, subnet, 10+i)) &&
			try("-n "+space+" link set eth0 up") && try("-n "+space+" link set lo up")
		spaces = append(spaces, space)
	}
	s.t.Cleanup(clean)
	if !ok {
		clean()
		s.t.Log("no network namespaces: the hosts are homes on loopback")
		return nil
	}
	s.address = subnet + "1"
	return spaces
}

// result is how a process ended.
type result struct {
	code           int
	stdout, stderr string
	took           time.Duration
}

// command is hauth on the host.
func (h *host) command(args ...string) *exec.Cmd {
	argv := append([]string{*program}, args...)
	if h.space != "" {
		argv = append([]string{"ip", "netns", "exec", h.space}, argv...)
	}
	c := exec.Command(argv[0], argv[1:]...)
	for name, value := range h.env {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

func (h *host) run(args ...string) result { return finish(h.command(args...)) }

func finish(c *exec.Cmd) result {
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	begun := time.Now()
	err := c.Start()
	if err == nil {
		timer := time.AfterFunc(90*time.Second, func() { c.Process.Kill() })
		err = c.Wait()
		timer.Stop()
	}
	r := result{stdout: strings.TrimSpace(stdout.String()), stderr: stderr.String(), took: time.Since(begun)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.code, r.stderr = -2, err.Error()
	} else {
		r.code = c.ProcessState.ExitCode()
	}
	return r
}

// gets wants exit 0 and, unless it is empty, this token.
func (h *host) gets(token string, args ...string) result {
	h.site.t.Helper()
	r := h.run(args...)
	if r.code != 0 || token != "" && r.stdout != token {
		h.site.t.Errorf("%s %s: exit %d, %q, want %q: %s", h.name, args[0], r.code, r.stdout, token, r.stderr)
	}
	return r
}

// herd runs n processes on each host at once and returns what they printed
// and how they ended, counted.
func (s *site) herd(n int, args ...string) (map[string]int, []result) {
	outcome := map[string]int{}
	var all []result
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, h := range s.hosts {
		for range n {
			group.Go(func() {
				r := h.run(args...)
				mu.Lock()
				defer mu.Unlock()
				outcome[fmt.Sprintf("exit %d %s", r.code, r.stdout)]++
				all = append(all, r)
			})
		}
	}
	group.Wait()
	return outcome, all
}

// only wants one outcome, n times.
func only(t *testing.T, outcome map[string]int, all []result, want string, n int) {
	t.Helper()
	if len(outcome) == 1 && outcome[want] == n {
		return
	}
	t.Errorf("got %v, want %d × %s", outcome, n, want)
	for _, r := range all {
		if fmt.Sprintf("exit %d %s", r.code, r.stdout) != want {
			t.Errorf("for example: exit %d: %s", r.code, r.stderr)
			return
		}
	}
}

// forget makes every host and the engine as they were at the beginning.
func (s *site) forget() {
	s.t.Helper()
	if s.redis != nil {
		s.cli("FLUSHALL")
	}
	for _, h := range s.hosts {
		for _, pattern := range []string{"sealed/*", "*/sealed/*"} {
			found, _ := filepath.Glob(filepath.Join(h.home, pattern))
			for _, path := range found {
				os.Remove(path)
			}
		}
	}
	s.vendor.reset()
}

// checkNow makes the next check of every host due.
func (s *site) checkNow() {
	for _, h := range s.hosts {
		found, _ := filepath.Glob(filepath.Join(h.home, "sealed/*.fleet"))
		for _, path := range found {
			os.Remove(path)
		}
	}
}

func (s *site) cli(args ...string) string {
	s.t.Helper()
	return run(s.t, append([]string{"redis-cli", "-h", s.address, "-p", s.port}, args...)...)
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
