package hauth

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

// resolveDirs finds where everything is kept. With an error the cache may still
// be usable. Root uses no directory of another user, as HOME may name with sudo:
// the stored accounts are an error then, and the cache is elsewhere.
func resolveDirs(env Environ) (store.Dirs, error) {
	if err := checkSettings(env); err != nil {
		return store.Dirs{}, err
	}
	d, err := findDirs(runtime.GOOS, env)
	if err == nil {
		if err = disk.CheckHome(d.Config, d.Data, d.State); err != nil {
			d.Config, d.Data, d.State = "", "", ""
		}
	}
	if d.Cache != "" && disk.CheckHome(d.Cache) != nil {
		d.Cache = homelessCache(env)
	}
	return d, err
}

// checkSettings refuses settings with what a file with Windows line ends, or a
// slip in quoting, leaves at their ends: with it HAUTH_HOME would be another
// directory, which looks the same and is empty.
func checkSettings(env Environ) error {
	for _, name := range []string{"HAUTH_HOME", "HAUTH_STORE", "HAUTH_FLEET", "HAUTH_CA_FILE", "HAUTH_AGE_IDENTITY_FILE"} {
		value := env.Get(name)
		if strings.TrimSpace(value) == value {
			continue
		}
		fact := name + " begins or ends with a blank"
		if strings.HasSuffix(value, "\r") || strings.HasSuffix(value, "\n") {
			fact = name + " ends with a line break; has the file that sets it Windows line ends?"
		}
		return &auth.Error{Kind: auth.Usage, Fact: fact, Remedy: auth.RemedySet, Subject: name + " without it"}
	}
	return nil
}

// findDirs finds the directories by the system and the environment alone: all in
// HAUTH_HOME, in the XDG directories (on macOS too), or in the directories that
// Windows has for that.
func findDirs(goos string, env Environ) (store.Dirs, error) {
	d := store.Dirs{Runtime: runtimeDir(goos, env)}
	if home := env.Get("HAUTH_HOME"); home != "" {
		if !filepath.IsAbs(home) {
			// A relative one would be another directory after each cd, and "~" is
			// the shell's, which does not expand it inside quotes.
			fact := "HAUTH_HOME is not an absolute path"
			if strings.HasPrefix(home, "~") {
				fact = "HAUTH_HOME begins with ~, which only a shell expands"
			}
			return store.Dirs{}, &auth.Error{Kind: auth.Usage, Fact: fact, Remedy: auth.RemedyHome}
		}
		home = filepath.Clean(home)
		d.Config, d.Data, d.State, d.Cache = home, home, home, home
		return d, nil
	}
	if goos == "windows" {
		return windowsDirs(d, env)
	}
	home := env.Get("HOME")
	xdg := func(name, fallback string) string {
		if dir := env.Get(name); filepath.IsAbs(dir) { // the XDG specification says to ignore a relative one
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
	d.Cache = cacheDir(env, xdg("XDG_CACHE_HOME", ".cache"))
	if d.Config == "" || d.Data == "" || d.State == "" {
		if d.Cache == "" {
			d.Cache = homelessCache(env)
		}
		why := "HOME is not set"
		if home != "" {
			why = "HOME is not an absolute path"
		}
		return d, &auth.Error{Kind: auth.Store, Fact: "no home directory: " + why, Remedy: auth.RemedyHome}
	}
	return d, nil
}

func windowsDirs(d store.Dirs, env Environ) (store.Dirs, error) {
	roaming, local := env.Get("APPDATA"), env.Get("LOCALAPPDATA")
	if roaming == "" || local == "" {
		return d, &auth.Error{Kind: auth.Store, Fact: "%AppData% or %LocalAppData% is not set", Remedy: auth.RemedyHome}
	}
	d.Config = filepath.Join(roaming, "hauth", "config")
	d.Data = filepath.Join(local, "hauth", "data")
	d.State = filepath.Join(local, "hauth", "state")
	d.Cache = cacheDir(env, filepath.Join(local, "hauth", "cache"))
	return d, nil
}

// cacheDir is where sealed tokens are kept. A CI runner's temporary directory
// is shared by one job's steps and emptied after it; a home directory there
// may be kept, uploaded or shared between jobs.
func cacheDir(env Environ, fallback string) string {
	for _, name := range []string{"RUNNER_TEMP", "AGENT_TEMPDIRECTORY"} {
		if dir := env.Get(name); filepath.IsAbs(dir) {
			return filepath.Join(dir, "hauth")
		}
	}
	return fallback
}

// homelessCache is where sealed tokens are kept for a process without a home
// directory, as in many containers and services. Its name in the shared
// temporary directory is the user's own; whoever made it is checked when it is
// used.
func homelessCache(env Environ) string {
	if dir := env.Get("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) && disk.CheckHome(dir) == nil {
		return filepath.Join(dir, "hauth")
	}
	dir := env.Get("TMPDIR")
	if !filepath.IsAbs(dir) {
		dir = "/tmp"
	}
	return filepath.Join(dir, "hauth-"+strconv.Itoa(os.Geteuid()))
}

// runtimeDir is the local file system for locks: one directory for all of a
// user's processes, including those of cron, which have no XDG_RUNTIME_DIR.
// Whether it exists and belongs to the user is checked when a lock is wanted.
func runtimeDir(goos string, env Environ) string {
	if dir := env.Get("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return dir
	}
	if goos != "linux" {
		return ""
	}
	return "/run/user/" + strconv.Itoa(os.Getuid())
}
