//go:build unix

package proxy_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/internal/proxy"
)

// A client is an existing program and how it makes each kind of request to
// $URL. Its output must contain want.
var clients = []struct {
	name, need, module string
	calls              map[string]string
}{
	{"curl", "curl", "", map[string]string{
		"get": `curl -sS -f "$URL/api/v1/get"`, "post": `curl -sS -f -d body=1 "$URL/api/v1/post"`, "chunked": `printf body=1 | curl -sS -f -X POST -T - "$URL/api/v1/chunked"`,
		"redirect": `curl -sS -f -L "$URL/api/v1/extra/redirect"`, "events": `curl -sS -f -N "$URL/api/v1/mock/events?count=3&every=10ms"`,
		"long": `head -c 3000000 /dev/zero | curl -sS -f --data-binary @- "$URL/api/v1/long"`,
	}},
	{"wget", "wget", "", map[string]string{
		"get": `wget -qO- "$URL/api/v1/get"`, "post": `wget -qO- --post-data body=1 "$URL/api/v1/post"`,
		"redirect": `wget -qO- "$URL/api/v1/extra/redirect"`, "events": `wget -qO- "$URL/api/v1/mock/events?count=3&every=10ms"`,
		"long": `head -c 3000000 /dev/zero > long; wget -qO- --post-file long "$URL/api/v1/long"`,
	}},
	{"requests", "python3", "requests", map[string]string{
		"get": `python "r = requests.get(url + '/api/v1/get'); print(r.status_code, r.text)"`, "post": `python "r = requests.post(url + '/api/v1/post', data=b'body=1'); print(r.status_code, r.text)"`,
		"chunked":  `python "r = requests.post(url + '/api/v1/chunked', data=iter([b'body', b'=1'])); print(r.status_code, r.text)"`,
		"redirect": `python "r = requests.get(url + '/api/v1/extra/redirect'); print(r.status_code, r.text)"`,
		"events":   `python "r = requests.get(url + '/api/v1/mock/events?count=3&every=10ms', stream=True); [print(l) for l in r.iter_lines()]"`,
		"long":     `python "r = requests.post(url + '/api/v1/long', data=b'x' * 3000000); print(r.status_code, r.text)"`,
	}},
	{"httpie", "http", "", map[string]string{
		"get": `http --ignore-stdin --check-status --body GET "$URL/api/v1/get"`, "post": `http --ignore-stdin --check-status --body POST "$URL/api/v1/post" body=1`,
		"chunked":  `printf body=1 | http --check-status --body --chunked POST "$URL/api/v1/chunked"`,
		"redirect": `http --ignore-stdin --check-status --body --follow GET "$URL/api/v1/extra/redirect"`, "events": `http --ignore-stdin --check-status --body --stream GET "$URL/api/v1/mock/events?count=3&every=10ms"`,
	}},
	{"node", "node", "", map[string]string{
		"get": `node -e "$GO" "get"`, "post": `node -e "$GO" post '{"method":"POST","body":"body=1"}'`, "chunked": `node -e "$GO" chunked stream`,
		"redirect": `node -e "$GO" extra/redirect`, "events": `node -e "$GO" 'mock/events?count=3&every=10ms'`,
	}},
	{"websockets", "python3", "websockets", map[string]string{
		"socket": `python "
async def main():
    async with websockets.connect(url.replace('http:', 'ws:') + '/api/v1/mock/socket') as s:
        await s.send('\"path\":\"over a socket\"')
        print(await s.recv())
import asyncio
asyncio.run(main())"`,
	}},
}

const nodeScript = `const [path, how] = process.argv.slice(1)
let o = how && how != "stream" ? JSON.parse(how) : {}
if (how == "stream") o = {method: "POST", duplex: "half", body: new ReadableStream({start(c) { c.enqueue(new TextEncoder().encode("body=1")); c.close() }})}
fetch(process.env.URL + "/api/v1/" + path, o).then(async r => { console.log(r.status, await r.text()); process.exit(r.ok ? 0 : 1) })`

// TestClients: existing programs work with a live token and with a dead one.
func TestClients(t *testing.T) {
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			python := ""
			if _, err := exec.LookPath(c.need); err != nil {
				t.Skipf("%s is not installed; test/setup installs it", c.need)
			}
			if c.module != "" {
				if python = pythonWith(c.module); python == "" {
					t.Skipf("no python3 has the module %s; test/setup installs it", c.module)
				}
			}
			for kind, script := range c.calls {
				for _, dead := range []bool{true, false} {
					if !dead && kind != "get" {
						continue // a repaired call is one with a live token, too
					}
					w := newWorld(t, proxy.Options{})
					w.handle(func(out http.ResponseWriter, r *http.Request) {
						probe := r.Clone(r.Context())
						probe.URL.Path, probe.URL.RawPath = "/123pan/api/v1/probe", ""
						if answer := httptest.NewRecorder(); !admits(w, answer, probe) {
							out.WriteHeader(answer.Code)
							return
						}
						http.Redirect(out, r, "/123pan/api/v1/arrived", http.StatusFound)
					})
					want := 1
					if dead {
						w.revoke()
						want = 2
					}
					out, err := runClient(t, w.url, python, script)
					w.scanText(c.name+" "+kind, out)
					if err != nil || !strings.Contains(out, expected(kind)) {
						t.Errorf("%s, dead=%v: %v\n%s", kind, dead, err, out)
					}
					if n := w.requests(); n != want {
						t.Errorf("%s, dead=%v: %d token requests, want %d", kind, dead, n, want)
					}
				}
			}
		})
	}
}

// admits reports whether the vendor takes a call's token.
func admits(w *world, answer *httptest.ResponseRecorder, probe *http.Request) bool {
	w.mock.ServeHTTP(answer, probe)
	return answer.Code == http.StatusOK
}

func expected(kind string) string {
	switch kind {
	case "redirect":
		return `"path":"/api/v1/arrived"`
	case "events":
		return `data: {"event":3}`
	case "long":
		return `"bytes":3000000`
	case "socket":
		return `"path":"over a socket"`
	}
	return `"path":"/api/v1/` + kind + `"`
}

// pythonWith finds a Python that has the module: the first in the PATH may be
// one that Debian's packages do not reach.
func pythonWith(module string) string {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import "+module).Run() == nil {
			return python
		}
	}
	return ""
}

func runClient(t *testing.T, url, python, script string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if python != "" {
		wrapper := "#!/bin/sh\nexec " + python + " -c \"import os, sys\nurl = os.environ['URL']\nfor m in 'requests', 'websockets':\n    try: globals()[m] = __import__(m)\n    except ImportError: pass\nexec(sys.argv[1])\" \"$1\"\n"
		if err := os.WriteFile(filepath.Join(dir, "python"), []byte(wrapper), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", "-c", script)
	c.Dir = dir
	c.Env = []string{
		"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "URL=" + url, "GO=" + nodeScript, "LC_ALL=C.UTF-8",
		// As exec --proxy has it, behind a corporate proxy that nothing may reach.
		"http_proxy=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1,localhost,::1", "no_proxy=127.0.0.1,localhost,::1",
	}
	c.WaitDelay = time.Second
	out, err := c.CombinedOutput()
	return string(out), err
}
