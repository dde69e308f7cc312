package cmd

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hauth/hauth/internal/mockvendor"
)

// On a terminal the mock shows lines to paste. They must work in a shell that
// has nothing else set.
func TestMockOnATerminal(t *testing.T) {
	t.Parallel()
	terminal, err := openPTY()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		env := Env{Args: []string{"mock", "--listen", "127.0.0.1:0"}, Environ: []string{"TERM=dumb"}, Stdout: terminal.program, Stderr: terminal.program}
		Main(ctx, env)
	}()
	err = terminal.expect(`(?m)^hauth curl wahool-authorization .*$`, ended)
	cancel()
	<-ended
	terminal.program.Close()
	<-terminal.closed
	terminal.person.Close()
	if err != nil {
		t.Fatal(err)
	}
	screen := strings.ReplaceAll(terminal.screen.String(), "\r\n", "\n")
	if !regexp.MustCompile(`(?m)\APROVIDER +ENDPOINT\n123pan +http://127.0.0.1:\d+/123pan\nhitem3d +http`).MatchString(screen) {
		t.Errorf("no table:\n%s", screen)
	}
	if strings.Contains(screen, `{"provider"`) {
		t.Errorf("JSON for a reader:\n%s", screen)
	}
}

func TestMockLinesToPaste(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed; test/setup installs it")
	}
	mock := mockvendor.New(mockvendor.Options{})
	server := httptest.NewServer(mock)
	defer server.Close()
	vendors := mock.Vendors(server.URL)
	a := newApp(t.Context(), Env{Environ: []string{}, Stdout: os.Stdout})
	defer a.close()
	text := a.mockTable(vendors)
	pairs := regexp.MustCompile(`(?m)^(export HAUTH_.*)\n(hauth curl .*)$`).FindAllStringSubmatch(text, -1)
	if len(pairs) != len(vendors) {
		t.Fatalf("%d vendors with lines to paste:\n%s", len(pairs), text)
	}
	for _, pair := range pairs {
		home := t.TempDir()
		c := exec.CommandContext(t.Context(), "sh", "-c", pair[1]+"\n"+pair[2]+" -sS")
		c.Env = []string{"HOME=" + home, "HAUTH_HOME=" + filepath.Join(home, "h"), "CURL_HOME=" + home,
			"PATH=" + os.Getenv(binVariable) + string(os.PathListSeparator) + os.Getenv("PATH")}
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), `"account":"demo"`) {
			t.Errorf("%s\n%v: %s", pair[2], err, out)
		}
	}
}
