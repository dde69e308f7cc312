package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// buildHauth builds the program as it ships, once for all tests, and returns
// the directory that holds it.
var buildHauth = sync.OnceValues(func() (dir string, err error) {
	dir = filepath.Join(os.Getenv(binVariable), "real")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(dir, "hauth"), "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return dir, nil
})

func verbRealHauth(ts *testscript.TestScript, _ bool, _ []string) {
	dir, err := buildHauth()
	ts.Check(err)
	s := scriptOf(ts)
	s.environ = setEnv(s.environ, "PATH", dir+string(os.PathListSeparator)+ts.Getenv("PATH"))
}
