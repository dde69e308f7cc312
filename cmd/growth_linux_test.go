package cmd

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// crowdSize is how many accounts there are where a command must not read them
// all.
const crowdSize = 1000

// household is a home with accounts of a few vendors, which are counted.
type household struct {
	t       *testing.T
	home    string
	vendors *countedVendors
}

func newHousehold(t *testing.T) *household {
	t.Helper()
	h := &household{t: t, home: t.TempDir(), vendors: &countedVendors{asked: map[string]int{}, busy: map[string]int{}}}
	server := httptest.NewServer(h.vendors)
	t.Cleanup(server.Close)
	dir := filepath.Join(h.home, "providers")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"} {
		file := "name: " + name + "\nvars:\n  - {name: id, label: ID}\n  - {name: secret, label: Secret, secret: true}\nendpoint: " + server.URL + "/" + name +
			"\nrequest: {method: POST, path: /token, json: {id: \"{id}\", secret: \"{secret}\"}}\ntoken: token\nexpires: [{after: 24h}]\nuse: {headers: {Authorization: \"Bearer {token}\"}}\n"
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// hauth runs a command, which has to succeed, and returns its stdout.
func (h *household) hauth(stdin string, args ...string) string {
	h.t.Helper()
	var out, errs bytes.Buffer
	environ := []string{"HOME=" + h.home, "HAUTH_HOME=" + h.home, "XDG_RUNTIME_DIR=" + h.home, "HAUTH_NO_INPUT=1", "LC_ALL=C.UTF-8"}
	if code := Main(h.t.Context(), Env{Args: args, Environ: environ, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs}); code != 0 {
		h.t.Fatalf("hauth %s: exit %d\n%s", strings.Join(args, " "), code, &errs)
	}
	return out.String()
}

func (h *household) login(account string) {
	h.t.Helper()
	h.hauth("a-secret-of-some-length", "login", account, "--store", "file", "--id", "x", "--secret-stdin")
}

// multiply gives v0/default many siblings, whose account files are copies of
// its own.
func (h *household) multiply() {
	h.t.Helper()
	accounts := filepath.Join(h.home, "accounts")
	file, err := os.ReadFile(filepath.Join(accounts, "v0@default.json"))
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range crowdSize {
		name := fmt.Sprintf("p%d", i)
		copied := strings.Replace(string(file), `"v0/default"`, `"v0/`+name+`"`, 1)
		if err := os.WriteFile(filepath.Join(accounts, "v0@"+name+".json"), []byte(copied), 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
}

// opened counts how often f opens which files in hauth's directories.
func (h *household) opened(f func()) map[string]int {
	h.t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		h.t.Fatal(err)
	}
	defer syscall.Close(fd)
	dirs := map[int32]string{}
	err = filepath.WalkDir(h.home, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		watch, err := syscall.InotifyAddWatch(fd, path, syscall.IN_OPEN)
		if err != nil {
			return err
		}
		dirs[int32(watch)], err = filepath.Rel(h.home, path)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	f()
	opened := map[string]int{}
	for buf := make([]byte, 1<<16); ; {
		n, err := syscall.Read(fd, buf)
		if err == syscall.EAGAIN {
			return opened
		} else if err != nil {
			h.t.Fatal(err)
		}
		for events := buf[:n]; len(events) > 0; {
			watch, mask := int32(binary.NativeEndian.Uint32(events)), binary.NativeEndian.Uint32(events[4:])
			size := syscall.SizeofInotifyEvent + binary.NativeEndian.Uint32(events[12:])
			name := strings.TrimRight(string(events[syscall.SizeofInotifyEvent:size]), "\x00")
			if mask&syscall.IN_Q_OVERFLOW != 0 {
				h.t.Fatal("more files were opened than the kernel keeps count of")
			}
			if mask&syscall.IN_ISDIR == 0 {
				opened[filepath.Join(dirs[watch], name)]++
			}
			events = events[size:]
		}
	}
}

// TestGrowthOfCompletion: names are filtered before files are read, and of a
// list that nobody reads, none.
func TestGrowthOfCompletion(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.login("v0")
	h.multiply()
	var out string
	opened := h.opened(func() { out = h.hauth("", "__complete", "token", "v0/p77") })
	if n := strings.Count(out, "\tvalid"); n != 11 {
		t.Errorf("of p77 and p770 to p779, %d were completed:\n%s", n, out)
	}
	delete(opened, "providers/v0.yaml") // once, for the environment
	if len(opened) != 11 || opened["accounts/v0@p77.json"] != 1 || opened["accounts/v0@p779.json"] != 1 {
		t.Errorf("the completion of v0/p77 read %v", opened)
	}
	opened = h.opened(func() { out = h.hauth("", "__complete", "token", "v0") })
	if n := strings.Count(out, "v0/p"); n != crowdSize {
		t.Errorf("%d accounts were completed", n)
	}
	delete(opened, "providers/v0.yaml")
	if len(opened) != 0 {
		t.Errorf("the completion of %d accounts read %v", crowdSize, opened)
	}
}

// TestGrowthOfStatus: each account costs one small file, and no store is opened.
func TestGrowthOfStatus(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.login("v0")
	h.multiply()
	var out string
	opened := h.opened(func() { out = h.hauth("", "status") })
	if n := strings.Count(out, "\tvalid\t"); n != crowdSize+1 {
		t.Errorf("%d accounts are valid", n)
	}
	accounts := 0
	for name, times := range opened {
		switch {
		case times != 1:
			t.Errorf("status read %s %d times", name, times)
		case strings.HasPrefix(name, "accounts/"):
			accounts++
		case name == "locks/v0@default.attempts", name == "providers/v0.yaml": // one of each vendor, or of an account that has one
		default:
			t.Errorf("status read %s", name)
		}
	}
	if accounts != crowdSize+1 {
		t.Errorf("status read %d account files", accounts)
	}
}

// TestGrowthOfToken: a hit reads the same files however many accounts there are.
func TestGrowthOfToken(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	h.login("v0")
	token := func() { h.hauth("", "token", "v0") }
	alone := h.opened(token)
	if alone["accounts/v0@default.json"] != 1 || alone["records/v0@default.token.age"] != 1 {
		t.Errorf("a hit read %v", alone)
	}
	h.multiply()
	if among := h.opened(token); !maps.Equal(alone, among) {
		t.Errorf("a hit read %v, and among %d accounts %v", alone, crowdSize, among)
	}
	if n := h.vendors.asked["v0"]; n != 1 {
		t.Errorf("the vendor was asked %d times, not only by the login", n)
	}
}

// TestVendorsAtATime: --all asks four vendors at a time, and none twice at a
// time.
func TestVendorsAtATime(t *testing.T) {
	t.Parallel()
	h := newHousehold(t)
	for name := range 8 {
		for _, profile := range []string{"a", "b", "c"} {
			h.login(fmt.Sprintf("v%d/%s", name, profile))
		}
	}
	h.vendors.meet(4)
	h.hauth("", "refresh", "--all")
	h.vendors.mu.Lock()
	defer h.vendors.mu.Unlock()
	if h.vendors.most != 4 || h.vendors.mostOfOne != 1 {
		t.Errorf("%d requests at a time, and of one vendor %d", h.vendors.most, h.vendors.mostOfOne)
	}
	for name, n := range h.vendors.asked {
		if n != 6 {
			t.Errorf("%s was asked %d times by three logins and three refreshes", name, n)
		}
	}
	if len(h.vendors.asked) != 8 {
		t.Errorf("asked: %v", slices.Sorted(maps.Keys(h.vendors.asked)))
	}
}

// countedVendors issue tokens and count who is asked at a time.
type countedVendors struct {
	mu              sync.Mutex
	asked           map[string]int
	busy            map[string]int
	all             int // requests now
	most, mostOfOne int // at a time
	quorum          int
	met             chan struct{} // closed when so many were there at a time
}

// meet lets no request be answered before n are there.
func (v *countedVendors) meet(n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.quorum, v.met = n, make(chan struct{})
	v.most, v.mostOfOne = 0, 0
}

func (v *countedVendors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(r.URL.Path[1:], "/")
	io.Copy(io.Discard, r.Body)
	v.mu.Lock()
	v.asked[name]++
	v.busy[name]++
	v.all++
	v.most, v.mostOfOne = max(v.most, v.all), max(v.mostOfOne, v.busy[name])
	if v.all == v.quorum && v.met != nil {
		close(v.met)
		v.quorum = 0
	}
	met, serial := v.met, v.asked[name]
	v.mu.Unlock()
	if met != nil {
		select {
		case <-met:
		case <-r.Context().Done():
		}
		// A moment more, in which one too many would come; no right program
		// needs it.
		time.Sleep(10 * time.Millisecond)
	}
	v.mu.Lock()
	v.busy[name]--
	v.all--
	v.mu.Unlock()
	fmt.Fprintf(w, `{"token":"%s-token-number-%d"}`, name, serial)
}
