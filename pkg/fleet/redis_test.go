package fleet

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/hauth/hauth/pkg/auth"
)

// fakeRedis answers each command with what answer makes of it; an empty answer
// closes the connection.
type fakeRedis struct {
	address string
	mu      sync.Mutex
	seen    []string
	answer  func(command string) string
}

func newFakeRedis(t *testing.T, answer func(command string) string) *fakeRedis {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	f := &fakeRedis{address: l.Addr().String(), answer: answer}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go f.serve(conn)
		}
	}()
	return f
}

func (f *fakeRedis) serve(conn net.Conn) {
	defer conn.Close()
	f.note("connected")
	r := bufio.NewReader(conn)
	number := func() int {
		line, _ := r.ReadString('\n')
		n, _ := strconv.Atoi(strings.TrimSpace(strings.TrimLeft(line, "*$")))
		return n
	}
	for {
		var words []string
		for range number() {
			word := make([]byte, number()+2)
			if _, err := io.ReadFull(r, word); err != nil {
				return
			}
			words = append(words, string(word[:len(word)-2]))
		}
		if len(words) == 0 {
			return
		}
		if words[0] == "EVAL" {
			words = words[:1]
		}
		command := strings.Join(words, " ")
		f.note(command)
		f.mu.Lock()
		reply := f.answer(command)
		f.mu.Unlock()
		if reply == "" {
			return
		}
		io.WriteString(conn, reply+"\r\n")
	}
}

func (f *fakeRedis) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, what)
}

// saw returns what came in since the last call.
func (f *fakeRedis) saw() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.seen
	f.seen = nil
	return seen
}

func (f *fakeRedis) wants(t *testing.T, want ...string) {
	t.Helper()
	if seen := f.saw(); !slices.Equal(seen, want) {
		t.Errorf("the server saw %q, want %q", seen, want)
	}
}

func (f *fakeRedis) answers(answer func(command string) string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

const redisNothing = "*4\r\n$-1\r\n$-1\r\n$2\r\n10\r\n$1\r\n0"

func openRedis(t *testing.T, raw string) Engine {
	t.Helper()
	target, err := Parse(raw, false)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func readRedis(t *testing.T, e Engine) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := e.Read(ctx, "a")
	return err
}

func TestRedisKeepsAndDropsConnections(t *testing.T) {
	evalWith := func(reply string) func(string) string {
		return func(command string) string {
			if command == "EVAL" {
				return reply
			}
			return "+OK"
		}
	}
	f := newFakeRedis(t, evalWith(redisNothing))
	e := openRedis(t, "redis://u@"+f.address+"/2")
	for range 2 {
		if err := readRedis(t, e); err != nil {
			t.Fatal(err)
		}
	}
	f.wants(t, "connected", "AUTH u ", "SELECT 2", "EVAL", "EVAL")
	for _, bad := range []string{"", "nonsense", "-READONLY You can't write"} {
		e.Close()
		f.answers(evalWith(bad))
		err, ok := auth.AsError(readRedis(t, e))
		if !ok || !err.Retryable || strings.Contains(err.Error(), "redigo") {
			t.Errorf("%q: %v", bad, err)
		}
		f.answers(evalWith(redisNothing))
		f.saw()
		if err := readRedis(t, e); err != nil {
			t.Errorf("after %q: %v", bad, err)
		}
		if !slices.Contains(f.saw(), "connected") {
			t.Errorf("after %q, the connection is used again", bad)
		}
	}
}

func TestRedisClusterRedirects(t *testing.T) {
	moving := newFakeRedis(t, func(command string) string {
		if command == "EVAL" {
			return redisNothing
		}
		return "+OK"
	})
	owner := newFakeRedis(t, func(string) string { return "-ASK 1 " + moving.address })
	asked := newFakeRedis(t, func(string) string { return "-MOVED 1 " + owner.address })
	e := openRedis(t, "redis+cluster://"+asked.address)
	if err := readRedis(t, e); err != nil {
		t.Fatal(err)
	}
	asked.wants(t, "connected", "EVAL") // which finds the owner
	owner.wants(t, "connected", "EVAL")
	moving.wants(t, "connected", "ASKING", "EVAL", "EVAL")

	circle := newFakeRedis(t, nil)
	_, port, _ := net.SplitHostPort(circle.address)
	circle.answers(func(string) string { return "-MOVED 1 :" + port }) // no host: the same
	err, ok := auth.AsError(readRedis(t, openRedis(t, "redis+cluster://"+circle.address)))
	if !ok || !err.Retryable {
		t.Errorf("sent in a circle: %v", err)
	}
	if n := len(circle.saw()); n != 2*(1+clusterRedirects) {
		t.Errorf("%d steps in a circle", n)
	}
	if err, ok := auth.AsError(readRedis(t, openRedis(t, "redis://"+circle.address))); !ok || err.Remedy != auth.RemedyFleetURL {
		t.Errorf("without +cluster: %v", err)
	}
}

// TestRedisClusterHostDoesNotCount has hosts first that are no help.
func TestRedisClusterHostDoesNotCount(t *testing.T) {
	hangs, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hangs.Close()
	cutOff := newFakeRedis(t, func(string) string { return "-CLUSTERDOWN The cluster is down" })
	good := newFakeRedis(t, func(string) string { return redisNothing })
	e := openRedis(t, "redis+cluster://"+hangs.Addr().String()+","+cutOff.address+","+good.address)
	if err := readRedis(t, e); err != nil {
		t.Error(err)
	}
	good.wants(t, "connected", "EVAL", "EVAL")
}

func TestRedisSentinelNeedsMaster(t *testing.T) {
	is := func(role string) func(string) string {
		return func(command string) string {
			if command == "ROLE" {
				return fmt.Sprintf("*1\r\n$%d\r\n%s", len(role), role)
			}
			return redisNothing
		}
	}
	server := newFakeRedis(t, is("slave"))
	host, port, _ := net.SplitHostPort(server.address)
	sentinel := newFakeRedis(t, func(command string) string {
		if strings.HasPrefix(command, "AUTH") {
			return "+OK"
		}
		return fmt.Sprintf("*2\r\n$%d\r\n%s\r\n$%d\r\n%s", len(host), host, len(port), port)
	})
	e := openRedis(t, "redis+sentinel://"+sentinel.address+"/m?sentinel-user=watch")
	if err, ok := auth.AsError(readRedis(t, e)); !ok || !err.Retryable {
		t.Errorf("a replica: %v", err)
	}
	sentinel.wants(t, "connected", "AUTH watch ", "SENTINEL GET-MASTER-ADDR-BY-NAME m")
	server.wants(t, "connected", "ROLE")
	server.answers(is("master"))
	if err := readRedis(t, e); err != nil {
		t.Error(err)
	}
	server.wants(t, "connected", "ROLE", "EVAL")
}

func TestRedisRedirection(t *testing.T) {
	for said, want := range map[string]string{
		"MOVED 1 10.0.0.1:7": "10.0.0.1:7", "MOVED 1 ::1:7": "[::1]:7", "ASK 1 [::1]:7": "[::1]:7", "MOVED 1 :7": "h:7",
		"MOVED 1": "", "MOVED 1 x": "", "ERR 1 a:7": "", "": "",
	} {
		if address, _, ok := redirection(redis.Error(said), "h:1"); address != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", said, address, ok)
		}
	}
	if _, _, ok := redirection(nil, "h:1"); ok {
		t.Error("nil is a redirection")
	}
}
