//go:build linux

package proxy_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hauth/hauth/internal/proxy"
)

// TestOtherUser: another user of the machine is refused, by TCP and through a
// socket whose directory that user can enter.
func TestOtherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be two users")
	}
	needCurl(t)
	w := newWorld(t, proxy.Options{})
	for _, user := range []struct {
		id   uint32
		want string
	}{{0, "200"}, {65534, "403 peer"}} {
		for _, address := range []string{w.url, strings.Replace(w.url, "127.0.0.1", "localhost", 1)} {
			c := exec.Command("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %header{hauth-error}", address+"/api/v1/x")
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user.id, Gid: user.id}}
			out, err := c.CombinedOutput()
			if err != nil || strings.TrimSpace(string(out)) != user.want {
				t.Errorf("user %d: %q, %v", user.id, out, err)
			}
		}
	}
	if n := len(w.calls()); n != 2 {
		t.Errorf("the vendor saw %d calls", n)
	}

	dir, err := os.MkdirTemp("", "hauth-proxy-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	os.Chmod(dir, 0o755)
	path := filepath.Join(dir, "p.sock")
	listener, err := proxy.ListenSocket(path)
	if err != nil {
		t.Fatal(err)
	}
	s := prepareWorld(t)
	s.serve(proxy.Options{}, listener)
	for _, c := range []struct {
		id   uint32
		mode os.FileMode
		want string
	}{{0, 0o600, "200"}, {65534, 0o600, "000"}, {65534, 0o666, "403 peer"}} {
		os.Chmod(path, c.mode)
		x := exec.Command("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %header{hauth-error}", "--unix-socket", path, "http://localhost/"+s.secret()+"/api/v1/x")
		x.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.id, Gid: c.id}}
		out, _ := x.Output()
		if strings.TrimSpace(string(out)) != c.want {
			t.Errorf("user %d, mode %o: %q", c.id, c.mode, out)
		}
	}
}

// TestIPv6: a client of IPv6, and one of IPv4 on a socket for both, are known
// as this user.
func TestIPv6(t *testing.T) {
	for _, address := range []string{"[::1]:0", "[::]:0"} {
		listener, err := proxy.Listen(address)
		if err != nil {
			t.Skipf("no IPv6 here: %v", err)
		}
		w := prepareWorld(t)
		w.serve(proxy.Options{}, listener)
		_, port, _ := strings.Cut(listener.Addr().String(), "]:")
		for _, host := range []string{"[::1]", "127.0.0.1"} {
			if host == "127.0.0.1" && address == "[::1]:0" {
				continue
			}
			a, err := w.try("GET", "http://"+host+":"+port+"/"+w.secret()+"/api/v1/x", nil, nil)
			if err != nil || a.status != http.StatusOK {
				t.Errorf("%s at %s: HTTP %d, %s, %v", host, address, a.status, a.body, err)
			}
		}
	}
}

// TestSocketAlone: a process that has the socket and nothing else, no network
// and none of hauth's files, can use the account.
func TestSocketAlone(t *testing.T) {
	needCurl(t)
	unshare := []string{"unshare", "--net", "--mount", "--map-root-user"}
	if os.Getuid() == 0 {
		unshare = unshare[:3]
	}
	if out, err := exec.Command(unshare[0], append(unshare[1:], "true")...).CombinedOutput(); err != nil {
		t.Skipf("namespaces cannot be made here: %s", out)
	}
	path := filepath.Join(t.TempDir(), "p.sock")
	listener, err := proxy.ListenSocket(path)
	if err != nil {
		t.Fatal(err)
	}
	w := prepareWorld(t)
	w.serve(proxy.Options{}, listener)
	w.revoke()
	script := `curl -sS -m 5 "$VENDOR" >/dev/null 2>&1 && echo "it has a network"; curl -sS -f --unix-socket "$SOCKET" "http://localhost/$SECRET/api/v1/user/info"`
	c := exec.Command(unshare[0], append(unshare[1:], "sh", "-c", script)...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "VENDOR=" + w.vendor.URL, "SOCKET=" + path, "SECRET=" + w.secret()}
	out, err := c.CombinedOutput()
	w.scanText("the namespace", string(out))
	if err != nil || !strings.HasPrefix(string(out), `{"code":0,`) || w.requests() != 2 {
		t.Errorf("%s, %v, %d token requests", out, err, w.requests())
	}
}

func needCurl(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed; test/setup installs it")
	}
}
