// Command bench times hauth as whole processes, against a hello-world, against
// other ways to read a keyring, and against env. All programs run in turn, in a
// new random order each round, so that a machine that slows down slows all of
// them; the ratio is the median of the rounds' own ratios.
//
// It wants a session bus with an unlocked keyring: make bench gives it one.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 300, "rounds")
	herds := flag.Int("herds", 0, "instead, start this many herds of 200 keyring readers, one after another")
	proxy := flag.Bool("proxy", false, "measure the proxy alone, which needs no keyring")
	flag.Parse()
	if err := run(*rounds, *herds, *proxy); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds, herds int, proxy bool) error {
	dir, err := os.MkdirTemp("", "hauth-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir}
	if err := b.build(); err != nil {
		return err
	}
	if proxy {
		return b.proxy()
	}
	stop, err := b.accounts()
	if err != nil {
		return err
	}
	defer stop()
	if herds > 0 {
		return b.herds(herds)
	}
	programs := b.programs()
	if err := b.measure(programs, rounds); err != nil {
		return err
	}
	b.report(programs, rounds)
	b.reportCounts(programs)
	if err := b.bursts(); err != nil {
		return err
	}
	if err := b.crowds(); err != nil {
		return err
	}
	return b.proxy()
}

type bench struct {
	dir  string
	env  []string          // of every program
	set  map[string]string // credentials in the environment, of the sealed one
	mock string            // its URL

	noInstructions error // why instructions are not counted
	noSyscalls     error // why system calls are not counted
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// build makes the programs as releases are made, and copies each in pieces, as
// installers do. How a file was written decides how it lies in the page cache,
// and with that how many pages one fault maps: as the linker leaves it, it starts
// slower, and written at once it takes fewer faults than any installed file.
func (b *bench) build() error {
	for name, pkg := range map[string]string{"hauth": ".", "hello": "./test/bench/hello", "gokeyring": "./test/bench/gokeyring", "peak": "./test/bench/peak", "bare": "./test/bench/bare"} {
		c := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w -buildid=", "-gcflags=github.com/hauth/hauth/...=-l", "-o", b.path(name+".built"), pkg)
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %v\n%s", pkg, err, out)
		}
		size, err := copyInPieces(b.path(name), b.path(name+".built"))
		if err != nil {
			return err
		}
		if name == "hauth" {
			fmt.Printf("binary: %.2f MB\n", float64(size)/1e6)
		}
	}
	return nil
}

func copyInPieces(to, from string) (size int64, err error) {
	src, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
	if err != nil {
		return 0, err
	}
	// Without their own ways to copy, which the kernel would do in one piece.
	size, err = io.CopyBuffer(struct{ io.Writer }{dst}, struct{ io.Reader }{src}, make([]byte, 64<<10))
	return size, errors.Join(err, dst.Close())
}

// accounts logs in against a mock: 123pan in the keyring, wahool in a file;
// hitem3d's credentials are in the environment.
func (b *bench) accounts() (stop func(), err error) {
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "HAUTH_") && !strings.HasPrefix(kv, "CI=") {
			b.env = append(b.env, kv)
		}
	}
	b.env = append(b.env, "HAUTH_HOME="+b.path("home"), "HAUTH_NO_INPUT=1")
	mock := exec.Command(b.path("hauth"), "mock", "--ttl", "24h")
	mock.Env, mock.Stderr = b.env, os.Stderr
	out, err := mock.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := mock.Start(); err != nil {
		return nil, err
	}
	stop = func() { mock.Process.Kill(); mock.Wait() }
	lines := json.NewDecoder(bufio.NewReader(out))
	for range 4 {
		var v struct {
			Provider, Endpoint string
			Credentials        map[string]string
			Env                []string
		}
		if err := lines.Decode(&v); err != nil {
			return stop, fmt.Errorf("the mock: %w", err)
		}
		b.mock = strings.TrimSuffix(v.Endpoint, "/"+v.Provider)
		switch v.Provider {
		case "123pan":
			err = b.login("123pan", "keyring", v.Endpoint, v.Credentials["client_id"], v.Credentials["client_secret"])
		case "wahool":
			err = b.login("wahool", "file", v.Endpoint, v.Credentials["access_key"], v.Credentials["secret_key"])
		case "hitem3d":
			c := exec.Command(b.path("hauth"), "token", "hitem3d")
			b.set = map[string]string{}
			for _, kv := range v.Env {
				name, value, _ := strings.Cut(kv, "=")
				b.set[name] = value
			}
			c.Env = b.environ(b.set)
			err = c.Run()
		}
		if err != nil {
			return stop, fmt.Errorf("%s: %w", v.Provider, err)
		}
	}
	return stop, nil
}

func (b *bench) login(account, store, endpoint, id, secret string) error {
	c := exec.Command(b.path("hauth"), "login", account, "--store", store, "--endpoint", endpoint, "--id", id, "--secret-stdin")
	c.Env, c.Stdin = b.env, strings.NewReader(secret)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

func (b *bench) environ(set map[string]string) []string {
	env := slices.Clone(b.env)
	for name, value := range set {
		env = append(env, name+"="+value)
	}
	return env
}

// program is one row of the table.
type program struct {
	name  string
	base  string  // the row that the ratio is to
	minus string  // a row whose time is taken off first
	limit float64 // of the ratio
	argv  []string
	env   []string

	counted bool // it has a row in the table of counts

	wall     []time.Duration // by round
	used     []usage         // by round
	syscalls []int64         // by run under strace
	memory   int64           // KiB, the greatest
}

func (b *bench) programs() []*program {
	hauth := b.path("hauth")
	return []*program{
		{name: "hello", counted: true, argv: []string{b.path("hello")}},
		{name: "hauth version", counted: true, argv: []string{hauth, "version"}},
		{name: "hauth token, file", counted: true, base: "hello", limit: 2.0, argv: []string{hauth, "token", "wahool"}},
		{name: "hauth token, sealed", counted: true, base: "hello", limit: 1.8, argv: []string{hauth, "token", "hitem3d"}, env: b.environ(b.set)},
		{name: "secret-tool lookup", argv: []string{"secret-tool", "lookup", "service", "hauth", "username", "123pan/default#token"}},
		{name: "go-keyring Get", argv: []string{b.path("gokeyring"), "123pan/default#token"}},
		{name: "hauth token, keyring", counted: true, base: "secret-tool lookup", limit: 0.42, argv: []string{hauth, "token", "123pan"}},
		{name: "  the same", base: "go-keyring Get", limit: 0.92, argv: []string{hauth, "token", "123pan"}},
		{name: "env T=x true", argv: []string{"env", "T=x", "true"}},
		{name: "hauth exec, file", counted: true, base: "env T=x true", minus: "hauth token, file", limit: 0.6, argv: []string{hauth, "exec", "wahool", "--", "true"}},
		{name: "the same, --proxy", counted: true, base: "hauth exec, file", limit: 1.25, argv: []string{hauth, "exec", "--proxy", "wahool", "--", "true"}},
	}
}

const warmup = 5

func (b *bench) measure(programs []*program, rounds int) error {
	var instructions *instructionCounter
	if instructions, b.noInstructions = countInstructions(); b.noInstructions == nil {
		defer instructions.close()
	}
	b.noSyscalls = straceMissing()
	order := rand.Perm(len(programs))
	for round := -warmup; round < rounds; round++ {
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			p := programs[i]
			c := exec.Command(p.argv[0], p.argv[1:]...)
			if c.Env = p.env; c.Env == nil {
				c.Env = b.env
			}
			begin := time.Now()
			err := c.Run()
			took := time.Since(begin)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			used := usageOf(c.ProcessState)
			if b.noInstructions == nil {
				if used.instructions, err = instructions.next(); err != nil {
					return err
				}
			}
			if round >= 0 {
				p.wall = append(p.wall, took)
				p.used = append(p.used, used)
			}
		}
	}
	for _, p := range programs {
		for range 20 {
			c := exec.Command(b.path("peak"), p.argv...)
			c.Env = p.env
			if c.Env == nil {
				c.Env = b.env
			}
			out, err := c.Output()
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			var kib int64
			if _, err := fmt.Sscan(string(out), &kib); err != nil {
				return err
			}
			p.memory = max(p.memory, kib)
		}
	}
	return nil
}
