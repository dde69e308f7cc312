package cmd

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the generated files instead of comparing them")

// TestGeneratedCompletions checks that completions/ contains what the
// program prints.
func TestGeneratedCompletions(t *testing.T) {
	files := map[string]string{"bash": "hauth.bash", "zsh": "_hauth", "fish": "hauth.fish", "powershell": "hauth.ps1"}
	for _, shell := range shells {
		var got bytes.Buffer
		if code := Main(t.Context(), Env{Args: []string{"completion", shell}, Environ: []string{"HOME=/"}, Stdout: &got, Stderr: &got}); code != 0 {
			t.Fatalf("completion %s ended with %d: %s", shell, code, got.Bytes())
		}
		current(t, filepath.Join("..", "completions", files[shell]), got.Bytes())
	}
}

// current compares a committed file with its intended content, or with
// -update writes it.
func current(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not current; run: make generate", path)
	}
}
