package hauth

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// The directories of each system are tested on all systems.
func TestFindDirs(t *testing.T) {
	root, err := filepath.Abs(t.TempDir()) // with a drive's letter on Windows
	if err != nil {
		t.Fatal(err)
	}
	in := func(path string) string { return filepath.Join(root, path) }
	linux := store.Dirs{
		Config: in("h/.config/hauth"), Data: in("h/.local/share/hauth"), State: in("h/.local/state/hauth"), Cache: in("h/.cache/hauth"),
	}
	for name, tt := range map[string]struct {
		goos    string
		environ []string
		want    store.Dirs
	}{
		"macOS is as Linux":              {"darwin", []string{"HOME=" + in("h")}, linux},
		"FreeBSD, too":                   {"freebsd", []string{"HOME=" + in("h")}, linux},
		"a relative XDG directory is no": {"darwin", []string{"HOME=" + in("h"), "XDG_DATA_HOME=data"}, linux},
		"XDG": {"darwin", []string{"HOME=" + in("h"), "XDG_CONFIG_HOME=" + in("c"), "XDG_DATA_HOME=" + in("d"), "XDG_STATE_HOME=" + in("s"), "XDG_CACHE_HOME=" + in("k"), "XDG_RUNTIME_DIR=" + in("r")},
			store.Dirs{Config: in("c/hauth"), Data: in("d/hauth"), State: in("s/hauth"), Cache: in("k/hauth"), Runtime: in("r")}},
		"Windows": {"windows", []string{"HOME=" + in("h"), "XDG_CONFIG_HOME=" + in("c"), "APPDATA=" + in("Roaming"), "LOCALAPPDATA=" + in("Local")},
			store.Dirs{Config: in("Roaming/hauth/config"), Data: in("Local/hauth/data"), State: in("Local/hauth/state"), Cache: in("Local/hauth/cache")}},
		"Windows, in a job": {"windows", []string{"APPDATA=" + in("Roaming"), "LOCALAPPDATA=" + in("Local"), "RUNNER_TEMP=" + in("t")},
			store.Dirs{Config: in("Roaming/hauth/config"), Data: in("Local/hauth/data"), State: in("Local/hauth/state"), Cache: in("t/hauth")}},
		"HAUTH_HOME": {"windows", []string{"HAUTH_HOME=" + in("x/../y"), "APPDATA=" + in("Roaming")},
			store.Dirs{Config: in("y"), Data: in("y"), State: in("y"), Cache: in("y")}},
	} {
		if got, err := findDirs(tt.goos, tt.environ); err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, tt.want)
		}
	}
	for name, tt := range map[string]struct {
		goos, environ, says string
		kind                auth.Kind
	}{
		"Windows without a profile": {"windows", "HOME=" + in("h"), "%AppData%", auth.Store},
		"macOS without a home":      {"darwin", "APPDATA=" + in("Roaming"), "HOME is not set", auth.Store},
		"a relative HOME":           {"linux", "HOME=h", "HOME is not an absolute path", auth.Store},
		"a relative HAUTH_HOME":     {"windows", "HAUTH_HOME=hauth", "not an absolute path", auth.Usage},
		"a shell's HAUTH_HOME":      {"darwin", "HAUTH_HOME=~/hauth", "begins with ~", auth.Usage},
	} {
		if _, err := findDirs(tt.goos, Environ{tt.environ}); !auth.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
