package cmd

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hauth/hauth/internal/mockvendor"
)

type scriptKey struct{}

// script is one running script, with its processes' environment, its vendors
// and the values that must not leak.
type script struct {
	t       testing.TB
	work    string
	source  string   // the script's own file
	environ []string // of the processes that it starts
	canary  canaries
	mock    *mockvendor.Server
	clock   clocks
	acme    *acme
	redis   *redisServer
	running map[string]*process
	closing []func()

	connections atomic.Int64 // to its session bus
}

// secretsDir is the one directory that may hold secrets and tokens: those
// that a script itself writes, to hand them to hauth.
const secretsDir = "secrets"

func newScript(env *testscript.Env) *script {
	t := env.T().(testing.TB)
	name := t.Name()[strings.LastIndex(t.Name(), "/")+1:]
	s := &script{t: t, work: env.WorkDir, running: map[string]*process{}}
	for _, dir := range []string{"script", "script_linux"} {
		if path := filepath.Join("testdata", dir, name+".txtar"); fileExists(path) {
			s.source = path
		}
	}
	s.canary.secret("wrong", "wrong-only-secret-0a1b2c3d4e5f")
	s.canary.secret("acme", acmeSecret)
	for _, v := range mockvendor.New(mockvendor.Options{}).Vendors("") {
		s.canary.secret(v.Provider, secretOf(v))
	}
	return s
}

func scriptOf(ts *testscript.TestScript) *script { return ts.Value(scriptKey{}).(*script) }

func secretOf(v mockvendor.Vendor) string {
	for name, value := range v.Credentials {
		if strings.Contains(name, "secret") {
			return value
		}
	}
	panic("a vendor without a secret")
}

// writeSecrets puts each secret into a file of its own, for --secret-file.
func (s *script) writeSecrets() error {
	for name, secret := range s.canary.secrets {
		if err := os.WriteFile(filepath.Join(s.work, secretsDir, name), []byte(secret+"\n"), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// forbidBuiltins disables testscript's own verbs that start processes,
// because their output would not be searched.
func (s *script) forbidBuiltins() error {
	f, err := os.Open(s.source)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "-- ") {
		words := strings.Fields(strings.TrimPrefix(lines.Text(), "! "))
		if len(words) > 0 && slices.Contains([]string{"exec", "env", "stdin", "ttyin", "skip"}, words[0]) {
			return fmt.Errorf("%s: %q is not for these scripts; see script_verbs_test.go", s.source, words[0])
		}
	}
	return lines.Err()
}

// finish ends the processes that still run, then searches the files that the
// script leaves behind.
func (s *script) finish() {
	for _, p := range s.running {
		p.kill()
		<-p.done
	}
	for _, end := range s.closing {
		end()
	}
	s.scanFiles()
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// canaries are the values that may appear only where they must.
type canaries struct {
	mu      sync.Mutex
	secrets map[string]string // by vendor
	tokens  []string
}

func (c *canaries) secret(name, value string) {
	if c.secrets == nil {
		c.secrets = map[string]string{}
	}
	c.secrets[name] = value
}

func (c *canaries) token(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens = append(c.tokens, value)
}

func (c *canaries) issued() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.tokens)
}
