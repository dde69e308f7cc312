package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// crowd is many processes at once that want one token.
type crowd struct {
	name    string
	vendor  string
	account string
	env     []string
	forget  func() error // the token alone; the credentials stay
}

// crowds counts what herds cost the vendor, and compares their time with that of
// as many hellos. A cold herd finds no token: one of it asks the vendor, and the
// others wait for its answer.
func (b *bench) crowds() error {
	fmt.Printf("\n%-28s %9s %9s %7s %8s  %s\n", "herds", "requests", "failures", "tokens", "time", "against as many hellos")
	for _, n := range []int{200, 1000} {
		repeats := 1000 / n
		for _, c := range []crowd{
			{"keyring", "123pan", "123pan", b.env, b.forgetInKeyring},
			{"sealed", "hitem3d", "hitem3d", b.environ(b.set), b.forgetSealed},
		} {
			for _, warm := range []bool{false, true} {
				if err := b.crowd(n, repeats, c, warm); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (b *bench) crowd(n, repeats int, c crowd, warm bool) error {
	name, want := fmt.Sprintf("%d, %s, cold", n, c.name), 1
	if warm {
		name, want = fmt.Sprintf("%d, %s, warm", n, c.name), 0
	}
	requests, failures, tokens := 0, 0, 0
	var times []time.Duration
	var ratios []float64
	for range repeats {
		hellos, _, _, err := b.rush(n, b.env, b.path("hello"))
		if err != nil {
			return err
		}
		if !warm {
			if err := c.forget(); err != nil {
				return err
			}
		}
		before, err := b.requests(c.vendor)
		if err != nil {
			return err
		}
		took, failed, printed, err := b.rush(n, c.env, b.path("hauth"), "token", c.account)
		if err != nil {
			return err
		}
		after, err := b.requests(c.vendor)
		if err != nil {
			return err
		}
		// The worst of the repeats, since one mistake is one too many.
		requests, failures, tokens = max(requests, after-before), max(failures, failed), max(tokens, printed)
		times = append(times, took)
		ratios = append(ratios, float64(took)/float64(hellos))
	}
	verdict := ""
	if requests != want || failures != 0 || tokens != 1 {
		verdict = fmt.Sprintf("  WRONG: %d request, no failure and one token are right", want)
	}
	fmt.Printf("%-28s %9d %9d %7d %6.2f s  %.2f ×%s\n", name, requests, failures, tokens, quantile(times, .5).Seconds(), quantile(ratios, .5), verdict)
	return nil
}

// rush starts n processes at once, waits for all, and counts those that failed
// and the different lines that were printed.
func (b *bench) rush(n int, env []string, name string, args ...string) (took time.Duration, failed, printed int, err error) {
	// One file that all append to, for a pipe each would cost more than the
	// processes do.
	file, err := os.OpenFile(b.path("printed"), os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return 0, 0, 0, err
	}
	defer file.Close()
	begin := time.Now()
	commands := make([]*exec.Cmd, n)
	for i := range commands {
		c := exec.Command(name, args...)
		c.Env, c.Stdout = env, file
		if err := c.Start(); err != nil {
			return 0, 0, 0, err
		}
		commands[i] = c
	}
	for _, c := range commands {
		if c.Wait() != nil {
			failed++
		}
	}
	took = time.Since(begin)
	data, err := os.ReadFile(file.Name())
	different := map[string]bool{}
	for line := range bytes.Lines(data) {
		different[string(line)] = true
	}
	return took, failed, len(different), err
}

// requests is how often the mock was asked for a token so far.
func (b *bench) requests(vendor string) (int, error) {
	resp, err := http.Get(b.mock + "/_mock/")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	var counts map[string]int
	if err := json.NewDecoder(resp.Body).Decode(&counts); err != nil {
		return 0, fmt.Errorf("the mock: %w", err)
	}
	return counts[vendor], nil
}

func (b *bench) forgetInKeyring() error {
	return exec.Command("secret-tool", "clear", "service", "hauth", "username", "123pan/default#token").Run()
}

// forgetSealed logs out, which with credentials from the environment forgets
// the cached token and nothing else.
func (b *bench) forgetSealed() error {
	c := exec.Command(b.path("hauth"), "logout", "--quiet", "hitem3d")
	c.Env = b.environ(b.set)
	return c.Run()
}
