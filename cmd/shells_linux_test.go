package cmd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestShells asks the real shells what they offer, with the committed
// scripts.
func TestShells(t *testing.T) {
	t.Parallel()
	environ := completionHome(t, "123pan", "123pan/work", "wahool/shop2")
	environ = append(environ, "HAUTH_HITEM3D_CLIENT_ID=id", "HAUTH_HITEM3D_CLIENT_SECRET=secret")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a-file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	formats := "curl env header json powershell raw"
	for _, c := range []struct{ line, want string }{
		{"hauth tok", "token"},
		{"hauth token ", "123pan 123pan/work hitem3d wahool/shop2"},
		{"hauth token 123pan/w", "123pan/work"},
		{"hauth token 123pan -o ", formats},
		{"hauth token --output=", formats},
		{"hauth token 123pan --min", "--min-ttl"},
		{"hauth refresh 123pan w", "wahool/shop2"},
		{"hauth exec 123pan --env ", "123pan="},
		{"hauth exec 123pan -- hau", "hauth"},
		{"hauth curl h", "hitem3d"},
		{"hauth login wah", "wahool wahool-authorization wahool/shop2"},
		{"hauth login --store ", "auto file keyring"},
		{"hauth login wahool --set ", "access_key="},
		{"hauth providers show wahool-", "wahool-authorization"},
		{"hauth providers list wahool-", "wahool-authorization"},
		{"hauth providers new acme --like oau", "oauth2"},
		{"hauth providers new acme --from-curl a", "a-file, but bash"},
		{"hauth ci export 123pan --format ", "auto azure github gitlab"},
		{"hauth completion f", "fish"},
		{"hauth help exit", "exit-codes"},
		// In bash files come from readline, which is told to fall back on them.
		{"hauth exec 123pan -- hauth ", "a-file, but bash"},
		{"hauth curl 123pan / a", "a-file, but bash"},
		{"hauth login 123pan --secret-file a", "a-file, but bash"},
		{"hauth curl 123pan ", ""},
		{"hauth token 123pan ", ""},
		{"hauth login 123pan --id ", ""},
	} {
		for _, shell := range []string{"bash", "zsh", "fish"} {
			t.Run(shell+"/"+c.line, func(t *testing.T) {
				t.Parallel()
				if _, err := exec.LookPath(shell); err != nil {
					t.Skip(shell + " is not installed; test/setup installs it")
				}
				want, files := strings.CutSuffix(c.want, ", but bash")
				if files && shell == "bash" {
					want = ""
				}
				// Whether --output=raw or raw is offered depends on the
				// shell.
				have := strings.ReplaceAll(offered(t, shell, c.line, dir, environ), "--output=", "")
				if have != want {
					t.Errorf("%s offers %q, not %q", shell, have, want)
				}
			})
		}
	}
}

// offered are the words that a shell offers, sorted.
func offered(t *testing.T, shell, line, dir string, environ []string) string {
	t.Helper()
	script, err := filepath.Abs("../test/shells")
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	c := exec.CommandContext(t.Context(), script, shell, line)
	c.Env, c.Dir, c.Stderr = environ, dir, &stderr
	out, err := c.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v\n%s", shell, err, stderr.Bytes())
	}
	words := strings.Fields(string(out))
	slices.Sort(words)
	return strings.Join(words, " ")
}

// completionHome is the environment of a home in which the accounts are
// stored, without a token.
func completionHome(t testing.TB, accounts ...string) []string {
	t.Helper()
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("a-secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{
		"GORACE=atexit_sleep_ms=0", "HOME=" + dir, "HAUTH_HOME=" + filepath.Join(dir, "hauth"), "TMPDIR=" + dir, "LC_ALL=C.UTF-8",
		"PATH=" + os.Getenv(binVariable) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(dir, "no-bus"),
	}
	for _, account := range accounts {
		run(t, environ, "login", account, "--id", "an-id", "--secret-file", secret, "--store", "file", "--no-verify")
	}
	return environ
}

// run is one hauth in this process. It must succeed.
func run(t testing.TB, environ []string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := Main(t.Context(), Env{Args: args, Environ: environ, Stdout: &stdout, Stderr: &stderr}); code != 0 {
		t.Fatalf("hauth %s ended with %d: %s", strings.Join(args, " "), code, stderr.Bytes())
	}
	return stdout.String()
}

// BenchmarkComplete is one press of the tab key without the start of the
// process.
func BenchmarkComplete(b *testing.B) {
	var accounts []string
	for i := range 50 {
		accounts = append(accounts, fmt.Sprintf("123pan/profile-%d", i))
	}
	environ := completionHome(b, accounts...)
	for b.Loop() {
		if out := run(b, environ, "__complete", "token", ""); strings.Count(out, "\n") != len(accounts)+1 {
			b.Fatal(out)
		}
	}
}
