//go:build wine

package windows

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// oddly writes a name in another mixture of letters.
func oddly(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("AEIOUT", r) {
			return unicode.ToLower(r)
		}
		return r
	}, name)
}

// Windows compares names of variables without regard to case: credentials are
// found and removed, however they are written.
func TestNamesWithoutCase(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(oddly)
	w.set("Hauth_Exec=wahool", "myPath=1")
	secret := w.vendors["123pan"].Credentials["client_secret"]
	w.hauth(0, "token", "123pan")
	r := w.hauth(0, "exec", "123pan", "--env", "pan_token", "--", probeExe, "env")
	seen := map[string]string{}
	for _, entry := range strings.Split(strings.TrimSpace(r.stdout), "\n") {
		name, value, _ := strings.Cut(entry, "=")
		upper := strings.ToUpper(name)
		if _, twice := seen[upper]; twice && name != "" {
			t.Errorf("%s occurs twice", name)
		}
		seen[upper] = value
		if strings.Contains(value, secret) {
			t.Errorf("%s holds the secret", name)
		}
	}
	if seen["HAUTH_EXEC"] != "123pan wahool" || seen["PAN_TOKEN"] == "" || seen["MYPATH"] != "1" || seen["SYSTEMROOT"] == "" {
		t.Errorf("the environment: %s", strings.ReplaceAll(r.stdout, seen["PAN_TOKEN"], "…"))
	}
	w.hauth(125, "exec", "123pan", "--env", "Foo", "--env", "FOO", "--", probeExe, "exit", "0")
	w.hauth(125, "exec", "123pan", "--env", "Path", "--", probeExe, "exit", "0")
	w.set("PAN_TOKEN=before")
	r = w.hauth(0, "exec", "123pan", "--env", "Pan_Token", "--", probeExe, "env")
	if strings.Contains(r.stdout, "before") {
		t.Error("a variable that was there before is still there")
	}
}

// Arguments arrive as they are given.
func TestArguments(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(strings.ToUpper)
	args := []string{"a b", `say "hi"`, "100%", "%PATH%", "^x&y|z", `C:\dir\`, `C:\with space\`, `\\"`, "", "*.txt", "'q'", "ü€", "(a)", "!x!"}
	r := w.hauth(0, append([]string{"exec", "123pan", "--", probeExe, "argv"}, args...)...)
	var want strings.Builder
	for _, arg := range args {
		fmt.Fprintf(&want, "%q\n", arg)
	}
	if r.stdout != want.String() {
		t.Errorf("got\n%swant\n%s", r.stdout, want.String())
	}
	batch := w.file("show.bat", "@echo off\r\n\""+windowsPath(probeExe)+"\" argv %*\r\n")
	plain := []string{"a b", "plain", `C:\with space\x`}
	r = w.hauth(0, append([]string{"exec", "123pan", "--", batch}, plain...)...)
	want.Reset()
	for _, arg := range plain {
		fmt.Fprintf(&want, "%q\n", arg)
	}
	if r.stdout != want.String() {
		t.Errorf(".bat got\n%swant\n%s", r.stdout, want.String())
	}
	if r = w.hauth(0, "exec", "123pan", "--", "cmd", "/c", "echo %HAUTH_123PAN_EXPIRES_AT%"); !strings.HasPrefix(r.stdout, "20") {
		t.Errorf("cmd: %q", r.stdout)
	}
	w.hauth(127, "exec", "123pan", "--", "no-such-program")
}

// Statuses of 32 bits, crashes included, pass through.
func TestStatus(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(strings.ToUpper)
	for _, n := range []string{"0", "1", "255", "256", "300", "3221225477"} {
		for _, flags := range [][]string{{}, {"--mask"}, {"--proxy"}} {
			argv := append([]string{probeExe, "status", windowsPath(hauthExe), "exec"}, flags...)
			argv = append(argv, "123pan", "--", windowsPath(probeExe), "exit", n)
			if r := w.run("", argv...); r.stdout != "status "+n+"\n" {
				t.Errorf("%q, %s: %q%s", flags, n, r.stdout, r.stderr)
			}
		}
	}
}

func TestMask(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(strings.ToUpper)
	r := w.hauth(0, "exec", "123pan", "--mask", "--", "cmd", "/c", "echo [%HAUTH_TOKEN%]")
	if r.stdout != "[[hauth:masked]]\n" {
		t.Errorf("%d bytes, masked: %v", len(r.stdout), strings.Contains(r.stdout, "masked"))
	}
}

// Ctrl-C reaches the program; hauth ends as the program does.
func TestInterrupt(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(strings.ToUpper)
	for _, flags := range [][]string{{}, {"--mask"}} {
		argv := append([]string{probeExe, "interrupt", windowsPath(hauthExe), "exec"}, flags...)
		argv = append(argv, "123pan", "--", windowsPath(probeExe), "wait")
		if r := w.run("", argv...); r.stdout != "interrupted\nstatus 7\n" {
			t.Errorf("%q: %q%s", flags, r.stdout, r.stderr)
		}
	}
}

// The child gets an address of the proxy, and no token.
func TestProxy(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(strings.ToUpper)
	r := w.hauth(0, "exec", "--proxy", "123pan", "--", probeExe, "env")
	if !strings.Contains(r.stdout, "HAUTH_URL=http://127.0.0.1:") || strings.Contains(r.stdout, "HAUTH_TOKEN=") || strings.Count(strings.ToUpper(r.stdout), "\nNO_PROXY=") != 1 {
		t.Errorf("%s", r.stdout)
	}
}

func TestFormats(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(strings.ToUpper)
	token := strings.TrimSuffix(w.hauth(0, "token", "123pan").stdout, "\n")
	r := w.hauth(0, "token", "123pan", "-o", "powershell")
	if !strings.HasPrefix(r.stdout, "$env:HAUTH_123PAN_TOKEN = '"+token+"'\n$env:HAUTH_123PAN_EXPIRES_AT = '20") {
		t.Error("-o powershell prints something else")
	}
	for _, args := range [][]string{{"status"}, {"doctor"}, {"help"}, {"providers", "list"}} {
		r := w.run("", append([]string{hauthExe}, args...)...)
		if strings.Contains(r.stdout+r.stderr, "\x1b") {
			t.Errorf("%q writes escape sequences into a pipe", args)
		}
	}
	if r := w.run("", hauthExe, "version"); r.exit != 0 || !strings.HasPrefix(r.stdout, "hauth version ") {
		t.Errorf("%+v", r)
	}
}
