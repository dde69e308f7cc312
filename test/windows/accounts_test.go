//go:build wine

package windows

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Without HAUTH_HOME everything goes below %AppData% and %LocalAppData%, whose
// names Windows writes in capitals.
func TestDirectories(t *testing.T) {
	w := newWorld(t)
	w.unset("HAUTH_HOME")
	w.login("file", "123pan/directories")
	t.Cleanup(func() { w.hauth(0, "logout", "123pan/directories") })
	if r := w.hauth(0, "token", "123pan/directories"); len(r.stdout) < 20 || strings.Count(r.stdout, "\n") != 1 {
		t.Errorf("token: %q", r.stdout)
	}
	for _, pattern := range []string{"Roaming/hauth/config/identity.txt", "Local/hauth/data/accounts/123pan@directories.json", "Local/hauth/state"} {
		found, err := filepath.Glob(filepath.Join(os.Getenv("HAUTH_WINE_PREFIX"), "drive_c/users/*/AppData", pattern))
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %q, %v", pattern, found, err)
		}
	}
}

// Credential Manager takes 2560 bytes; what is longer is in a file beside it.
func TestCredentialManager(t *testing.T) {
	w := newWorld(t)
	// Accounts whose names could be mistaken for one another.
	accounts := []string{"123pan", "123pan/a", "123pan/a-b", "123pan/token", "123pan/default-token"}
	tokens := map[string]string{}
	for _, account := range accounts {
		w.login("keyring", account)
		t.Cleanup(func() { w.run("", hauthExe, "logout", account) })
		tokens[account] = w.hauth(0, "token", account).stdout
	}
	if n := len(slices.Compact(slices.Sorted(mapValues(tokens)))); n != len(accounts) {
		t.Errorf("%d tokens of %d accounts", n, len(accounts))
	}
	if r := w.hauth(0, "status", "--json"); strings.Count(r.stdout, `"store":"keyring"`) != len(accounts) {
		t.Errorf("status: %s", r.stdout)
	}
	w.hauth(0, "logout", "123pan/a")
	w.hauth(3, "token", "123pan/a")
	for _, account := range accounts {
		if got := w.run("", hauthExe, "token", account).stdout; account != "123pan/a" && got != tokens[account] {
			t.Errorf("%s has another token once 123pan/a is logged out", account)
		}
	}
	w.hauth(0, "logout", "--all")
	for _, account := range accounts {
		w.hauth(3, "token", account)
	}
}

func mapValues(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// LockFileEx: 40 processes without a token make one request.
func TestHerd(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(func(name string) string { return name })
	r := w.run("", probeExe, "herd", "40", windowsPath(hauthExe), "token", "123pan")
	if !strings.HasPrefix(r.stdout, "40 times status 0: ") || strings.Count(r.stdout, "\n") != 1 {
		t.Errorf("the outputs: %s%s", r.stdout, r.stderr)
	}
	if n := w.mock.Tokens("123pan"); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// What editors and Windows programs write into files is refused before it is
// sent; one line end, CRLF included, is not part of the secret.
func TestSecretFiles(t *testing.T) {
	w := newWorld(t)
	v := w.vendors["123pan"]
	secret := v.Credentials["client_secret"]
	var utf16 strings.Builder
	utf16.WriteString("\xff\xfe")
	for _, c := range []byte(secret) {
		fmt.Fprintf(&utf16, "%c\x00", c)
	}
	for i, c := range []struct {
		text string
		exit int
		says string
	}{
		{secret + "\r\n", 0, ""},
		{secret, 0, ""},
		{"\xef\xbb\xbf" + secret + "\r\n", 2, "byte order mark"},
		{utf16.String(), 2, "UTF-16"},
		{secret + "\x00", 2, "NUL"},
	} {
		file := w.file(fmt.Sprintf("secret%d.txt", i), c.text)
		account := fmt.Sprintf("123pan/s%d", i)
		r := w.hauth(c.exit, "login", account, "--id", v.Credentials["client_id"], "--secret-file", file, "--endpoint", v.Endpoint, "--store", "file")
		if !strings.Contains(r.stderr, c.says) || strings.Contains(r.stderr, secret) {
			t.Errorf("%q: %s", c.says, r.stderr)
		}
	}
	if n := w.mock.Tokens("123pan"); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// The home itself may be far down.
func TestLongHome(t *testing.T) {
	w := newWorld(t)
	w.set("HAUTH_HOME=" + windowsPath(filepath.Join(w.dir, strings.Repeat("a", 100), strings.Repeat("b", 100), strings.Repeat("c", 100))))
	w.login("file", "123pan")
	w.hauth(0, "token", "123pan")
	w.hauth(0, "refresh", "123pan")
	w.hauth(0, "logout", "123pan")
	w.hauth(3, "token", "123pan")
}

// A file of hauth's own that others can read is refused, with what to type.
func TestExposedFile(t *testing.T) {
	w := newWorld(t)
	w.login("file", "123pan")
	identity := filepath.Join(w.dir, "hauth", "identity.txt")
	info, err := os.Stat(identity)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		t.Errorf("hauth made it with mode %04o", info.Mode().Perm())
	}
	if err := os.Chmod(identity, 0o644); err != nil {
		t.Fatal(err)
	}
	r := w.hauth(5, "token", "123pan")
	if !strings.Contains(r.stderr, "other users can read it") || !strings.Contains(r.stderr, `icacls "`+windowsPath(identity)+`"`) {
		t.Errorf("%s", r.stderr)
	}
}
