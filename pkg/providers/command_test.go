//go:build unix

package providers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

const commandSpec = `
name: minted
docs: https://minted.example/docs
vars: [{name: id}, {name: key, secret: true}, {name: org, optional: true}, {name: app, default: main}]
endpoint: https://minted.example
command: [%s, --json, "two words", $HOME, "*"]
use: {headers: {Authorization: "Bearer {token}"}}
rotate: {key: rotated.key}
`

// runs makes a provider whose command is a shell script, and runs it once.
// Its directory is writable for the user alone, as the check wants.
func runs(t *testing.T, script string, change func(*Engine, *auth.Credentials)) (auth.Grant, []string, error) {
	t.Helper()
	dir := realPath(t, t.TempDir())
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "mint")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := fromYAML(t, fmt.Sprintf(commandSpec, path))
	var trace []string
	e := &Engine{Provider: p, Now: func() time.Time { return testNow }, Trace: func(line string) { trace = append(trace, line) }}
	creds := testCredentials(p)
	creds.Endpoint = "https://minted.example"
	delete(creds.Vars, "org")
	if change != nil {
		change(e, &creds)
	}
	grant, err := e.Exchange(t.Context(), creds)
	for _, line := range trace {
		harmless(t, line)
		if strings.Contains(line, nastySecret) {
			t.Errorf("the secret shows: %s", line)
		}
	}
	if err != nil {
		harmless(t, err.Error())
	}
	return grant, trace, err
}

// TestCommand: the program gets the credentials on stdin and its arguments as
// they are written, and none of hauth's own variables.
func TestCommand(t *testing.T) {
	t.Setenv("HAUTH_OTHER_SECRET", "not for the program")
	t.Setenv("PASSED_ON", "yes")
	out := filepath.Join(t.TempDir(), "seen")
	grant, trace, err := runs(t, `
{ cat; for a; do echo "[$a]"; done; echo "$PASSED_ON"; env | grep -c HAUTH_; } > '`+out+`'
echo 'trying +3bZ/o%41:&<>"\=T31n2é ::add-mask::x ##vso[y]' >&2
echo '{"token":"minted-token","type":"MAC","expires_in":3600,"rotated":{"key":"the-next-key"}}'`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if grant.Token.Value.Reveal() != "minted-token" || grant.Token.Type != "Bearer" || grant.Token.Life() != time.Hour || grant.Token.CredentialID != "cred-1" || grant.Token.Source != auth.SourceField {
		t.Errorf("%+v", grant.Token)
	}
	if grant.Rotated == nil || grant.Rotated.Vars["key"].Reveal() != "the-next-key" || grant.Rotated.ID != "cred-1" {
		t.Errorf("%+v", grant.Rotated)
	}
	seen, err := os.ReadFile(out)
	want := `{"app":"main","endpoint":"https://minted.example","id":"public-id","key":"+3bZ/o%41:&<>\"\\=T31n2é"}` + "\n[--json]\n[two words]\n[$HOME]\n[*]\nyes\n0\n"
	if err != nil || string(seen) != want {
		t.Errorf("%v\nhave: %s\nwant: %s", err, seen, want)
	}
	if text := strings.Join(trace, "\n"); !strings.Contains(text, "< trying [redacted]") || !strings.Contains(text, "> running ") {
		t.Errorf("%q", trace)
	}
	shown, err := (&Engine{Provider: fromYAML(t, fmt.Sprintf(commandSpec, "/opt/mint"))}).DryRun(auth.Credentials{})
	if err != nil || shown != "runs /opt/mint --json two words $HOME *\nwith this on stdin:\n{\"app\":\"main\",\"endpoint\":\"{endpoint}\",\"id\":\"{id}\",\"key\":\"[redacted]\",\"org\":\"{org}\"}\n" {
		t.Errorf("%v\n%s", err, shown)
	}
}

// TestCommandExpiry: relative, and absolute in two ways.
func TestCommandExpiry(t *testing.T) {
	for answer, life := range map[string]time.Duration{
		`"expires_in":60`: time.Minute, `"expires_in":"3600"`: time.Hour, `"expires_at":"2025-03-23T02:00:00Z"`: 2 * time.Hour, `"expires_at":1742695200`: 2 * time.Hour, `"expires_in":0,"expires_at":"2025-03-23T10:00:00+08:00"`: 2 * time.Hour,
	} {
		grant, _, err := runs(t, `echo '{"token":"minted-token",`+answer+`}'`, nil)
		if err != nil || grant.Token.Life() != life {
			t.Errorf("%s: %v, %v", answer, grant.Token.Life(), err)
		}
	}
}

// TestCommandFailures: what the program says, and every way to say nothing.
func TestCommandFailures(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		kind   auth.Kind
		text   string
	}{
		"denied":        {`printf "%s" '{"error":{"kind":"denied","code":"E1","message":"no +3bZ/o%41:&<>\"\\=T31n2é"}}'; exit 1`, auth.Denied, `credentials refused by the vendor (code E1: "no [redacted]")`},
		"refused":       {`echo '{"error":{"kind":"refused","code":"E2"}}'`, auth.Denied, "refused by the vendor (code E2)"},
		"throttled":     {`echo '{"error":{"kind":"throttled"}}'`, auth.Throttled, "throttled by the vendor"},
		"transient":     {`echo '{"error":{"kind":"transient","message":"later"}}'`, auth.Vendor, `the vendor reported an internal error ("later")`},
		"an OAuth word": {`echo '{"error":{"code":"invalid_client"}}'`, auth.Denied, "credentials refused by the vendor (code invalid_client)"},
		"unknown kind":  {`echo '{"error":{"kind":"odd","message":"::add-mask::x"}}'`, auth.Vendor, `the command did not give a token (": :add-mask::x")`},
		"status alone":  {`echo "reason" >&2; exit 3`, auth.Vendor, "mint failed (exit status 3); --debug shows what it says"},
		"a signal":      {`kill -TERM $$`, auth.Vendor, "mint failed (signal: terminated); --debug shows what it says"},
		"nothing":       {`:`, auth.Vendor, "the response is empty"},
		"no JSON":       {`echo token`, auth.Vendor, "the response is not JSON"},
		"two answers":   {`echo '{"token":"minted-token","expires_in":60}{}'`, auth.Vendor, "unexpected data after the JSON response"},
		"no token":      {`echo '{"Token":"minted-token","expires_in":60}'`, auth.Vendor, "no token in the response at token; the response has Token, expires_in"},
		"no expiry":     {`echo '{"token":"minted-token"}'`, auth.Vendor, "no expiry in the response at expires_in or expires_at; the response has token"},
		"too much":      {`yes '                                                                ' | head -c 2000000; echo '{"token":"minted-token","expires_in":60}'`, auth.Vendor, "the response is larger than 1 MiB"},
		"endless":       {`yes`, auth.Network, "timed out waiting for mint"},
		"sleeps":        {`sleep 30`, auth.Network, "timed out waiting for mint"},
		"a bad secret":  {`echo '{"token":"minted-token","expires_in":60,"rotated":{"key":{}}}'`, auth.Vendor, "the new key in the response at rotated.key cannot be used; the old one may no longer be valid"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, _, err := runs(t, test.script, func(e *Engine, _ *auth.Credentials) {
				if name == "endless" || name == "sleeps" {
					e.Timeout = 300 * time.Millisecond
				}
			})
			e, ok := auth.AsError(err)
			if !ok || e.Kind != test.kind || e.Error() != test.text {
				t.Errorf("%v, want %s", err, test.text)
			}
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("after %v", took)
			}
		})
	}
}

// TestCommandEndsWithItsChildren: what the program left behind neither keeps
// hauth waiting nor lives on after a time-out.
func TestCommandEndsWithItsChildren(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "pid")
	child := func() int {
		text, err := os.ReadFile(mark)
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		return pid
	}
	start := time.Now()
	grant, _, err := runs(t, `sleep 25 & echo $! > '`+mark+`'; echo '{"token":"minted-token","expires_in":60}'`, nil)
	if err != nil || grant.Token.Value.IsEmpty() || time.Since(start) > 8*time.Second {
		t.Error(err, time.Since(start))
	}
	syscall.Kill(child(), syscall.SIGKILL)

	_, _, err = runs(t, `sleep 25 & echo $! > '`+mark+`'; wait`, func(e *Engine, _ *auth.Credentials) { e.Timeout = 500 * time.Millisecond })
	if !auth.Is(err, auth.Network) {
		t.Error(err)
	}
	for deadline := time.Now().Add(5 * time.Second); syscall.Kill(child(), 0) == nil; time.Sleep(10 * time.Millisecond) {
		if stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child())); strings.Contains(string(stat), ") Z ") {
			break // dead, and nobody waits for it
		}
		if time.Now().After(deadline) {
			t.Fatal("the program's child lives on")
		}
	}
}

// TestCommandsThatOthersCanChange are not run.
func TestCommandsThatOthersCanChange(t *testing.T) {
	dir := realPath(t, t.TempDir())
	os.Chmod(dir, 0o700)
	mark := filepath.Join(dir, "ran")
	path := filepath.Join(dir, "mint")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n: > '"+mark+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := fromYAML(t, fmt.Sprintf(commandSpec, path))
	creds := testCredentials(p)
	refused := func(name, want string) {
		t.Helper()
		_, err := (&Engine{Provider: p}).Exchange(t.Context(), creds)
		if e, ok := auth.AsError(err); !ok || e.Kind != auth.Usage || !strings.Contains(e.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(mark); err == nil {
			t.Fatalf("%s: it ran", name)
		}
	}
	os.Chmod(path, 0o722)
	refused("the file", "permissions 0722 are too open")
	os.Chmod(path, 0o700)
	os.Chmod(dir, 0o777)
	refused("its directory", "permissions 0777 are too open")
	os.Chmod(dir, 0o700)
	os.Remove(path)
	refused("absent", "cannot run ")
	os.Mkdir(path, 0o700)
	refused("a directory", "not a regular file")
	os.Remove(path)
	os.WriteFile(path, []byte("not executable"), 0o600)
	refused("not executable", "cannot be run: ")
}

func TestCommandIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	dir := realPath(t, t.TempDir())
	os.Chmod(dir, 0o700)
	path := filepath.Join(dir, "mint")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nsleep 20\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := fromYAML(t, fmt.Sprintf(commandSpec, path))
	start := time.Now()
	if _, err := (&Engine{Provider: p}).Exchange(ctx, testCredentials(p)); !auth.Is(err, auth.Interrupted) || time.Since(start) > 8*time.Second {
		t.Error(err, time.Since(start))
	}
}

// TestCommandThatShowsTheKey: one line of a PEM is as good as the whole.
func TestCommandThatShowsTheKey(t *testing.T) {
	dir := realPath(t, t.TempDir())
	os.Chmod(dir, 0o700)
	path := filepath.Join(dir, "mint")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nsed 's/\\\\n/ /g' >&2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := fromYAML(t, "name: pem\nvars: [{name: key, secret: true, is: pem}]\nendpoint: https://pem.example\nuse: {headers: {X: \"{token}\"}}\ncommand: ["+path+"]\n")
	var trace []string
	e := &Engine{Provider: p, Trace: func(line string) { trace = append(trace, line) }}
	if _, err := e.Exchange(t.Context(), testCredentials(p)); err == nil {
		t.Error("no error")
	}
	lines := strings.Split(testKeys().rs256, "\n")
	if text := strings.Join(trace, "\n"); strings.Contains(text, lines[1]) || strings.Contains(text, lines[2]) || !strings.Contains(text, auth.Redacted) {
		t.Errorf("%s", text)
	}
}
