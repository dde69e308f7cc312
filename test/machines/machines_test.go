//go:build machines

package machines

import (
	"bytes"
	"encoding/pem"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/hauth/hauth/internal/mockvendor"
)

// machine is a hauth binary, and the program that runs it.
type machine struct {
	*testing.T
	argv    []string // before hauth's own arguments
	environ []string
	attr    *syscall.SysProcAttr
	mock    *mockvendor.Server
	vendor  mockvendor.Vendor
	ca      []byte
}

// newMachine starts the vendor, whose certificate no system trusts.
func newMachine(t *testing.T) *machine {
	m := &machine{T: t, mock: mockvendor.New(mockvendor.Options{})}
	server := httptest.NewTLSServer(m.mock)
	t.Cleanup(server.Close)
	for _, v := range m.mock.Vendors(server.URL) {
		if v.Provider == "123pan" {
			m.vendor = v
		}
	}
	m.ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return m
}

// program is the file that a variable names.
func (m *machine) program(variable string) string {
	m.Helper()
	path := os.Getenv(variable)
	if !filepath.IsAbs(path) {
		m.Fatalf("%s does not name a program", variable)
	}
	return path
}

func (m *machine) withCredentials() {
	m.environ = append(m.environ, "HAUTH_123PAN_ENDPOINT="+m.vendor.Endpoint,
		"HAUTH_123PAN_CLIENT_ID="+m.vendor.Credentials["client_id"], "HAUTH_123PAN_CLIENT_SECRET="+m.vendor.Credentials["client_secret"])
}

func (m *machine) file(path string, data []byte, mode os.FileMode) string {
	m.Helper()
	if err := os.WriteFile(path, data, mode); err != nil {
		m.Fatal(err)
	}
	return path
}

// hauth runs it, which must end with the given code.
func (m *machine) hauth(stdin string, exit int, args ...string) (stdout, stderr string) {
	m.Helper()
	c := exec.CommandContext(m.Context(), m.argv[0], append(m.argv[1:], args...)...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr, c.Env, c.SysProcAttr = strings.NewReader(stdin), &out, &errs, append([]string{"HAUTH_NO_INPUT=1"}, m.environ...), m.attr
	c.Dir = "/"
	err := c.Run()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		m.Fatal(err)
	}
	if got := c.ProcessState.ExitCode(); got != exit {
		m.Errorf("hauth %q ended with %d, not %d:\n%s%s", args, got, exit, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// An image without a system: no /etc, no home, no /tmp, no /dev and no /proc.
func TestBareRoot(t *testing.T) {
	t.Run("amd64", func(t *testing.T) {
		m := newMachine(t)
		m.inBareRoot("HAUTH_AMD64", "")
	})
	t.Run("arm64", func(t *testing.T) {
		m := newMachine(t)
		m.inBareRoot("HAUTH_ARM64", m.qemu())
	})
}

func (m *machine) qemu() string {
	m.Helper()
	path, err := exec.LookPath("qemu-aarch64-static")
	if err != nil {
		m.Fatalf("the package qemu-user-static is needed: %v", err)
	}
	return path
}

func (m *machine) inBareRoot(program, emulator string) {
	root := m.TempDir()
	put := func(name, from string) {
		in, err := os.Open(from)
		if err != nil {
			m.Fatal(err)
		}
		defer in.Close()
		data, err := io.ReadAll(in)
		if err != nil {
			m.Fatal(err)
		}
		m.file(filepath.Join(root, name), data, 0o700)
	}
	put("hauth", m.program(program))
	m.argv = []string{"/hauth"}
	if emulator != "" {
		put("qemu", emulator)
		m.argv = []string{"/qemu", "/hauth"}
	}
	m.file(filepath.Join(root, "ca.pem"), m.ca, 0o600)
	m.attr = &syscall.SysProcAttr{Chroot: root}
	if os.Geteuid() != 0 { // without root this works in a namespace
		m.attr.Cloneflags = syscall.CLONE_NEWUSER
		m.attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		m.attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	m.withCredentials()
	m.hauth("", 7, "token", "123pan") // no authority is trusted for the vendor
	if n := m.mock.Tokens("123pan"); n != 0 {
		m.Errorf("%d requests to a vendor whose certificate is not trusted", n)
	}
	m.environ = append(m.environ, "HAUTH_CA_FILE=/ca.pem")
	stdout, stderr := m.hauth("", 0, "token", "123pan", "--refresh")
	if len(stdout) < 20 || strings.Count(stdout, "\n") != 1 {
		m.Errorf("token prints %d bytes: %s", len(stdout), stderr)
	}
	m.hauth("", 0, "version")
	m.hauth("", 0, "exec", "123pan", "--", m.argv[0], "--version")
	// With a directory for the cache, two calls make one request.
	m.environ = append(m.environ, "HAUTH_HOME=/home")
	first, _ := m.hauth("", 0, "token", "123pan")
	before := m.mock.Tokens("123pan")
	if again, _ := m.hauth("", 0, "token", "123pan"); again != first || m.mock.Tokens("123pan") != before {
		m.Error("the second call fetches a token again")
	}
}

// The basic commands, built for another processor.
func TestARM64(t *testing.T) {
	m := newMachine(t)
	home := t.TempDir()
	m.argv = []string{m.qemu(), m.program("HAUTH_ARM64")}
	m.environ = []string{"HOME=" + home, "HAUTH_HOME=" + filepath.Join(home, "hauth"), "XDG_RUNTIME_DIR=" + t.TempDir(),
		"PATH=" + os.Getenv("PATH"), "HAUTH_CA_FILE=" + m.file(filepath.Join(home, "ca.pem"), m.ca, 0o600)}
	m.hauth(m.vendor.Credentials["client_secret"]+"\n", 0, "login", "123pan", "--id", m.vendor.Credentials["client_id"],
		"--secret-stdin", "--store", "file", "--endpoint", m.vendor.Endpoint)
	token, _ := m.hauth("", 0, "token", "123pan")
	token = strings.TrimSuffix(token, "\n")
	if out, _ := m.hauth("", 7, "exec", "123pan", "--", "sh", "-c", "printf %s \"$HAUTH_TOKEN\"; exit 7"); out != token {
		t.Errorf("exec hands on %d bytes, not the token", len(out))
	}
	if out, _ := m.hauth("", 7, "exec", "--mask", "123pan", "--", "sh", "-c", "echo \"$HAUTH_TOKEN\"; exit 7"); out != "[hauth:masked]\n" {
		t.Errorf("--mask lets %d bytes through", len(out))
	}
	m.hauth("", 0, "refresh", "123pan")
	if out, _ := m.hauth("", 0, "status", "--json"); !strings.Contains(out, `"state":"valid"`) {
		t.Errorf("status: %s", out)
	}
	m.hauth("", 0, "logout", "123pan")
	m.hauth("", 3, "token", "123pan")

	m.withCredentials()
	before := m.mock.Tokens("123pan")
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { m.hauth("", 0, "token", "123pan") })
	}
	all.Wait()
	if n := m.mock.Tokens("123pan") - before; n != 1 {
		t.Errorf("10 processes made %d requests", n)
	}
}
