package cmd

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/store"
)

// explosive is a backend that panics with the secret that it was given.
type explosive struct {
	store.Backend
	with func(data []byte) any
}

func (e explosive) Set(_ context.Context, _ store.Key, data []byte) error { panic(e.with(data)) }

// A panic is an internal error with exit code 1. Its value is not printed,
// since it may be a secret.
func TestAttackPanic(t *testing.T) {
	const secret = "panic-only-secret-6d1f0b7ac2"
	for name, with := range map[string]func([]byte) any{
		"text":       func([]byte) any { return secret },
		"error":      func([]byte) any { return errors.New("cannot store " + secret) },
		"bytes":      func([]byte) any { return []byte(secret) },
		"runtime":    func(data []byte) any { return data[len(data)+3] },
		"wrong type": func([]byte) any { var v any = secret; return v.(error) },
	} {
		for _, flag := range []string{"--quiet", "--debug", "--json"} {
			var stdout, stderr bytes.Buffer
			exit := Main(t.Context(), Env{
				Args:    []string{"login", "123pan", flag, "--no-verify", "--store", "file", "--id", "id", "--secret-stdin"},
				Environ: []string{"HAUTH_HOME=" + t.TempDir(), "HAUTH_NO_INPUT=1"},
				Stdin:   strings.NewReader(secret + "\n"), Stdout: &stdout, Stderr: &stderr,
				Backend: func(string) (store.Backend, error) { return explosive{with: with}, nil },
			})
			if exit != 1 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "bug in hauth: ") {
				t.Errorf("%s %s: exit %d, stdout %q, stderr %q", name, flag, exit, &stdout, &stderr)
			}
			if form := leaked(stderr.Bytes(), secret); form != "" {
				t.Errorf("%s %s: LEAK: %q in %s", name, flag, form, &stderr)
			}
			if flag == "--debug" && !strings.Contains(stderr.String(), "explosive") {
				t.Errorf("%s: no trace: %s", name, &stderr)
			}
		}
	}
}
