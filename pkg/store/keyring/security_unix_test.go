//go:build unix

package keyring

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// securityStub stands in for macOS's security command: it notes its arguments
// and the lines that it reads, and keeps the items in files.
const securityStub = `#!/bin/sh
dir=$(dirname "$0")
if [ -e "$dir/status" ]; then
	cat "$dir/said" >&2 2>/dev/null
	exit "$(cat "$dir/status")"
fi
printf '%s\n' "$*" >>"$dir/argv"
item() { printf '%s/%s' "$dir" "$(printf '%s|%s' "$1" "$2" | cksum | tr ' ' '-')"; }
case "$1" in
-i)
	IFS= read -r line
	printf '%s\n' "$line" >>"$dir/lines"
	eval "set -- $line"
	[ "$1 $2 $3 $5 $7" = "add-generic-password -U -s -a -w" ] || exit 2
	printf '%s' "$8" >"$(item "$4" "$6")"
	;;
find-generic-password)
	case "$2 $4" in "-s -wa" | "-s -a") ;; *) exit 2 ;; esac
	cat "$(item "$3" "$5")" 2>/dev/null || { echo "The specified item could not be found in the keychain."; exit 44; }
	;;
delete-generic-password)
	[ "$2 $4" = "-s -a" ] || exit 2
	rm "$(item "$3" "$5")" 2>/dev/null || { echo "The specified item could not be found in the keychain."; exit 44; }
	;;
esac
`

// securityProgram drives go-keyring as hauth does on macOS.
const securityProgram = `package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	keyring "github.com/zalando/go-keyring"
)

func main() {
	var err error
	switch os.Args[1] {
	case "set":
		data, _ := io.ReadAll(os.Stdin)
		err = keyring.Set("hauth", os.Args[2], string(data))
	case "get":
		var s string
		s, err = keyring.Get("hauth", os.Args[2])
		fmt.Print(s)
	case "delete":
		err = keyring.Delete("hauth", os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			os.Exit(exit.ExitCode())
		}
		os.Exit(1)
	}
}
`

// TestSecurityCommandLines runs go-keyring's own code for macOS against a stub
// of the security command: what is in argv, what goes through the pipe, and
// that the longest names and the largest inline record fit into its line.
func TestSecurityCommandLines(t *testing.T) {
	dir := t.TempDir()
	program := buildForSecurity(t, dir)
	run := func(stdin []byte, args ...string) (string, error) {
		c := exec.Command(program, args...)
		c.Stdin = bytes.NewReader(stdin)
		out, err := c.Output()
		return string(out), err
	}
	longest := auth.Account{Provider: strings.Repeat("p", auth.MaxNameLength), Profile: strings.Repeat("q", auth.MaxNameLength)}
	short := auth.Account{Provider: "123pan", Profile: auth.DefaultProfile}
	records := map[string][]byte{}
	for _, a := range []auth.Account{short, longest} {
		for _, item := range []store.Item{store.ItemCredentials, store.ItemToken} {
			name := username(store.Key{Account: a, Item: item})
			record := append([]byte(name+`'"$(x)`), bytes.Repeat([]byte("s"), maxInline-len(name)-6)...)
			records[name] = record
			if _, err := run(record, "set", name); err != nil {
				t.Fatalf("set %s: %v", name, err)
			}
		}
	}
	for name, record := range records {
		if got, err := run(nil, "get", name); err != nil || got != string(record) {
			t.Errorf("get %s: %d bytes, %v", name, len(got), err)
		}
		if _, err := run(nil, "delete", name); err != nil {
			t.Errorf("delete %s: %v", name, err)
		}
		if _, err := run(nil, "get", name); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	argv, err := os.ReadFile(filepath.Join(dir, "argv"))
	noError(t, err)
	if bytes.Contains(argv, []byte("ssss")) || bytes.Contains(argv, []byte("base64")) {
		t.Error("a record stands in argv")
	}
	for _, want := range []string{"-i", "find-generic-password -s hauth -wa 123pan/default#token", "delete-generic-password -s hauth -a 123pan/default"} {
		if !bytes.Contains(argv, []byte(want+"\n")) {
			t.Errorf("no command line %q in\n%s", want, argv)
		}
	}
	lines, err := os.ReadFile(filepath.Join(dir, "lines"))
	noError(t, err)
	for line := range strings.Lines(string(lines)) {
		if len(line) > 4096 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}

// TestSecurityFailures: a status of the security command comes through go-keyring
// whole, reading, writing and deleting, and becomes the error with the right
// remedy.
func TestSecurityFailures(t *testing.T) {
	dir := t.TempDir()
	program := buildForSecurity(t, dir)
	for osStatus, want := range map[int]struct {
		err    error
		remedy auth.Remedy
	}{
		-25308: {store.ErrLocked, auth.RemedyUnlock}, // 36: over SSH, or under launchd
		-25300: {store.ErrNotFound, auth.RemedyLogin},
		-25299: {store.ErrBroken, auth.RemedyDoctor},
		-25307: {store.ErrAbsent, auth.RemedyUseFile},
		-25294: {store.ErrAbsent, auth.RemedyUseFile},
		-25293: {store.ErrLocked, auth.RemedyUnlock},
		-128:   {store.ErrDeclined, auth.RemedyUnlock},
		-60008: {store.ErrBroken, auth.RemedyDoctor},
		-60007: {store.ErrLocked, auth.RemedyUnlock},
		-60006: {store.ErrDeclined, auth.RemedyUnlock},
		-60005: {store.ErrDeclined, auth.RemedyUnlock},
		-25291: {store.ErrAbsent, auth.RemedyUseFile},
		100001: {store.ErrAbsent, auth.RemedyUseFile},
		1:      {store.ErrBroken, auth.RemedyDoctor},
	} {
		status := osStatus & 0xff
		noError(t, os.WriteFile(filepath.Join(dir, "status"), []byte(strconv.Itoa(status)), 0o600))
		for _, verb := range []string{"get", "set", "delete"} {
			var exit *exec.ExitError
			if err := exec.Command(program, verb, "123pan/default").Run(); !errors.As(err, &exit) || exit.ExitCode() != status {
				t.Errorf("%s, status %d: go-keyring reports %v", verb, status, err)
			}
		}
		err := securityError(status, "text")
		e, ok := auth.AsError(failure(operation{"read", tokenTestKey}, "login keychain", err))
		if !errors.Is(err, want.err) || !ok || e.Remedy != want.remedy {
			t.Errorf("status %d: %v with remedy %s; want %v with %s", status, err, e.Remedy, want.err, want.remedy)
		}
	}
}

// TestSecurityMissing: go-keyring takes a keychain that could not be found for an
// item that could not be found, and hauth does not.
func TestSecurityMissing(t *testing.T) {
	dir := t.TempDir()
	program := buildForSecurity(t, dir)
	for _, c := range []struct {
		status int
		said   string
		want   error
	}{
		{44, "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.", store.ErrNotFound},
		{37, "security: SecKeychainCopyDefault: A default keychain could not be found.", store.ErrAbsent},
		{50, "security: SecKeychainOpen: The specified keychain could not be found.", store.ErrAbsent},
	} {
		noError(t, os.WriteFile(filepath.Join(dir, "said"), []byte(c.said+"\n"), 0o600))
		noError(t, os.WriteFile(filepath.Join(dir, "status"), []byte(strconv.Itoa(c.status)), 0o600))
		for _, verb := range []string{"get", "delete"} {
			out, err := exec.Command(program, verb, "123pan/default").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "secret not found") {
				t.Errorf("status %d, %s: go-keyring reports %v, %s", c.status, verb, err, out)
			}
		}
		if err := securityMissing(filepath.Join(dir, "security"), "123pan/default"); !errors.Is(err, c.want) {
			t.Errorf("status %d: %v, want %v", c.status, err, c.want)
		}
	}
	argv := func() string {
		data, err := os.ReadFile(filepath.Join(dir, "argv"))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(data)
	}
	noError(t, os.Remove(filepath.Join(dir, "status")))
	if err := securityMissing(filepath.Join(dir, "security"), "123pan/default"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no item: %v", err)
	}
	if got, want := argv(), "find-generic-password -s hauth -a 123pan/default\n"; got != want {
		t.Errorf("the command lines are %q, not %q", got, want)
	}
	if err := securityMissing(filepath.Join(dir, "none"), "123pan/default"); !errors.Is(err, store.ErrBroken) {
		t.Errorf("no command: %v", err)
	}
}

// buildForSecurity builds go-keyring's code for macOS for this system, with
// the stub in place of /usr/bin/security.
func buildForSecurity(t *testing.T, dir string) (program string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/zalando/go-keyring").Output()
	noError(t, err)
	from, module := strings.TrimSpace(string(out)), t.TempDir()
	stub := filepath.Join(dir, "security")
	put := func(name, text string, mode os.FileMode) {
		path := filepath.Join(module, name)
		if filepath.IsAbs(name) {
			path = name
		}
		noError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		noError(t, os.WriteFile(path, []byte(text), mode))
	}
	take := func(name string) string {
		data, err := os.ReadFile(filepath.Join(from, name))
		noError(t, err)
		return string(data)
	}
	macOS := take("keyring_darwin.go")
	if !strings.Contains(macOS, `"/usr/bin/security"`) {
		t.Fatal("go-keyring no longer runs /usr/bin/security")
	}
	put(stub, securityStub, 0o755)
	put("go.mod", "module github.com/zalando/go-keyring\n\ngo 1.18\n", 0o644)
	put("keyring.go", take("keyring.go"), 0o644)
	put("fallback.go", take("keyring_fallback.go"), 0o644)
	put("security.go", strings.Replace(macOS, `"/usr/bin/security"`, `"`+stub+`"`, 1), 0o644)
	put("internal/shellescape/shellescape.go", take("internal/shellescape/shellescape.go"), 0o644)
	put("cmd/main.go", securityProgram, 0o644)
	program = filepath.Join(dir, "program")
	build := exec.Command("go", "build", "-o", program, "./cmd")
	build.Dir, build.Env = module, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}
