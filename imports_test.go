package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/hauth/hauth"

// edges are all imports between hauth's packages. They point one way:
// providers, store and broker never import one another.
var edges = map[string][]string{
	"":                    {"cmd"},
	"cmd":                 {"internal/disk", "internal/draft", "internal/mask", "internal/mockvendor", "internal/proxy", "internal/text", "pkg/auth", "pkg/broker", "pkg/hauth", "pkg/providers", "pkg/store", "pkg/store/keyring"},
	"internal/disk":       {"internal/text", "pkg/auth"},
	"internal/draft":      {"internal/text"},
	"internal/fakebao":    {}, // tests only
	"internal/mask":       {"internal/text", "pkg/auth"},
	"internal/mockvendor": {},
	"internal/proxy":      {"internal/mask", "internal/text", "pkg/auth", "pkg/hauth"},
	"internal/text":       {"pkg/auth"},
	"pkg/auth":            {},
	"pkg/broker":          {"pkg/auth"},
	"pkg/fleet":           {"internal/disk", "internal/text", "pkg/auth", "pkg/broker"},
	"pkg/hauth":           {"internal/disk", "internal/text", "pkg/auth", "pkg/broker", "pkg/fleet", "pkg/providers", "pkg/store", "pkg/store/keyring"},
	"pkg/providers":       {"internal/disk", "internal/text", "pkg/auth"},
	"pkg/store":           {"internal/disk", "internal/text", "pkg/auth"},
	"pkg/store/keyring":   {"internal/disk", "internal/text", "pkg/auth", "pkg/store"},

	// The benchmark's programs see hauth from outside only.
	"test/bench":           {},
	"test/bench/bare":      {},
	"test/bench/gokeyring": {},
	"test/bench/hello":     {},
	"test/bench/peak":      {},

	// So do the programs that kill hauth, at random or step by step, the one that
	// counts, and the one that breaks hauth's defences.
	"test/soak":    {},
	"test/steps":   {},
	"test/budget":  {},
	"test/mutants": {},
}

// standardOnly lists packages that import nothing but the standard library
// and hauth's own packages.
var standardOnly = []string{"", "internal/mask", "internal/mockvendor", "internal/text", "pkg/auth", "pkg/broker"}

// dependencies are the modules that hauth names itself, each with its reason.
var dependencies = map[string]string{
	"filippo.io/age":                    "the encrypted file store: a format that other tools open, by people who know how",
	"github.com/charmbracelet/lipgloss": "tables and colours for people; chosen for the project",
	"github.com/godbus/dbus/v5":         "reading the Secret Service in fewer waits than go-keyring, and with deadlines; go-keyring brings it anyway",
	"github.com/gomodule/redigo":        "redis: the protocol for a fleet's engine, with Sentinel and Cluster in our own files; measured +61 KB against rueidis +426 KB",
	"github.com/muesli/termenv":         "names the colour profile that lipgloss is told instead of asking the terminal; lipgloss brings it anyway",
	"github.com/rogpeppe/go-internal":   "testscript: the tests type what users type; tests only",
	"github.com/spf13/cobra":            "commands, flags, help and completions as users know them; chosen for the project",
	"github.com/spf13/pflag":            "tells an unknown flag from a bad value, so that login never repeats a secret; cobra brings it anyway",
	"github.com/zalando/go-keyring":     "the keyrings of macOS, Windows and Linux behind one interface; chosen for the project",
	"go.yaml.in/yaml/v3":                "provider files, with line numbers for their mistakes; the one that cobra's module names",
	"golang.org/x/sys":                  "what package syscall lacks: prctl, fcntl, ioctl, LockFileEx",
	"golang.org/x/term":                 "reading a secret without echo",
}

// bans are modules that must not be used, directly or indirectly.
var bans = map[string]string{
	"golang.org/x/oauth2":        "percent-escapes both parts of Basic credentials, which alters secrets with + and /",
	"github.com/spf13/viper":     "a configuration system where a handful of variables will do",
	"github.com/sirupsen/logrus": "a logger with hooks in a program that must not log",
}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	for _, goos := range []string{"linux", "darwin", "windows", "freebsd"} {
		seen := map[string]bool{}
		for _, p := range list(t, goos) {
			name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
			seen[name] = true
			want, ok := edges[name]
			if !ok {
				t.Errorf("package %s has no entry in edges", name)
				continue
			}
			var got []string
			for _, i := range p.Imports {
				if inside, ok := strings.CutPrefix(i, module+"/"); ok {
					got = append(got, inside)
				} else if strings.Contains(i, ".") && slices.Contains(standardOnly, name) {
					t.Errorf("%s: package %s imports %s, but may import the standard library only", goos, name, i)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) && !(len(got) == 0 && len(want) == 0) {
				t.Errorf("%s: package %q imports %v, want exactly %v", goos, name, got, want)
			}
		}
		for name := range edges {
			if !seen[name] {
				t.Errorf("package %q has edges, but does not exist", name)
			}
		}
	}
}

func TestDependencies(t *testing.T) {
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, r := range mod.Require {
		if reason, banned := bans[r.Path]; banned {
			t.Errorf("%s is banned: %s", r.Path, reason)
		}
		if r.Indirect {
			continue
		}
		named[r.Path] = true
		if dependencies[r.Path] == "" {
			t.Errorf("%s is a direct dependency without a reason", r.Path)
		}
	}
	for path := range dependencies {
		if !named[path] {
			t.Errorf("%s has a reason, but is not a direct dependency", path)
		}
	}
}

func list(t *testing.T, goos string) []listed {
	t.Helper()
	c := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	c.Env = append(c.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}
