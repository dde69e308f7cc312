package cmd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"golang.org/x/sys/unix"
)

// TestEndAsForbidsCore: a process that ends by its child's signal must not
// leave a core file, which would contain tokens. The kernel still shows the
// limits of a process that has ended but has not been waited for.
func TestEndAsForbidsCore(t *testing.T) {
	_, environ, _ := attacked(t)
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Max == 0 {
		t.Skip("the hard limit of core files is 0 already")
	}
	hauth := filepath.Join(os.Getenv(binVariable), "hauth")
	c := exec.Command("sh", "-c", `ulimit -S -c "$(ulimit -H -c)"; exec "$@"`, "sh", hauth, "exec", "123pan", "--mask", "--", "sh", "-c", "kill -SEGV $$")
	c.Env, c.Dir = environ, t.TempDir()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	if err := unix.Waitid(unix.P_PID, c.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", c.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^Max core file size +0 `).Match(limits) {
		t.Errorf("the limits at its end:\n%s", limits)
	}
}
