package cmd

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A real engine for a fleet, in scripts that begin with
// [!exec:redis-server] skip 'REASON':
//
//	redis                   serve one on loopback; sets $REDIS, the URL with its
//	                        password-file; again: the same one, with no data left
//	redis-signal SIG        KILL, STOP or CONT it
//
// Whatever it writes down is in $WORK, where it is searched like everything else.
func addRedisVerbs(verbs map[string]func(*testscript.TestScript, bool, []string)) {
	verbs["redis"] = verbRedis
	verbs["redis-signal"] = verbRedisSignal
}

const redisPassword = "mock-only-redis-password-7c21"

// redisServer is the script's engine.
type redisServer struct {
	port string
	cmd  *exec.Cmd
}

func verbRedis(ts *testscript.TestScript, _ bool, _ []string) {
	s := scriptOf(ts)
	dir := filepath.Join(s.work, "redis")
	ts.Check(os.MkdirAll(dir, 0o700))
	password := filepath.Join(s.work, secretsDir, "redis")
	ts.Check(os.WriteFile(password, []byte(redisPassword+"\n"), 0o600))
	s.canary.secret("redis", redisPassword)
	if s.redis == nil {
		s.redis = &redisServer{port: freeLoopbackPort(ts)}
		s.closing = append(s.closing, s.redis.stop)
	}
	r := s.redis
	r.stop()
	r.cmd = exec.Command("redis-server", "-")
	r.cmd.Dir = dir
	r.cmd.Stdin = strings.NewReader(fmt.Sprintf("bind 127.0.0.1\nport %s\nrequirepass %s\nsave \"\"\nappendonly yes\nlogfile log\n", r.port, redisPassword))
	r.cmd.SysProcAttr = apart()
	ts.Check(os.RemoveAll(filepath.Join(dir, "appendonlydir")))
	ts.Check(r.cmd.Start())
	for end := time.Now().Add(patience); !r.answers(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			ts.Fatalf("redis-server does not answer: %s", log)
		}
	}
	url := "redis://127.0.0.1:" + r.port + "/0?password-file=" + password
	ts.Setenv("REDIS", url)
	ts.Setenv("REDIS_HOST", "127.0.0.1:"+r.port)
	s.environ = setEnv(setEnv(s.environ, "REDIS", url), "REDIS_HOST", "127.0.0.1:"+r.port)
}

func verbRedisSignal(ts *testscript.TestScript, _ bool, args []string) {
	r := scriptOf(ts).redis
	if args[0] == "KILL" {
		r.stop()
		return
	}
	ts.Check(sendSignal(r.cmd.Process, args[0]))
}

func (r *redisServer) stop() {
	if r.cmd == nil {
		return
	}
	r.cmd.Process.Kill()
	r.cmd.Wait()
	r.cmd = nil
}

func (r *redisServer) answers() bool {
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+r.port, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Second))
	fmt.Fprintf(c, "AUTH %s\r\nPING\r\n", redisPassword)
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		if lines.Text() == "+PONG" {
			return true
		}
	}
	return false
}

func freeLoopbackPort(ts *testscript.TestScript) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	return port
}
