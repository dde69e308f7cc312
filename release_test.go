package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestReleaseCask checks that the Homebrew cask names every man page, since
// it is the one package that cannot use a pattern.
func TestReleaseCask(t *testing.T) {
	var config struct {
		Casks []struct{ Manpages []string } `yaml:"homebrew_casks"`
	}
	readYAML(t, ".goreleaser.yaml", &config)
	pages, err := filepath.Glob("man/*.[17]")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no man pages: %v", err)
	}
	for i := range pages {
		pages[i] = filepath.ToSlash(pages[i])
	}
	if len(config.Casks) != 1 || !slices.Equal(slices.Sorted(slices.Values(config.Casks[0].Manpages)), pages) {
		t.Errorf(".goreleaser.yaml: homebrew_casks.manpages is not\n%s", strings.Join(pages, "\n"))
	}
}

type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Jobs        map[string]struct {
		Permissions map[string]string
		Timeout     int `yaml:"timeout-minutes"`
		Steps       []struct {
			Uses, Run string
			With      map[string]any
		}
	}
}

// TestWorkflows limits what the workflows may do: actions are pinned by
// commit, only the release has write access, no foreign code runs with
// secrets, and no part of an event is pasted into a script.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(files) < 2 {
		t.Fatalf("workflows are missing: %v, %v", files, err)
	}
	pinned := regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	may := map[string][]string{"release.yml/release": {"attestations", "contents", "id-token"}}
	for _, file := range files {
		var w workflow
		readYAML(t, file, &w)
		if _, bad := w.On["pull_request_target"]; bad || len(w.On) == 0 {
			t.Errorf("%s: on: %v", file, w.On)
		}
		if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
			t.Errorf("%s: permissions are %v, not contents: read", file, w.Permissions)
		}
		for name, job := range w.Jobs {
			var writes []string
			for scope, access := range job.Permissions {
				if access != "read" {
					writes = append(writes, scope)
				}
			}
			slices.Sort(writes)
			if want := may[filepath.Base(file)+"/"+name]; !slices.Equal(writes, want) {
				t.Errorf("%s: job %s may write %v, not %v", file, name, writes, want)
			}
			if job.Timeout == 0 {
				t.Errorf("%s: job %s has no timeout-minutes", file, name)
			}
			for _, step := range job.Steps {
				if step.Uses != "" && !pinned.MatchString(step.Uses) {
					t.Errorf("%s: %s is not pinned by commit", file, step.Uses)
				}
				if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != false {
					t.Errorf("%s: job %s leaves credentials in the checkout", file, name)
				}
				if strings.Contains(step.Run, "${{") {
					t.Errorf("%s: job %s pastes an expression into a script; use env", file, name)
				}
			}
		}
	}
}

// TestWorkflowTests checks that CI runs what CONTRIBUTING names, and that
// changes and releases are tested by nothing else.
func TestWorkflowTests(t *testing.T) {
	for _, file := range []string{"ci.yml", "release.yml"} {
		var w workflow
		readYAML(t, filepath.Join(".github", "workflows", file), &w)
		runs := 0
		for _, step := range w.Jobs["test"].Steps {
			if step.Run == ".ci/run" {
				runs++
			} else if step.Run != "" {
				t.Errorf("%s: the test job runs %q", file, step.Run)
			}
		}
		if runs != 1 {
			t.Errorf("%s: the test job runs .ci/run %d times", file, runs)
		}
	}
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	src, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(src, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// TestReleaseNotes checks that a version without a section in CHANGELOG.md
// is refused, and that a section ends where the next begins.
func TestReleaseNotes(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "packaging"), os.DirFS("packaging")); err != nil {
		t.Fatal(err)
	}
	changes := "# Changes\n\n## Unreleased\n\nlater\n\n## 1.2.3 (2026-12-01)\n\nfirst\n\nsecond\n\n## 1.2.2\n\n## 1.2\n\nold\n"
	if err := os.WriteFile(filepath.Join(dir, "CHANGELOG.md"), []byte(changes), 0o600); err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[string]string{"v1.2.3": "first\n\nsecond", "v1.2": "old", "v1.2.2": "", "v1": "", "v1.2.30": "", "": ""} {
		out, err := exec.Command("bash", filepath.Join(dir, "packaging/release-notes"), tag).Output()
		if (err == nil) != (want != "") || strings.TrimSpace(string(out)) != want {
			t.Errorf("%q: %v, %q", tag, err, out)
		}
	}
}
