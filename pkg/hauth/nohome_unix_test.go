//go:build unix

package hauth_test

import (
	"testing"

	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

// TestNoHome: without a home there is still a place for the cache, so two
// calls make one request.
func TestNoHome(t *testing.T) {
	run := t.TempDir()
	for _, env := range []hauth.Environ{{"XDG_RUNTIME_DIR=" + run}, {"TMPDIR=" + t.TempDir()}} {
		env = append(env, without(environ("", endpoint()), "HAUTH_HOME")[1:]...)
		var first string
		for range 2 {
			account, err := (&hauth.Client{Environ: env}).Open("123pan")
			if err != nil {
				t.Fatal(err)
			}
			result, err := account.Token(t.Context(), broker.Want{})
			if err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = result.Token.Value.SHA256()
			} else if result.From != broker.FromCache || result.Token.Value.SHA256() != first {
				t.Errorf("%v: %s", env[0], result.From)
			}
		}
	}
}
