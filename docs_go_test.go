package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// imports are the packages that a Go block may use without importing them:
// documents omit the lines that every program begins with.
var imports = map[string]string{
	"context": "context", "fmt": "fmt", "http": "net/http", "time": "time",
	"auth": "github.com/hauth/hauth/pkg/auth", "broker": "github.com/hauth/hauth/pkg/broker", "hauth": "github.com/hauth/hauth/pkg/hauth",
}

// TestDocsGo compiles every block of Go, as the body of a function that may
// return an error or leave a variable unused.
func TestDocsGo(t *testing.T) {
	for _, b := range blocksOf(t, "go") {
		var source strings.Builder
		source.WriteString("package example\n")
		for name, path := range imports {
			if regexp.MustCompile(`\b` + name + `\.`).MatchString(b.text) {
				fmt.Fprintf(&source, "import %q\n", path)
			}
		}
		fmt.Fprintf(&source, "func example() error {\n%s\nreturn err\n}\n", b.text)
		// The file is in the module, as its imports must be, but only for the
		// compiler.
		here, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		written := filepath.Join(t.TempDir(), "example.go")
		overlay := filepath.Join(t.TempDir(), "overlay.json")
		replace, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(here, "docs_example", "example.go"): written}})
		if err != nil {
			t.Fatal(err)
		}
		for path, text := range map[string]string{written: source.String(), overlay: string(replace)} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		// The document need not go on to use each variable.
		out, err := exec.Command("go", "build", "-gcflags=-e", "-overlay", overlay, "./docs_example").CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if err != nil && !strings.HasPrefix(line, "#") && !strings.Contains(line, "declared and not used") {
				t.Errorf("%s:%d: %s", b.file, b.line, strings.TrimSpace(line))
			}
		}
	}
}
