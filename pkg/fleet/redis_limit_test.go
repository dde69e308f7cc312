package fleet

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/hauth/hauth/pkg/auth"
)

// TestRedisAnswersTooMuch has servers announce, or send, more than any record
// needs.
func TestRedisAnswersTooMuch(t *testing.T) {
	nothing := redisNothing + "\r\n"
	for name, answer := range map[string]string{
		"a long string, never sent":     "$600000000",
		"a string that no memory holds": "$999999999999999",
		"a length that overflows":       "$" + strings.Repeat("9", 30),
		"a long array":                  "*60000000",
		"an array that no memory holds": "*99999999999999",
		"many arrays":                   "*4" + strings.Repeat("\r\n*50000\r\n*-1", 4),
		"arrays in arrays":              strings.Repeat("*1\r\n", 1<<18) + "$-1",
		"a long error":                  "-ERR " + strings.Repeat("x", maxAnswer),
		"an endless number":             ":" + strings.Repeat("1", maxAnswer),
		"two answers at once":           nothing + ":1",
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeRedis(t, func(string) string { return answer })
			e := openRedis(t, "redis://"+f.address)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err, ok := auth.AsError(readRedis(t, e))
			runtime.ReadMemStats(&after)
			if name == "two answers at once" && err == nil {
				err, ok = auth.AsError(readRedis(t, e)) // unless both came in one piece
			}
			if !ok || err.Kind != auth.Store || !err.Retryable || len(err.Error()) > 500 {
				t.Errorf("%v", err)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 64<<20 {
				t.Errorf("%d MB of memory", got>>20)
			}
			f.answers(func(string) string { return redisNothing })
			if err := readRedis(t, e); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// TestRedisRepeatsPassword has a server that shows what it was sent.
func TestRedisRepeatsPassword(t *testing.T) {
	echo := func(command string) string {
		return "-WRONGPASS \x1b[31m" + strings.Repeat(" ", 10) + command + " is \u202ewrong" + strings.Repeat("!", 1000)
	}
	f := newFakeRedis(t, echo)
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("canary-password\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"redis://u:canary-password@" + f.address,
		"redis://u@" + f.address + "?password-file=" + file,
		"redis+cluster://u@" + f.address + "?password-file=" + file,
		"redis+sentinel://" + f.address + "/m?sentinel-password-file=" + file,
	} {
		err, ok := auth.AsError(readRedis(t, openRedis(t, url)))
		if !ok || err.Remedy != auth.RemedyEngineLogin {
			t.Fatalf("%s: %v", url, err)
		}
		if said := err.Error(); strings.Contains(said, "canary") || strings.ContainsAny(said, "\x1b\u202e") || len(said) > 500 {
			t.Errorf("%q", said)
		}
	}
}

// answered is a connection whose other end has sent everything already.
type answered struct {
	net.Conn
	io.Reader
}

func (c answered) Read(p []byte) (int, error)       { return c.Reader.Read(p) }
func (answered) Write(p []byte) (int, error)        { return len(p), nil }
func (answered) Close() error                       { return nil }
func (answered) SetReadDeadline(t time.Time) error  { return nil }
func (answered) SetWriteDeadline(t time.Time) error { return nil }

// FuzzRedisAnswer wants an answer within the limits to reach the caller
// unchanged, and one beyond them to end nothing but the connection.
func FuzzRedisAnswer(f *testing.F) {
	for _, seed := range []string{
		redisNothing + "\r\n", "+OK\r\n", ":1\r\n", "-MOVED 1 a:1\r\n", "$-1\r\n", "$3\r\na\r\n\r\n", "*2\r\n*1\r\n$1\r\nx\r\n:1\r\n",
		"*0\r\n", "$0\r\n\r\n", "*-1\r\n", "$600000000\r\n", "*99999999999999\r\n", "$9\r1\r\n", "$\r\n", "*1\n*1\n", "\r\n", "%1\r\n+a\r\n+b\r\n",
	} {
		f.Add([]byte(seed), uint8(1))
		f.Add([]byte(seed), uint8(7))
	}
	f.Fuzz(func(t *testing.T, answer []byte, piece uint8) {
		if len(answer) > maxAnswer/2 || piece == 0 {
			return
		}
		limited := &limitedConn{Conn: answered{Reader: inPieces{bytes.NewReader(answer), int(piece)}}}
		got, err := redis.NewConn(limited, time.Minute, time.Minute).Do("X")
		if limited.refused {
			return
		}
		want, wantErr := redis.NewConn(answered{Reader: bytes.NewReader(answer)}, time.Minute, time.Minute).Do("X")
		if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) {
			t.Errorf("%q: %v, %v; want %v, %v", answer, got, err, want, wantErr)
		}
	})
}

// inPieces gives no more than size bytes at a time.
type inPieces struct {
	io.Reader
	size int
}

func (r inPieces) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), r.size)]) }
