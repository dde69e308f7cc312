//go:build unix

package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// action is a checkout of the action, a mirror with releases, and the files
// that a runner gives to a step.
type action struct {
	run                string            // the step's script
	env                map[string]string // the step's environment, from the action and its inputs
	dir, mirror, temp  string
	pathFile, outFile  string
	digests, checksums string // files
}

// newAction reads the step from action.yml, as a runner does.
func newAction(t *testing.T) *action {
	t.Helper()
	var file struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Using string
			Steps []struct {
				Shell, Run string
				Env        map[string]string
			}
		}
	}
	readYAML(t, "action.yml", &file)
	if file.Runs.Using != "composite" || len(file.Runs.Steps) != 1 || file.Runs.Steps[0].Shell != "bash" {
		t.Fatalf("action.yml: %+v", file.Runs)
	}
	for name := range file.Inputs {
		if name != "version" && name != "mirror" {
			t.Errorf("action.yml: input %s: what is secret must not be an input", name)
		}
	}
	base := t.TempDir()
	a := &action{
		run: file.Runs.Steps[0].Run, dir: filepath.Join(base, "action"), mirror: filepath.Join(base, "mirror"), temp: filepath.Join(base, "temp"),
		pathFile: filepath.Join(base, "path"), outFile: filepath.Join(base, "out"), checksums: filepath.Join(base, "checksums.txt"),
	}
	a.digests = filepath.Join(a.dir, "packaging", "action", "digests")
	if err := os.CopyFS(filepath.Dir(a.digests), os.DirFS("packaging/action")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{a.mirror, a.temp} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	a.write(t, a.digests, "# no release yet\n")
	a.write(t, a.pathFile, "")
	a.write(t, a.outFile, "")
	a.env = map[string]string{"RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "RUNNER_TEMP": a.temp, "GITHUB_PATH": a.pathFile, "GITHUB_OUTPUT": a.outFile}
	for name, value := range file.Runs.Steps[0].Env {
		switch value {
		case "${{ github.action_path }}":
			value = a.dir
		case "${{ inputs.version }}":
			value = file.Inputs["version"].Default
		case "${{ inputs.mirror }}":
			value = "file://" + a.mirror
		default:
			t.Fatalf("action.yml: %s: %s", name, value)
		}
		a.env[name] = value
	}
	return a
}

func (a *action) write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// release puts a version into the mirror, and lets the action know it with the
// script that a maintainer would use.
func (a *action) release(t *testing.T, version string) {
	t.Helper()
	var sums strings.Builder
	for _, platform := range []string{
		"linux_amd64.tar.gz", "linux_arm64.tar.gz", "darwin_amd64.tar.gz", "darwin_arm64.tar.gz",
		"freebsd_amd64.tar.gz", "freebsd_arm64.tar.gz", "windows_amd64.zip", "windows_arm64.zip",
	} {
		name := "hauth_" + version + "_" + platform
		path := filepath.Join(a.mirror, "v"+version, name)
		a.archive(t, path, fmt.Sprintf("#!/bin/sh\necho hauth %s %s\n", version, platform))
		archive, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(archive), name)
	}
	a.write(t, a.checksums, sums.String()+strings.Repeat("0", 64)+"  hauth_"+version+"_amd64.deb\n")
	if out, err := exec.Command(filepath.Join(a.dir, "packaging/action/add"), a.checksums).CombinedOutput(); err != nil {
		t.Fatalf("add: %v\n%s", err, out)
	}
}

func (a *action) archive(t *testing.T, path, program string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	w := tar.NewWriter(z)
	err = w.WriteHeader(&tar.Header{Name: "hauth", Mode: 0o755, Size: int64(len(program))})
	if err == nil {
		_, err = w.Write([]byte(program))
	}
	for _, closer := range []func() error{w.Close, z.Close, f.Close} {
		if e := closer(); err == nil {
			err = e
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// step runs the step as a runner does.
func (a *action) step(t *testing.T) (output string, err error) {
	t.Helper()
	c := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", a.run)
	c.Dir = t.TempDir()
	c.Env = []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range a.env {
		c.Env = append(c.Env, name+"="+value)
	}
	out, err := c.CombinedOutput()
	return string(out), err
}

// installed is the program that the next steps find.
func (a *action) installed(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile(a.pathFile)
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSuffix(string(src), "\n")
	if dir == "" {
		return ""
	}
	out, err := exec.Command(filepath.Join(dir, "hauth")).CombinedOutput()
	if err != nil || filepath.Dir(dir) != a.temp {
		t.Errorf("in %s: %v", dir, err)
	}
	return string(out)
}

func TestActionInstalls(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed; test/setup installs it")
	}
	for _, c := range []struct {
		name    string
		env     map[string]string
		prepare func(t *testing.T, a *action)
		want    string // what the installed program says; "" for a failure
		says    string
	}{
		{name: "newest", want: "hauth 1.1.0 linux_amd64.tar.gz\n"},
		{name: "version", env: map[string]string{"HAUTH_ACTION_VERSION": "1.0.0"}, want: "hauth 1.0.0 linux_amd64.tar.gz\n"},
		{name: "tag", env: map[string]string{"HAUTH_ACTION_VERSION": "v1.0.0"}, want: "hauth 1.0.0 linux_amd64.tar.gz\n"},
		{name: "mac", env: map[string]string{"RUNNER_OS": "macOS", "RUNNER_ARCH": "ARM64"}, want: "hauth 1.1.0 darwin_arm64.tar.gz\n"},
		{name: "no release", prepare: func(t *testing.T, a *action) { a.write(t, a.digests, "# none\n") }, says: "there is no release of hauth yet"},
		{name: "unknown version", env: map[string]string{"HAUTH_ACTION_VERSION": "1.2.0"}, says: "it knows: 1.1.0 1.0.0"},
		{name: "pattern", env: map[string]string{"HAUTH_ACTION_VERSION": "1.*"}, says: "does not know"},
		{name: "script", env: map[string]string{"HAUTH_ACTION_VERSION": "1.1.0\n::set-output name=x::y"}, says: "does not know"},
		{name: "unknown system", env: map[string]string{"RUNNER_OS": "Plan9"}, says: "no release of hauth is made for Plan9"},
		{name: "unknown machine", env: map[string]string{"RUNNER_ARCH": "ARM"}, says: "no release of hauth is made for ARM"},
		{name: "no directory", env: map[string]string{"RUNNER_TEMP": "/nowhere"}, says: "RUNNER_TEMP names no directory"},
		{name: "no runner", env: map[string]string{"GITHUB_PATH": ""}, says: "GITHUB_PATH names no file"},
		{name: "gone", prepare: func(t *testing.T, a *action) { os.RemoveAll(filepath.Join(a.mirror, "v1.1.0")) }, says: "could not be downloaded"},
		{name: "other bytes", prepare: func(t *testing.T, a *action) {
			a.archive(t, filepath.Join(a.mirror, "v1.1.0", "hauth_1.1.0_linux_amd64.tar.gz"), "#!/bin/sh\necho evil\n")
		}, says: "is not what was released"},
		{name: "empty digest", prepare: func(t *testing.T, a *action) {
			src, err := os.ReadFile(a.digests)
			if err != nil {
				t.Fatal(err)
			}
			var kept strings.Builder
			for line := range strings.Lines(string(src)) {
				if !strings.Contains(line, "1.1.0_linux_arm64") {
					kept.WriteString(line)
				}
			}
			a.write(t, a.digests, kept.String())
		}, env: map[string]string{"RUNNER_ARCH": "ARM64"}, says: "holds no digest of hauth_1.1.0_linux_arm64.tar.gz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newAction(t)
			a.release(t, "1.0.0")
			a.release(t, "1.1.0")
			if c.prepare != nil {
				c.prepare(t, a)
			}
			for name, value := range c.env {
				a.env[name] = value
			}
			out, err := a.step(t)
			if (err == nil) != (c.want != "") || !strings.Contains(out, c.says) {
				t.Fatalf("%v, and it says:\n%s", err, out)
			}
			if have := a.installed(t); have != c.want {
				t.Errorf("installed is %q, want %q", have, c.want)
			}
			if c.want == "" {
				left, _ := filepath.Glob(filepath.Join(a.temp, "*", "*"))
				if len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				if !strings.HasPrefix(out, "::error title=hauth::") && !strings.Contains(out, "\n::error title=hauth::") || strings.Contains(out, "set-output") {
					t.Errorf("the runner shows no error, or obeys an input:\n%s", out)
				}
			}
		})
	}
}

func TestActionAddsOnce(t *testing.T) {
	a := newAction(t)
	a.release(t, "1.0.0")
	before, err := os.ReadFile(a.digests)
	if err != nil {
		t.Fatal(err)
	}
	for _, checksums := range []string{a.checksums, os.DevNull} {
		out, err := exec.Command(filepath.Join(a.dir, "packaging/action/add"), checksums).CombinedOutput()
		after, _ := os.ReadFile(a.digests)
		if err == nil || string(after) != string(before) {
			t.Errorf("%s: %v, %s\n%s", checksums, err, out, after)
		}
	}
}
