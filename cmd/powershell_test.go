package cmd

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

// powershellTree is what a parser makes of a script.
type powershellTree struct{ Statements, Errors, Strings []string }

// parsePowerShell reads scripts with the grammar that test/powershell/setup has
// installed.
func parsePowerShell(t *testing.T, scripts ...string) []powershellTree {
	t.Helper()
	var files []string
	dir := t.TempDir()
	for _, script := range scripts {
		f := filepath.Join(dir, string('a'+rune(len(files)))+".ps1")
		if err := os.WriteFile(f, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	node, err := exec.LookPath("node")
	if err != nil || !fileExists(filepath.Join("..", ".tools", "powershell", "installed")) {
		t.Skip("no parser for PowerShell is installed; test/powershell/setup does that where npm is")
	}
	// The optimising compiler of WebAssembly takes long for a grammar, and nothing
	// here is worth it.
	c := exec.Command(node, append([]string{"--liftoff-only", filepath.Join("..", "test", "powershell", "parse.cjs")}, files...)...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	var trees []powershellTree
	for line := range strings.Lines(string(out)) {
		var tree powershellTree
		if err := json.Unmarshal([]byte(line), &tree); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		trees = append(trees, tree)
	}
	if len(trees) != len(scripts) {
		t.Fatalf("%d of %d were parsed", len(trees), len(scripts))
	}
	return trees
}

// What hauth writes for PowerShell is PowerShell, and a parser finds in it what is
// meant, whatever a token holds.
func TestPowerShell(t *testing.T) {
	t.Parallel()
	completion, err := os.ReadFile(filepath.Join("..", "completions", "hauth.ps1"))
	if err != nil {
		t.Fatal(err)
	}
	account, err := auth.ParseAccount("123pan/work-2")
	if err != nil {
		t.Fatal(err)
	}
	values := []string{"plain", "it's", `"$(Get-Date)"` + "`n", "a;b|c&d #e", "{@('x')}", "ends in '"}
	scripts := []string{string(completion), "$env:A = 'not closed\n"}
	for _, value := range values {
		token := auth.Token{Value: auth.NewSecret(value), ExpiresAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
		script, err := formatPowerShell(nil, &hauth.Account{Name: account}, broker.Result{Token: token})
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, script)
	}
	trees := parsePowerShell(t, scripts...)
	registers := func(statement string) bool { return strings.HasPrefix(statement, "Register-ArgumentCompleter ") }
	if len(trees[0].Errors) > 0 || !slices.ContainsFunc(trees[0].Statements, registers) {
		t.Errorf("the completion script: %d statements, errors %q", len(trees[0].Statements), trees[0].Errors)
	}
	if len(trees[1].Errors) == 0 {
		t.Error("the parser finds nothing wrong with a quote that is not closed")
	}
	for i, value := range values {
		tree := trees[i+2]
		want := []string{"'" + strings.ReplaceAll(value, "'", "''") + "'", "'2026-01-02T03:04:05Z'"}
		if len(tree.Errors) > 0 || len(tree.Statements) != 2 || !slices.Equal(tree.Strings, want) {
			t.Errorf("%q: %+v", value, tree)
		}
	}
}
