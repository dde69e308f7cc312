//go:build wine

package windows

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// curl.exe, or what stands in for it here, gets the token through a pipe, and
// hauth ends as it does.
func TestCurl(t *testing.T) {
	w := newWorld(t)
	w.setCredentials(strings.ToUpper)
	if r := w.hauth(127, "curl", "123pan", "/api/v1/user/info"); !strings.Contains(r.stderr, "command not found: curl") {
		t.Errorf("without a curl: %s", r.stderr)
	}
	program, err := os.ReadFile(probeExe)
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(w.dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "curl.exe"), program, 0o700); err != nil {
		t.Fatal(err)
	}
	w.set("WINEPATH=" + windowsPath(bin))
	token := strings.TrimSpace(w.hauth(0, "token", "123pan").stdout)
	r := w.hauth(22, "curl", "123pan", "/api/v1/user/info", "-d", `{"a": "b c"}`)
	config, args, _ := strings.Cut(r.stdout, `["`)
	for _, want := range []string{token, w.vendors["123pan"].Endpoint + "/api/v1/user/info", "Platform: open_platform"} {
		if !strings.Contains(config, want) {
			t.Errorf("curl's config of %d bytes lacks %s", len(config), strings.ReplaceAll(want, token, "the token"))
		}
	}
	if args != "-d\" \"{\\\"a\\\": \\\"b c\\\"}\"]\n" {
		t.Errorf("curl's arguments: %s%s", strings.ReplaceAll(args, token, "TOKEN"), r.stderr)
	}
	server := httptest.NewTLSServer(nil)
	server.Close()
	authority := w.file("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	w.set("HAUTH_CA_FILE=" + authority)
	r = w.hauth(22, "curl", "123pan", "/api/v1/user/info")
	if !strings.HasPrefix(r.stdout, `cacert = "C:\\`) {
		t.Errorf("curl is not told what to trust: %.40q%s", r.stdout, r.stderr)
	}
}
