package providers

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// hauthBinary builds what users run.
func hauthBinary(t *testing.T) string { return binary(t, ".") }

func binary(t *testing.T, pkg string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hauth")
	build := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-o", path, pkg)
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

const processSecret = "kL9vQ2xW7rT4-process-canary"

// run is what a process came to.
type run struct {
	exit           int
	stdout, stderr string
	took           time.Duration
}

// tokenCommand is "hauth token 123pan" with credentials from the environment
// and nothing cached.
func tokenCommand(t *testing.T, endpoint string, environ []string, argv ...string) *exec.Cmd {
	argv = append(argv, "token", "123pan", "--no-input", "--debug", "--timeout", "2s")
	c := exec.Command(argv[0], argv[1:]...)
	c.Env = append([]string{
		"HAUTH_HOME=" + t.TempDir(), "HAUTH_STORE=none", "HAUTH_123PAN_ENDPOINT=" + endpoint,
		"HAUTH_123PAN_CLIENT_ID=process-id", "HAUTH_123PAN_CLIENT_SECRET=" + processSecret,
	}, environ...)
	return c
}

func token(t *testing.T, hauth, endpoint string, environ ...string) run {
	t.Helper()
	c := tokenCommand(t, endpoint, environ, hauth)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	start := time.Now()
	c.Run() // the exit code says it all
	var r run
	r.took, r.exit, r.stdout, r.stderr = time.Since(start), c.ProcessState.ExitCode(), stdout.String(), stderr.String()
	if strings.Contains(r.stderr, processSecret) || strings.Contains(r.stdout, processSecret) {
		t.Errorf("the secret shows: %s", r.stderr)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(r.stderr, "\n"), "\n") {
		harmless(t, line)
	}
	return r
}

// peak is the resident size that the same run reaches, in KiB. A process
// begins with the size of the one that starts it, so a small program does; the
// shell, whose own measure includes its child's, forgives the exit code.
func peak(t *testing.T, starter, hauth, endpoint string) int {
	t.Helper()
	out, err := tokenCommand(t, endpoint, nil, starter, "/bin/sh", "-c", `"$@" || true`, "sh", hauth).Output()
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || n < 4000 {
		t.Fatalf("%q, %v", out, err)
	}
	return n
}

// TestProcessStaysSmall: the whole process, against a vendor that sends
// without end, stays under 40 MB and within its deadline. Half a million JSON
// values in a megabyte once took 55 MB.
func TestProcessStaysSmall(t *testing.T) {
	const most = 40 << 10 // KiB
	hauth, starter := hauthBinary(t), binary(t, "./test/bench/peak")
	chunk := fmt.Sprintf("%x\r\n%s\r\n", 64<<10, strings.Repeat("x", 64<<10))
	const chunked = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
	fill := func(begin, item, end string) string {
		return "HTTP/1.1 200 OK\r\n\r\n" + begin + strings.Repeat(item, (maxAnswer-len(begin)-len(end))/len(item)) + end
	}
	for name, test := range map[string]struct {
		head, piece string // piece is sent until nobody listens
		exit        int
		slow        bool // sent a byte at a time, and so ended by the deadline
	}{
		"10 GB in chunks":         {head: chunked, piece: chunk, exit: 9},
		"10 GB announced":         {head: "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", piece: chunk, exit: 9},
		"gzip bomb, 1 GB":         {head: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\n\r\n" + strings.Repeat(gzipped(4<<20), 250), exit: 9},
		"endless header":          {head: "HTTP/1.1 200 OK\r\nX: ", piece: strings.Repeat("x", 64<<10), exit: 7},
		"endless headers":         {head: "HTTP/1.1 200 OK\r\n", piece: strings.Repeat("X: y\r\n", 10<<10), exit: 7},
		"endless status line":     {head: "HTTP/1.1 200 ", piece: strings.Repeat("x", 64<<10), exit: 7},
		"endless 103":             {piece: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", exit: 7},
		"endless trailer":         {head: chunked + "0\r\n", piece: strings.Repeat("X: y\r\n", 10<<10), exit: 7},
		"a megabyte of message":   {head: fill(`{"code":401,"message":"`, "\u202e", `"}`), exit: 4},
		"a megabyte of escapes":   {head: fill(`{"code":401,"message":"`, `\u202e`, `"}`), exit: 4},
		"half a million numbers":  {head: fill(`{"code":0,"z":[1`, ",1", `]}`), exit: 9},
		"empty objects":           {head: fill(`{"code":0,"z":[1`, ",{}", `]}`), exit: 9},
		"many keys":               {head: fill(`{"code":0`, `,"a":1`, `}`), exit: 9},
		"a megabyte of brackets":  {head: fill("", "[", ""), exit: 9},
		"a megabyte of a number":  {head: fill(`{"code":`, "9", `}`), exit: 4},
		"a megabyte of a token":   {head: fill(`{"code":0,"data":{"accessToken":"`, "x", `"}}`), exit: 9},
		"101":                     {head: "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", piece: chunk, exit: 9},
		"a byte every 100 ms":     {head: chunked, piece: "1\r\n \r\n", exit: 7, slow: true},
		"a header byte every 100": {head: "HTTP/1.1 200 OK\r\n", piece: "X: y\r\n", exit: 7, slow: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					go pour(conn, test.head, test.piece, test.slow)
				}
			}()
			r := token(t, hauth, "http://"+l.Addr().String())
			if r.exit != test.exit || r.stdout != "" {
				t.Errorf("exit %d, stdout of %d bytes, stderr %s", r.exit, len(r.stdout), r.stderr)
			}
			size := peak(t, starter, hauth, "http://"+l.Addr().String())
			if size > most {
				t.Errorf("%d KiB", size)
			}
			if r.took > 10*time.Second || test.slow && r.took < 2*time.Second {
				t.Errorf("after %v", r.took)
			}
			t.Logf("%d KiB, %v", size, r.took.Round(time.Millisecond))
		})
	}
}

func pour(conn net.Conn, head, piece string, slow bool) {
	defer conn.Close()
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	io.Copy(io.Discard, req.Body)
	if _, err := io.WriteString(conn, head); err != nil || piece == "" {
		return
	}
	for {
		if !slow {
			_, err = io.WriteString(conn, piece)
		}
		for i := 0; slow && err == nil && i < len(piece); i++ {
			_, err = conn.Write([]byte{piece[i]})
			time.Sleep(100 * time.Millisecond) // a slow vendor is the point
		}
		if err != nil {
			return
		}
	}
}
