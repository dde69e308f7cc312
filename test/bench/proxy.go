package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The proxy is measured between this process, which is client and API in one,
// and itself; directly, through httputil.ReverseProxy and through hauth. Who
// receives a stream makes its SHA-256, as whoever has a use for it does at
// least.

const (
	streamBytes = 1 << 30
	pieceBytes  = 256 << 20 // of a stream whose throughput is compared
	streams     = 200
	smallCalls  = 3000
	bareLimit   = 1.25 // of a small call, to httputil.ReverseProxy
	directLimit = 0.7  // of a stream's throughput, to no proxy at all
	uploadPeak  = 24   // MB
	eventsPeak  = 32   // MB
)

// ways are the three ways to the API.
type ways struct {
	direct, bare, hauth string
	api                 *api
	pid                 int // of hauth's proxy
}

func (b *bench) proxy() error {
	w := &ways{api: &api{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	go http.Serve(listener, w.api)
	w.direct = "http://" + listener.Addr().String()

	bare, stop, err := started(exec.Command(b.path("bare"), w.direct))
	if err != nil {
		return err
	}
	defer stop()
	w.bare = strings.TrimSpace(bare)

	fmt.Println("\nthe proxy")
	if err := b.small(w); err != nil {
		return err
	}
	if err := b.throughput(w); err != nil {
		return err
	}
	if err := b.deadUpload(w); err != nil {
		return err
	}
	if err := b.events(w); err != nil {
		return err
	}
	return b.asleep(w)
}

// api is a vendor: it issues tokens, takes and gives streams.
type api struct {
	issued  atomic.Int32
	dead    atomic.Bool
	refused atomic.Int32 // calls with a dead token
	taken   atomic.Int64 // bytes of the last upload
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		a.dead.Store(false)
		fmt.Fprintf(w, `{"token":"bench-token-%d"}`, a.issued.Add(1))
		return
	}
	if a.dead.Load() {
		a.refused.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch r.URL.Path {
	case "/up":
		n, _ := io.Copy(sha256.New(), r.Body)
		a.taken.Store(n)
	case "/down":
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(pieceBytes))
		io.Copy(w, io.LimitReader(zeros{}, pieceBytes))
	case "/events":
		w.Header().Set("Content-Type", "text/event-stream")
		for range 5 {
			fmt.Fprint(w, "data: an event of the usual length, more or less\n\n")
			http.NewResponseController(w).Flush()
			time.Sleep(100 * time.Millisecond)
		}
		<-r.Context().Done()
	default:
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"code":0,"data":{"name":"a small answer"}}`)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// serve starts hauth's proxy anew, so that its peak is that of what follows,
// with tokens of the given life.
func (b *bench) serve(w *ways, life time.Duration) (stop func(), err error) {
	home := b.path("proxy-home-" + life.String())
	if err := os.MkdirAll(filepath.Join(home, "providers"), 0o700); err != nil {
		return nil, err
	}
	file := "name: bench\nvars:\n  - {name: id, label: ID}\n  - {name: secret, label: Secret, secret: true}\nendpoint: " + w.direct +
		"\nrequest: {method: POST, path: /token, json: {id: \"{id}\", secret: \"{secret}\"}}\ntoken: token\nexpires: [{after: " + life.String() + "}]\nuse: {headers: {Authorization: \"Bearer {token}\"}}\n"
	if err := os.WriteFile(filepath.Join(home, "providers", "bench.yaml"), []byte(file), 0o600); err != nil {
		return nil, err
	}
	c := exec.Command(b.path("hauth"), "proxy", "bench")
	c.Env = append(os.Environ(), "HAUTH_HOME="+home, "HAUTH_BENCH_ID=x", "HAUTH_BENCH_SECRET=a-secret-of-some-length", "HAUTH_NO_INPUT=1")
	line, stop, err := started(c)
	if err != nil {
		return nil, err
	}
	_, address, _ := strings.Cut(strings.TrimSpace(line), "=")
	w.hauth, w.pid = strings.Trim(address, "'"), c.Process.Pid
	return stop, nil
}

// started starts a program and returns its first line.
func started(c *exec.Cmd) (line string, stop func(), err error) {
	out, err := c.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		return "", nil, err
	}
	stop = func() { c.Process.Kill(); c.Wait() }
	if line, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		stop()
	}
	return line, stop, err
}

// small compares calls one after another, in turn, on connections that are
// kept.
func (b *bench) small(w *ways) error {
	stop, err := b.serve(w, 24*time.Hour)
	if err != nil {
		return err
	}
	defer stop()
	times := map[string][]time.Duration{}
	for i := -200; i < smallCalls; i++ {
		for _, way := range []string{w.direct, w.bare, w.hauth} {
			begin := time.Now()
			if err := exchange("GET", way+"/small", nil, 0); err != nil {
				return err
			}
			if i >= 0 {
				times[way] = append(times[way], time.Since(begin))
			}
		}
	}
	median := func(way string) float64 { return ms(quantile(times[way], .5)) }
	fmt.Printf("small GET: direct %.3f ms, ReverseProxy %.3f ms, hauth %.3f ms: %s\n", median(w.direct), median(w.bare), median(w.hauth),
		atMost(median(w.hauth)/median(w.bare), bareLimit, "× ReverseProxy"))
	return nil
}

func (b *bench) throughput(w *ways) error {
	stop, err := b.serve(w, 24*time.Hour)
	if err != nil {
		return err
	}
	defer stop()
	for _, c := range []struct {
		name, method, path string
	}{{"upload", "PUT", "/up"}, {"download", "GET", "/down"}} {
		rate := map[string]float64{}
		for range 7 {
			for _, way := range []string{w.direct, w.bare, w.hauth} {
				var body io.Reader
				if c.method == "PUT" {
					body = io.LimitReader(zeros{}, pieceBytes)
				}
				begin := time.Now()
				if err := exchange(c.method, way+c.path, body, pieceBytes); err != nil {
					return err
				}
				rate[way] = max(rate[way], pieceBytes/1e6/time.Since(begin).Seconds())
			}
		}
		verdict := "ok"
		if rate[w.hauth]/rate[w.direct] < directLimit {
			verdict = "UNDER"
		}
		fmt.Printf("%s of 256 MiB: direct %.0f MB/s, ReverseProxy %.0f MB/s, hauth %.0f MB/s: %.2f × direct (at least %.2f: %s)\n", c.name, rate[w.direct], rate[w.bare], rate[w.hauth],
			rate[w.hauth]/rate[w.direct], directLimit, verdict)
	}
	return nil
}

// deadUpload sends 1 GiB with a token that is dead at its beginning.
func (b *bench) deadUpload(w *ways) error {
	stop, err := b.serve(w, 24*time.Hour)
	if err != nil {
		return err
	}
	defer stop()
	if err := exchange("GET", w.hauth+"/small", nil, 0); err != nil {
		return err
	}
	before := w.api.issued.Load()
	w.api.dead.Store(true)
	if err := exchange("PUT", w.hauth+"/up", io.LimitReader(zeros{}, streamBytes), streamBytes); err != nil {
		return err
	}
	if n := w.api.taken.Load(); n != streamBytes {
		return fmt.Errorf("of 1 GiB %d bytes arrived", n)
	}
	fmt.Printf("1 GiB up on a dead token: %d token request, %s\n", w.api.issued.Load()-before, atMost(peakMB(w.pid), uploadPeak, "MB at the peak"))
	return nil
}

// events keeps many streams of events open.
func (b *bench) events(w *ways) error {
	stop, err := b.serve(w, 24*time.Hour)
	if err != nil {
		return err
	}
	defer stop()
	var all, open sync.WaitGroup
	var failed atomic.Value
	done := make(chan struct{})
	transport := &http.Transport{MaxConnsPerHost: streams + 1}
	for range streams {
		open.Add(1)
		all.Go(func() {
			resp, err := transport.RoundTrip(mustRequest("GET", w.hauth+"/events", nil))
			if err != nil || resp.StatusCode != http.StatusOK {
				failed.Store(fmt.Errorf("an event stream: %v, %v", resp, err))
				open.Done()
				return
			}
			defer resp.Body.Close()
			lines := bufio.NewReader(resp.Body)
			for range 10 {
				if _, err := lines.ReadString('\n'); err != nil {
					failed.Store(err)
				}
			}
			open.Done()
			<-done
		})
	}
	open.Wait()
	fmt.Printf("%d streams of events: %s\n", streams, atMost(peakMB(w.pid), eventsPeak, "MB at the peak"))
	close(done)
	all.Wait()
	err, _ = failed.Load().(error)
	return err
}

// asleep stops the proxy for longer than its token lives, as a laptop that is
// closed does. What its clock says afterwards must do: the dead token is not
// even tried.
func (b *bench) asleep(w *ways) error {
	const life = 31 * time.Second // hauth takes none under 30 s for a life
	stop, err := b.serve(w, life)
	if err != nil {
		return err
	}
	defer stop()
	if err := exchange("GET", w.hauth+"/small", nil, 0); err != nil {
		return err
	}
	syscall.Kill(w.pid, syscall.SIGSTOP)
	time.Sleep(life)
	w.api.dead.Store(true)
	issued, refused := w.api.issued.Load(), w.api.refused.Load()
	syscall.Kill(w.pid, syscall.SIGCONT)
	if err := exchange("GET", w.hauth+"/small", nil, 0); err != nil {
		return err
	}
	fmt.Printf("stopped for longer than its token lives: %d token request (want 1), %d calls refused (want 0)\n", w.api.issued.Load()-issued, w.api.refused.Load()-refused)
	return nil
}

func exchange(method, url string, body io.Reader, length int64) error {
	req := mustRequest(method, url, body)
	if body != nil {
		req.ContentLength = length
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(sha256.New(), resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: HTTP %d", method, req.URL.Path, resp.StatusCode)
	}
	return nil
}

func mustRequest(method, url string, body io.Reader) *http.Request {
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		panic(err) // an address that a program printed
	}
	return req
}

func atMost(value, limit float64, unit string) string {
	verdict := "ok"
	if value > limit {
		verdict = "OVER"
	}
	return fmt.Sprintf("%.2f %s (at most %.2f: %s)", value, unit, limit, verdict)
}

// peakMB is the greatest resident size of a process so far.
func peakMB(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kib float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kib); err == nil {
			return kib * 1024 / 1e6
		}
	}
	return 0
}
