//go:build fleet

package fleet

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/fleet"
)

// postgres starts a server of its own, as the user that Debian has for it:
// it refuses to run as root. What is in before stands before its name.
func postgres(t *testing.T, before ...string) (port string, s *server) {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		t.Fatal("no PostgreSQL: test/setup-fleet installs what these tests need")
	}
	bin := filepath.Dir(found[len(found)-1])
	dir, err := os.MkdirTemp("", "hauth-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	as := []string{}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		if err := os.Chown(dir, uid, -1); err != nil {
			t.Fatal(err)
		}
		as = []string{"setpriv", "--reuid", u.Uid, "--clear-groups", "--"}
	}
	run(t, append(as, bin+"/initdb", "-D", dir+"/data", "-U", "owner", "-A", "trust", "--no-sync")...)
	port = freePort(t)
	ready := func() error {
		return exec.Command("psql", "-h", "127.0.0.1", "-p", port, "-U", "owner", "-d", "postgres", "-c", "select 1").Run()
	}
	s = startServer(t, ready, dir, append(append(as, before...), bin+"/postgres", "-D", dir+"/data", "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off")...)
	s.quit = true
	return port, s
}

// postgresTable is a server with the table that the example wants, made by what
// the example says, and the environment of a user with no more rights than that.
func postgresTable(t *testing.T, before ...string) (env map[string]string, s *server) {
	t.Helper()
	port, s := postgres(t, before...)
	psql := func(args ...string) {
		t.Helper()
		run(t, append([]string{"psql", "-h", "127.0.0.1", "-p", port, "-U", "owner", "-d", "postgres"}, args...)...)
	}
	source, err := os.ReadFile(example(t, "hauth-fleet-postgresql"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "#   create table")
	statements, _, _ := strings.Cut(rest, "#\n")
	psql("-c", "create role hauth login")
	psql("-c", "create table"+strings.ReplaceAll(statements, "\n#", "\n"))
	return map[string]string{"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "hauth", "PGDATABASE": "postgres"}, s
}

// TestPostgreSQL runs the example of docs as it stands there.
func TestPostgreSQL(t *testing.T) {
	env, s := postgresTable(t)
	for name, value := range env {
		t.Setenv(name, value)
	}
	url := "exec://" + example(t, "hauth-fleet-postgresql")
	conform(t, url, func(name string) {
		run(t, "psql", "-U", "owner", "-c", "delete from hauth_fleet where name = '"+name+"'")
	})
	run(t, "psql", "-U", "owner", "-c", "drop table hauth_fleet")
	fails(t, url, true, auth.RemedyEngine)
	s.kill()
	fails(t, url, true, auth.RemedyEngine)
}

const bucket = "hauth-bucket"

// s3 starts a gateway to a directory, and makes the bucket and the file that
// the example wants.
func s3(t *testing.T) (env map[string]string, s *server) {
	t.Helper()
	program, err := exec.LookPath("versitygw")
	if err != nil {
		if program, err = filepath.Abs("../../bin/versitygw"); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, bucket), 0o700); err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + freePort(t)
	s = startServer(t, accepts(address), dir, "env", "-i", "ROOT_ACCESS_KEY=canary-id", "ROOT_SECRET_KEY=canary-secret-key", program, "--port", address, "posix", dir)
	config := write(t, t.TempDir(), "curl", "user = \"canary-id:canary-secret-key\"\n")
	return map[string]string{"S3_URL": "http://" + address + "/" + bucket + "/team", "S3_CONFIG": config}, s
}

// TestS3 runs the example of docs as it stands there.
func TestS3(t *testing.T) {
	env, s := s3(t)
	for name, value := range env {
		t.Setenv(name, value)
	}
	url := "exec://" + example(t, "hauth-fleet-s3")
	conform(t, url, func(name string) {
		if err := os.Remove(filepath.Join(s.dir, bucket, "team", name)); err != nil {
			t.Fatal(err)
		}
	})
	t.Setenv("S3_CONFIG", write(t, t.TempDir(), "curl", "user = \"canary-id:canary-wrong\"\n"))
	fails(t, url, true, auth.RemedyEngine)
	t.Setenv("S3_CONFIG", env["S3_CONFIG"])
	t.Setenv("S3_URL", strings.Replace(env["S3_URL"], bucket, "no-such-bucket", 1))
	fails(t, url, true, auth.RemedyEngine)
	s.kill()
	fails(t, url, true, auth.RemedyEngine)
}

// TestExecPrograms runs helpers that misbehave.
func TestExecPrograms(t *testing.T) {
	dir := t.TempDir()
	program := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return "exec://" + path
	}
	t.Setenv("HAUTH_CANARY_CLIENT_SECRET", "canary")
	fails(t, program("env", `read line; printf '{"error":"%s"}' "$(env | grep -c canary)"; exit 0`), true, auth.RemedyEngine)
	e := open(t, program("env", `read line; printf '{"data":null,"version":%d,"now_ms":0}' "$(env | grep -c canary)"`))
	if entry, err := e.Read(t.Context(), "a"); err != nil || entry.Version != "0" {
		t.Errorf("the helper sees hauth's variables: %+v, %v", entry, err)
	}
	for name, tt := range map[string]struct {
		body      string
		retryable bool
		remedy    auth.Remedy
	}{
		"says-error":   {`read line; echo '{"error":"the bucket is away"}'`, true, auth.RemedyEngine},
		"exits":        {`read line; echo 'cannot connect' >&2; exit 3`, true, auth.RemedyEngine},
		"says-nothing": {`read line`, false, auth.RemedyFleetURL},
		"says-rubbish": {`read line; echo hello`, false, auth.RemedyFleetURL},
		"no-time":      {`read line; echo '{"data":null}'`, false, auth.RemedyFleetURL},
		"floods":       {`read line; yes '{"data":null,"version":1,"now_ms":1}' | head -c 3000000`, false, auth.RemedyFleetURL},
		"reads-not":    {`echo '{"error":"not read"}'`, true, auth.RemedyEngine},
	} {
		fails(t, program(name, tt.body), tt.retryable, tt.remedy)
	}
	writable := program("writable", "read line")
	os.Chmod(strings.TrimPrefix(writable, "exec://"), 0o777)
	fails(t, writable, false, auth.RemedyLook)
	fails(t, "exec://"+dir, false, auth.RemedyLook)
	fails(t, "exec:///does/not/exist", false, auth.RemedyLook)

	hangs := program("hangs", `sleep 60 & sleep 60`)
	bounded(t, hangs)
	eventually(t, 5*time.Second, "nothing is left running", func() error {
		if out, err := exec.Command("pgrep", "-f", strings.TrimPrefix(hangs, "exec://")).Output(); err == nil {
			return os.NewSyscallError(string(out), os.ErrExist)
		}
		return nil
	})

	// A helper that gives no version with its "ok" is asked for it.
	file := filepath.Join(dir, "record")
	e = open(t, program("plain", `read line
case $line in
*'"op":"read"'*) if [ -s `+file+` ]; then printf '{"data":"%s","version":%s,"now_ms":%s000}\n' "$(cat `+file+`)" "$(cksum <`+file+` | cut -d' ' -f1)" "$(date +%s)"
  else printf '{"data":null,"version":0,"now_ms":%s000}\n' "$(date +%s)"; fi ;;
*) v=0; [ -s `+file+` ] && v=$(cksum <`+file+` | cut -d' ' -f1)
  case $line in *'"version":'$v,*) printf %s "$line" | sed 's/.*"data":"\([^"]*\)".*/\1/' >`+file+`; echo '{"ok":true}' ;; *) echo '{"conflict":true}' ;; esac ;;
esac`))
	was, err := e.Read(t.Context(), "a")
	for _, content := range []string{"one", "two", "three"} {
		if err == nil {
			was, err = e.Swap(t.Context(), "a", was, []byte(content), time.Hour)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, err := e.Read(t.Context(), "a"); err != nil || string(got.Data) != "three" {
		t.Errorf("%q, %v", got.Data, err)
	}
	if _, err := e.Swap(t.Context(), "a", fleet.Entry{Data: []byte("two")}, []byte("x"), time.Hour); err != fleet.ErrConflict {
		t.Errorf("%v", err)
	}
}
