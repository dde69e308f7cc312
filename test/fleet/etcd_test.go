//go:build fleet

package fleet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/fleet"
)

func etcd(t *testing.T, scheme, port string, more ...string) *server {
	peer := freePort(t)
	args := append([]string{
		"etcd", "--name", "test", "--data-dir", t.TempDir(), "--log-level", "error",
		"--listen-client-urls", scheme + "://127.0.0.1:" + port, "--advertise-client-urls", scheme + "://127.0.0.1:" + port,
		"--listen-peer-urls", "http://127.0.0.1:" + peer, "--initial-advertise-peer-urls", "http://127.0.0.1:" + peer,
		"--initial-cluster", "test=http://127.0.0.1:" + peer, "--unsafe-no-fsync",
	}, more...)
	if !strings.Contains(run(t, "etcd", "--help"), "unsafe-no-fsync") {
		args = append(args[:len(args)-len(more)-1], more...)
	}
	return startServer(t, accepts("127.0.0.1:"+port), t.TempDir(), args...)
}

func etcdctl(t *testing.T, port string, args ...string) string {
	t.Helper()
	return run(t, append([]string{"env", "ETCDCTL_API=3", "etcdctl", "--endpoints", "http://127.0.0.1:" + port}, args...)...)
}

func TestEtcd(t *testing.T) {
	port := freePort(t)
	s := etcd(t, "http", port)
	target := "etcd+http://127.0.0.1:" + port + "/team/hauth"
	eventually(t, 20*time.Second, "etcd has a leader", func() error {
		_, err := open(t, target).Read(t.Context(), "a")
		return err
	})
	conform(t, target, func(name string) { etcdctl(t, port, "del", "team/hauth/"+name) })
	conform(t, "etcd+http://127.0.0.1:"+freePort(t)+",127.0.0.1:"+port+"/x", func(name string) { etcdctl(t, port, "del", "x/"+name) })
	if left := etcdctl(t, port, "get", "--prefix", "--keys-only", ""); strings.Contains(left, "count") {
		t.Errorf("keys: %s", left)
	}

	s.stop()
	bounded(t, target)
	fails(t, target, true, auth.RemedyEngine)
	s.cont()
	s.kill()
	fails(t, target, true, auth.RemedyEngine)
	s.start()
	eventually(t, 20*time.Second, "etcd is back", func() error {
		_, err := open(t, target).Read(t.Context(), "a")
		return err
	})

	// The gateway knows no user by a certificate; with users it refuses.
	etcdctl(t, port, "user", "add", "root:canary")
	etcdctl(t, port, "user", "grant-role", "root", "root")
	etcdctl(t, port, "auth", "enable")
	fails(t, target, false, auth.RemedyEngineLogin)
}

func TestEtcdTLS(t *testing.T) {
	ca := newAuthority(t)
	cert, key := ca.issue("server", "127.0.0.1", time.Hour)
	client, clientKey := ca.issue("client", "client", 2*time.Hour)
	port := freePort(t)
	etcd(t, "https", port, "--cert-file", cert, "--key-file", key, "--trusted-ca-file", ca.ca, "--client-cert-auth")
	base := "etcd+https://127.0.0.1:" + port + "/hauth"
	full := fmt.Sprintf("%s?ca-file=%s&cert-file=%s&key-file=%s", base, ca.ca, client, clientKey)
	eventually(t, 20*time.Second, "etcd has a leader", func() error {
		_, err := open(t, full).Read(t.Context(), "a")
		return err
	})
	conform(t, full, nil)
	r, err := fleet.Probe(t.Context(), open(t, full), parse(t, full), fleet.Seal{}, time.Now)
	if err != nil || time.Until(r.Server).Round(time.Minute) != time.Hour || time.Until(r.Client).Round(time.Minute) != 2*time.Hour {
		t.Errorf("%+v, %v", r, err)
	}
	fails(t, base+"?ca-file="+ca.ca, false, auth.RemedyEngineTLS)
	fails(t, base, false, auth.RemedyEngineTLS)
	other := newAuthority(t)
	otherClient, otherKey := other.issue("client", "client", time.Hour)
	fails(t, fmt.Sprintf("%s?ca-file=%s&cert-file=%s&key-file=%s", base, ca.ca, otherClient, otherKey), false, auth.RemedyEngineTLS)
	expired, expiredKey := ca.issue("expired", "client", -time.Minute)
	fails(t, fmt.Sprintf("%s?ca-file=%s&cert-file=%s&key-file=%s", base, ca.ca, expired, expiredKey), false, auth.RemedyEngineTLS)
	fails(t, strings.Replace(full, "https", "http", 1)[:strings.Index(full, "?")-1], true, auth.RemedyEngine)
}
