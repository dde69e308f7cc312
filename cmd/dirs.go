package cmd

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// resolveDirs finds where things rest: all in HAUTH_HOME, in the XDG
// directories (on macOS too), or in Windows' own.
func resolveDirs(getenv func(string) string) (store.Dirs, error) {
	d := store.Dirs{Runtime: runtimeDir(getenv)}
	if home := getenv("HAUTH_HOME"); home != "" {
		home, err := filepath.Abs(home)
		if err != nil {
			return d, &auth.Error{Kind: auth.Usage, Fact: "HAUTH_HOME cannot be made absolute", Err: err}
		}
		d.Config, d.Data, d.State, d.Cache = home, home, home, home
		return d, nil
	}
	if runtime.GOOS == "windows" {
		roaming, local := getenv("AppData"), getenv("LocalAppData")
		if roaming == "" || local == "" {
			return d, &auth.Error{Kind: auth.Store, Fact: "%AppData% or %LocalAppData% is not set", Hint: "set HAUTH_HOME to a directory of your own"}
		}
		d.Config = filepath.Join(roaming, "hauth", "config")
		d.Data = filepath.Join(local, "hauth", "data")
		d.State = filepath.Join(local, "hauth", "state")
		d.Cache = cacheDir(getenv, filepath.Join(local, "hauth", "cache"))
		return d, nil
	}
	home := getenv("HOME")
	xdg := func(name, fallback string) string {
		if dir := getenv(name); filepath.IsAbs(dir) { // a relative one is to be ignored, says the XDG specification
			return filepath.Join(dir, "hauth")
		}
		if !filepath.IsAbs(home) {
			return ""
		}
		return filepath.Join(home, fallback, "hauth")
	}
	d.Config = xdg("XDG_CONFIG_HOME", ".config")
	d.Data = xdg("XDG_DATA_HOME", ".local/share")
	d.State = xdg("XDG_STATE_HOME", ".local/state")
	d.Cache = cacheDir(getenv, xdg("XDG_CACHE_HOME", ".cache"))
	if d.Config == "" || d.Data == "" || d.State == "" || d.Cache == "" {
		return d, &auth.Error{Kind: auth.Store, Fact: "no home directory: HOME is not set", Hint: "set HOME, or HAUTH_HOME to a directory of your own"}
	}
	return d, nil
}

// cacheDir is where sealed tokens rest. A CI runner's temporary directory is
// shared by one job's steps and emptied after it; a home directory there may
// be kept, uploaded or shared between jobs.
func cacheDir(getenv func(string) string, fallback string) string {
	for _, name := range []string{"RUNNER_TEMP", "AGENT_TEMPDIRECTORY"} {
		if dir := getenv(name); filepath.IsAbs(dir) {
			return filepath.Join(dir, "hauth")
		}
	}
	return fallback
}

// runtimeDir is the local file system for locks: one directory for all of a
// user's processes, those of cron included, which know no XDG_RUNTIME_DIR.
// Whether it is there and ours is looked at when a lock is wanted.
func runtimeDir(getenv func(string) string) string {
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return dir
	}
	if runtime.GOOS != "linux" {
		return ""
	}
	return "/run/user/" + strconv.Itoa(os.Getuid())
}
