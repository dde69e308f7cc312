//go:build fleet

package fleet

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/fleet"
)

const password = "canary p@ss/word%"

func redis(t *testing.T, port string, more ...string) *server {
	args := append([]string{"redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"}, more...)
	wait := port
	for i, arg := range more {
		if arg == "--tls-port" {
			wait = more[i+1]
		}
	}
	return startServer(t, accepts("127.0.0.1:"+wait), t.TempDir(), args...)
}

func cli(t *testing.T, port string, args ...string) string {
	t.Helper()
	return strings.TrimSpace(run(t, append([]string{"redis-cli", "-p", port}, args...)...))
}

func TestRedis(t *testing.T) {
	port := freePort(t)
	redis(t, port)
	conform(t, "redis://127.0.0.1:"+port, func(name string) { cli(t, port, "DEL", "hauth:"+name) })
	conform(t, "redis://localhost:"+port+"/3", func(name string) { cli(t, port, "-n", "3", "DEL", "hauth:"+name) })
	if _, err := open(t, "redis://127.0.0.1:"+port).Swap(t.Context(), "ttl", fleet.Entry{}, []byte("x"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if ttl := cli(t, port, "TTL", "hauth:ttl"); ttl < "3590" || ttl > "3600" {
		t.Errorf("what is kept for an hour expires in %s s", ttl)
	}
	cli(t, port, "SET", "hauth:a", "a string")
	fails(t, "redis://127.0.0.1:"+port, false, auth.RemedyFleetURL)
	fails(t, "redis://127.0.0.1:"+port+"/99", false, auth.RemedyFleetURL)
}

// TestRedisRights gives a user no more rights than hauth asks for.
func TestRedisRights(t *testing.T) {
	port := freePort(t)
	redis(t, port)
	passwordFile := write(t, t.TempDir(), "password", password+"\n")
	target := fmt.Sprintf("redis://hauth@127.0.0.1:%s/2?password-file=%s", port, passwordFile)
	rights := strings.Replace(parse(t, target).Rights(), ">PASSWORD", ">"+password, 1)
	var args []string
	for word := range strings.SplitSeq(strings.Replace(rights, password, "PASSWORD", 1), " ") {
		args = append(args, strings.Replace(word, "PASSWORD", password, 1))
	}
	cli(t, port, args...)
	cli(t, port, "ACL", "SETUSER", "default", "off")
	conform(t, target, nil)
	conform(t, fmt.Sprintf("redis://hauth:%s@127.0.0.1:%s/2", url.PathEscape(password), port), nil)

	fails(t, "redis://127.0.0.1:"+port, false, auth.RemedyEngineLogin)
	fails(t, "redis://hauth:canary-wrong@127.0.0.1:"+port, false, auth.RemedyEngineLogin)
	fails(t, "redis://nobody@127.0.0.1:"+port+"?password-file="+passwordFile, false, auth.RemedyEngineLogin)
}

func TestRedisLacksRights(t *testing.T) {
	port := freePort(t)
	redis(t, port)
	for _, rights := range []string{"-@all +eval", "-@all", "+@all -hset", "+@all resetkeys ~other:*"} {
		args := append(strings.Fields("ACL SETUSER poor reset on nopass ~hauth:*"), strings.Fields(rights)...)
		cli(t, port, args...)
		e := open(t, "redis://poor:x@127.0.0.1:"+port)
		_, err := fleet.Probe(t.Context(), e, parse(t, "redis://poor@127.0.0.1:"+port), fleet.Seal{}, time.Now)
		if failure, ok := auth.AsError(err); !ok || failure.Remedy != auth.RemedyEngineRights || failure.Retryable || !strings.Contains(failure.Subject, "~hauth:*") {
			t.Errorf("%s: %v", rights, err)
		}
	}
	// A password for the whole server, without users.
	cli(t, port, "CONFIG", "SET", "requirepass", "canary")
	conform(t, "redis://:canary@127.0.0.1:"+port, nil)
	fails(t, "redis://127.0.0.1:"+port, false, auth.RemedyEngineLogin)
	fails(t, "redis://:canary-wrong@127.0.0.1:"+port, false, auth.RemedyEngineLogin)
}

// TestRedisDown kills, stops and restarts the server.
func TestRedisDown(t *testing.T) {
	port := freePort(t)
	s := redis(t, port, "--appendonly", "yes", "--appendfsync", "always")
	target := "redis://127.0.0.1:" + port
	e := open(t, target)
	if _, err := e.Swap(t.Context(), "a", fleet.Entry{}, []byte("kept"), time.Hour); err != nil {
		t.Fatal(err)
	}
	s.kill()
	fails(t, target, true, auth.RemedyEngine)
	if _, err := e.Read(t.Context(), "a"); !auth.Is(err, auth.Store) {
		t.Errorf("on the old connection: %v", err)
	}
	s.start()
	eventually(t, 10*time.Second, "the record is back", func() error {
		got, err := e.Read(t.Context(), "a")
		if err == nil && string(got.Data) != "kept" {
			err = fmt.Errorf("read %q", got.Data)
		}
		return err
	})
	s.stop()
	bounded(t, target)
	s.cont()
	fails(t, "redis://no-such-host.invalid", true, auth.RemedyEngine)
}

func TestRedisTLS(t *testing.T) {
	ca := newAuthority(t)
	cert, key := ca.issue("server", "127.0.0.1", time.Hour)
	client, clientKey := ca.issue("client", "client", 2*time.Hour)
	port := freePort(t)
	redis(t, "0", "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca.ca)
	full := fmt.Sprintf("rediss://127.0.0.1:%s/0?ca-file=%s&cert-file=%s&key-file=%s", port, ca.ca, client, clientKey)
	conform(t, full, nil)
	r, err := fleet.Probe(t.Context(), open(t, full), parse(t, full), fleet.Seal{}, time.Now)
	if err != nil || time.Until(r.Server).Round(time.Minute) != time.Hour || time.Until(r.Client).Round(time.Minute) != 2*time.Hour {
		t.Errorf("%+v, %v", r, err)
	}
	base := "rediss://127.0.0.1:" + port
	fails(t, base+"?ca-file="+ca.ca, false, auth.RemedyEngineTLS) // no certificate of ours
	fails(t, strings.Replace(full, "127.0.0.1", "localhost", 1), false, auth.RemedyEngineTLS)
	fails(t, base, false, auth.RemedyEngineTLS) // an authority that nobody knows
	other := newAuthority(t)
	otherClient, otherKey := other.issue("client", "client", time.Hour)
	fails(t, fmt.Sprintf("%s?ca-file=%s&cert-file=%s&key-file=%s", base, ca.ca, otherClient, otherKey), false, auth.RemedyEngineTLS)
	fails(t, base+"?ca-file="+key, false, auth.RemedyLook)
	fails(t, base+"?ca-file=/does/not/exist", false, auth.RemedyLook)

	expired, expiredKey := ca.issue("expired", "127.0.0.1", -time.Minute)
	port = freePort(t)
	redis(t, "0", "--tls-port", port, "--tls-cert-file", expired, "--tls-key-file", expiredKey, "--tls-ca-cert-file", ca.ca, "--tls-auth-clients", "no")
	fails(t, "rediss://127.0.0.1:"+port+"?ca-file="+ca.ca, false, auth.RemedyEngineTLS)

	port = freePort(t)
	redis(t, port)
	fails(t, "rediss://127.0.0.1:"+port+"?ca-file="+ca.ca, true, auth.RemedyEngine) // without TLS it waits for the end of a line
}

func TestRedisSentinel(t *testing.T) {
	masterPort, replicaPort, sentinelPort := freePort(t), freePort(t), freePort(t)
	auths := []string{"--requirepass", "canary-redis", "--masterauth", "canary-redis"}
	master := redis(t, masterPort, auths...)
	redis(t, replicaPort, append(auths, "--replicaof", "127.0.0.1 "+masterPort)...)
	dir := t.TempDir()
	config := write(t, dir, "sentinel.conf", fmt.Sprintf(`port %s
bind 127.0.0.1
sentinel monitor hauth-master 127.0.0.1 %s 1
sentinel auth-pass hauth-master canary-redis
sentinel down-after-milliseconds hauth-master 500
sentinel failover-timeout hauth-master 2000
requirepass canary-sentinel
`, sentinelPort, masterPort))
	startServer(t, accepts("127.0.0.1:"+sentinelPort), dir, "redis-sentinel", config)
	redisFile, sentinelFile := write(t, dir, "a", "canary-redis"), write(t, dir, "b", "canary-sentinel")
	gone := freePort(t)
	base := fmt.Sprintf("redis+sentinel://127.0.0.1:%s,127.0.0.1:%s", gone, sentinelPort)
	query := fmt.Sprintf("?password-file=%s&sentinel-password-file=%s", redisFile, sentinelFile)
	eventually(t, 20*time.Second, "the sentinel knows the replica", func() error {
		if out := cli(t, sentinelPort, "-a", "canary-sentinel", "--no-auth-warning", "SENTINEL", "REPLICAS", "hauth-master"); !strings.Contains(out, replicaPort) {
			return fmt.Errorf("%s", out)
		}
		return nil
	})
	conform(t, base+"/hauth-master"+query, func(name string) {
		cli(t, masterPort, "-a", "canary-redis", "--no-auth-warning", "DEL", "hauth:"+name)
	})
	conform(t, base+"/hauth-master"+query+"&db=2", nil)
	limited := base[:len("redis+sentinel://")] + "hauth@" + base[len("redis+sentinel://"):] + "/hauth-master" + query
	rights := strings.Fields(strings.Replace(parse(t, limited).Rights(), "PASSWORD", "canary-redis", 1))
	cli(t, masterPort, append([]string{"-a", "canary-redis", "--no-auth-warning"}, rights...)...)
	conform(t, limited, nil)
	fails(t, base+"/no-such-master"+query, false, auth.RemedyFleetURL)
	fails(t, base+"/hauth-master?password-file="+redisFile, false, auth.RemedyEngineLogin)
	fails(t, base+"/hauth-master?sentinel-password-file="+sentinelFile, false, auth.RemedyEngineLogin)

	e := open(t, base+"/hauth-master"+query)
	if _, err := e.Read(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	master.kill()
	eventually(t, 30*time.Second, "the replica has taken over", func() error {
		entry, err := e.Read(t.Context(), "failover")
		if err == nil {
			_, err = e.Swap(t.Context(), "failover", entry, []byte("x"), time.Hour)
		}
		return err
	})
}

func TestRedisCluster(t *testing.T) {
	var hosts []string
	var ports []string
	for range 3 {
		port := freePort(t)
		redis(t, port, "--cluster-enabled", "yes", "--cluster-node-timeout", "1000")
		ports, hosts = append(ports, port), append(hosts, "127.0.0.1:"+port)
	}
	run(t, append(append([]string{"redis-cli", "--cluster", "create"}, hosts...), "--cluster-yes")...)
	eventually(t, 20*time.Second, "the cluster is up", func() error {
		for _, port := range ports {
			if out := cli(t, port, "CLUSTER", "INFO"); !strings.Contains(out, "cluster_state:ok") {
				return fmt.Errorf("%s", out)
			}
		}
		return nil
	})
	conform(t, "redis+cluster://"+strings.Join(hosts, ","), func(name string) { cli(t, ports[0], "-c", "DEL", "hauth:"+name) })
	// One name among several is enough, and one that is not there does no harm.
	conform(t, "redis+cluster://127.0.0.1:"+freePort(t)+","+hosts[1], func(name string) { cli(t, ports[0], "-c", "DEL", "hauth:"+name) })
	moved := false
	for _, host := range hosts {
		_, err := open(t, "redis://"+host).Read(t.Context(), "a")
		if failure, ok := auth.AsError(err); ok && failure.Remedy == auth.RemedyFleetURL {
			moved = true
		}
	}
	if !moved {
		t.Error("no node of a cluster says that it is one")
	}
	for _, port := range ports {
		cli(t, port, strings.Fields(strings.Replace(parse(t, "redis+cluster://hauth@"+hosts[0]).Rights(), "PASSWORD", "canary", 1))...)
	}
	conform(t, "redis+cluster://hauth:canary@"+strings.Join(hosts, ","), func(name string) { cli(t, ports[0], "-c", "DEL", "hauth:"+name) })
}
