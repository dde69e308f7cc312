//go:build fleet

package fleet

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/fakebao"
)

// TestEngines types what users type, with each engine; in short with those that
// make test can have.
func TestEngines(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, s *site) (stop func()){
		"Redis": func(t *testing.T, s *site) func() {
			s.startRedis()
			return s.redis.kill
		},
		"etcd": func(t *testing.T, s *site) func() {
			port := freePort(t)
			server := etcd(t, "http", port)
			s.share("etcd+http://127.0.0.1:" + port + "/team/hauth")
			return server.kill
		},
		"fake OpenBao": func(t *testing.T, s *site) func() {
			server := fakebao.New()
			t.Cleanup(server.Close)
			s.share("bao+" + server.URL + "/kv/team/hauth?token-file=" + write(t, t.TempDir(), "token", fakebao.Token))
			return server.Close
		},
		"OpenBao": func(t *testing.T, s *site) func() {
			b := openBao(t)
			s.share(b.url + "?token-file=" + b.tokenFile)
			return b.server.kill
		},
		"program with a file": func(t *testing.T, s *site) func() {
			path := fileEngine(t, "")
			s.share("exec://" + path)
			return func() { os.Remove(path) }
		},
		"program with PostgreSQL": func(t *testing.T, s *site) func() {
			env, server := postgresTable(t)
			s.share("exec://" + example(t, "hauth-fleet-postgresql"))
			s.setenv(env)
			return server.kill
		},
		"program with S3": func(t *testing.T, s *site) func() {
			env, server := s3(t)
			s.share("exec://" + example(t, "hauth-fleet-s3"))
			s.setenv(env)
			return server.kill
		},
	} {
		if testing.Short() && !slices.Contains([]string{"etcd", "fake OpenBao", "program with a file"}, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newPlace(t, false)
			stop := start(t, s)
			s.conversation()
			if testing.Short() {
				return
			}
			stop()
			s.without()
		})
	}
}

// conversation is what three machines do with an engine that works.
func (s *site) conversation() {
	t := s.t
	t.Helper()
	shown, _, _ := strings.Cut(s.hosts[0].env["HAUTH_FLEET"], "?")

	// Credentials from the environment.
	outcome, all := s.herd(7, "token", "acme")
	only(t, outcome, all, "exit 0 "+s.vendor.token(), 21)
	s.vendor.asked(t, 1)
	outcome, all = s.herd(7, "refresh", "acme", "--if-token-sha256", digest(s.vendor.token()))
	only(t, outcome, all, "exit 0 ", 21)
	s.vendor.asked(t, 2)
	for _, h := range s.hosts {
		h.gets(s.vendor.token(), "token", "acme")
	}

	// Stored accounts: the fleet's token is the proof.
	stored := s.stored()
	url := s.hosts[0].env["HAUTH_FLEET"]
	secret := write(t, t.TempDir(), "secret", clientSecret)
	for _, h := range stored {
		r := h.gets("", "login", "acme", "--id", clientID, "--secret-file", secret, "--endpoint", s.vendor.URL, "--store", "file", "--fleet", url)
		if !strings.Contains(r.stderr, shown) {
			t.Errorf("login does not say where the token is shared: %s", r.stderr)
		}
		h.gets(s.vendor.token(), "token", "acme")
	}
	s.vendor.asked(t, 2)
	stored[0].gets("", "refresh", "acme")
	stored[1].gets("", "refresh", "acme", "--if-token-sha256", digest(stored[1].gets("", "token", "acme").stdout))
	stored[1].gets(s.vendor.token(), "token", "acme")
	s.hosts[2].gets("", "refresh", "acme", "--if-token-sha256", digest(s.hosts[2].gets("", "token", "acme").stdout))
	s.hosts[2].gets(s.vendor.token(), "token", "acme")
	s.vendor.asked(t, 3)

	var status []struct{ Fleet, State string }
	if r := stored[0].gets("", "status", "acme", "--json"); json.Unmarshal([]byte(r.stdout), &status) != nil || len(status) != 1 || status[0].Fleet != shown || status[0].State != "valid" {
		t.Errorf("%+v", r)
	}
	for _, h := range []*host{stored[0], s.hosts[0]} {
		if c := h.doctor("--network"); c.Status != "ok" || !strings.Contains(c.Detail, shown+"; record ") || !strings.Contains(c.Detail, "has a token") ||
			strings.Contains(c.Detail, "canary") || !strings.Contains(c.Hint, parse(t, url).Rights()) {
			t.Errorf("doctor: %+v", c)
		}
	}
	if a, b := stored[0].doctor().record(), s.hosts[1].doctor().record(); a == "" || a != b {
		t.Errorf("the record is %q on one machine and %q on another", a, b)
	}

	if r := stored[1].gets("", "logout", "acme"); !strings.Contains(r.stderr, shown) {
		t.Errorf("logout does not say that the token stays: %s", r.stderr)
	}
	if r := stored[1].run("token", "acme"); r.code != 3 {
		t.Errorf("after logout: %+v", r)
	}
	s.hosts[1].gets("", "refresh", "acme", "--if-token-sha256", digest(s.hosts[1].gets("", "token", "acme").stdout))
	s.checkNow()
	for _, h := range s.hosts {
		h.gets(s.vendor.token(), "token", "acme")
	}
	s.vendor.asked(t, 3)
}

// without is what they do when it is gone.
func (s *site) without() {
	t := s.t
	t.Helper()
	s.checkNow()
	s.hosts[0].gets(s.vendor.token(), "token", "acme")
	cold := s.stored()[0]
	cold.env = maps.Clone(s.hosts[0].env)
	cold.env["HAUTH_HOME"] = cold.home
	if r := cold.run("token", "acme", "--json"); r.code != 5 || !strings.Contains(r.stderr, `"code":"store"`) || strings.Contains(r.stderr, "canary") {
		t.Errorf("a cold machine: %+v", r)
	}
	if c := s.hosts[0].doctor("--network"); c.Status != "failed" || c.Hint == "" {
		t.Errorf("doctor: %+v", c)
	}
	s.vendor.asked(t, 3)
}

// stored is two more machines, without credentials in the environment.
func (s *site) stored() []*host {
	var out []*host
	for range 2 {
		h := &host{site: s, name: "stored", home: s.t.TempDir(), env: map[string]string{}}
		if err := os.MkdirAll(filepath.Join(h.home, "providers"), 0o700); err != nil {
			s.t.Fatal(err)
		}
		write(s.t, filepath.Join(h.home, "providers"), "acme.yaml", acme)
		for name, value := range s.hosts[0].env {
			if !strings.HasPrefix(name, "HAUTH_ACME") && name != "HAUTH_FLEET" {
				h.env[name] = value
			}
		}
		h.env["HOME"], h.env["HAUTH_HOME"], h.env["TMPDIR"] = h.home, h.home, h.home
		out = append(out, h)
	}
	return out
}

// check is a line of doctor's.
type check struct{ Name, Status, Detail, Hint string }

// doctor is its line about the fleet.
func (h *host) doctor(flags ...string) check {
	h.site.t.Helper()
	r := h.run(append([]string{"doctor", "--json"}, flags...)...)
	var report struct{ Checks []check }
	json.Unmarshal([]byte(r.stdout), &report)
	for _, c := range report.Checks {
		if c.Name == "fleet of acme" {
			return c
		}
	}
	h.site.t.Errorf("doctor says nothing of the fleet: %+v", r)
	return check{}
}

func (c check) record() string {
	_, rest, _ := strings.Cut(c.Detail, "record ")
	name, _, _ := strings.Cut(rest, ";")
	return name
}

func (s *site) setenv(env map[string]string) {
	for _, h := range s.hosts {
		maps.Copy(h.env, env)
	}
}

func example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../docs/examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// fileEngine is a helper program that keeps records in files, and runs before
// first.
func fileEngine(t *testing.T, before string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "helper")
	script := `#!/bin/bash
` + before + `
IFS= read -r line
exec 9>` + dir + `/lock
flock 9
field() { jq -r ".$1 // empty" <<<"$line"; }
file=` + dir + `/$(field name)
now=$(date +%s%3N)
version=$(head -n 1 "$file" 2>/dev/null) || true
if [ "$(field op)" = read ]; then
  [ -z "$version" ] && echo '{"data":null,"version":null,"now_ms":'$now'}' ||
    echo '{"data":"'$(tail -n 1 "$file")'","version":"'$version'","now_ms":'$now'}'
elif [ "$(field version)" != "$version" ]; then
  echo '{"conflict":true}'
else
  { cat /proc/sys/kernel/random/uuid; field data; } >"$file.new"
  mv "$file.new" "$file"
  echo '{"ok":true}'
fi
`
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
