//go:build unix

package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

func TestExposedFilesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		path   func(Dirs) string
		mode   os.FileMode
		remedy auth.Remedy // empty: not refused
	}{
		"record for its group":          {func(d Dirs) string { return d.RecordFile(recordKey) }, 0o640, auth.RemedyMode},
		"record for all":                {func(d Dirs) string { return d.RecordFile(recordKey) }, 0o604, auth.RemedyMode},
		"record read-only":              {func(d Dirs) string { return d.RecordFile(recordKey) }, 0o400, ""},
		"identity for its group":        {Dirs.Identity, 0o640, auth.RemedyMode},
		"identity for all":              {Dirs.Identity, 0o602, auth.RemedyMode},
		"identity read-only":            {Dirs.Identity, 0o400, ""},
		"records' directory for all":    {Dirs.Records, 0o777, auth.RemedyDirMode},
		"records' directory for group":  {Dirs.Records, 0o770, auth.RemedyDirMode},
		"records' directory readable":   {Dirs.Records, 0o755, ""},
		"records' directory sticky":     {Dirs.Records, 0o777 | os.ModeSticky, ""},
		"identity's directory for all":  {func(d Dirs) string { return d.Config }, 0o707, auth.RemedyDirMode},
		"identity's directory readable": {func(d Dirs) string { return d.Config }, 0o755, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, f := fileStore(t)
			if err := f.Set(t.Context(), recordKey, []byte("x")); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(c.path(d), c.mode); err != nil {
				t.Fatal(err)
			}
			_, err := openFile(t, d, noEnv).Get(t.Context(), recordKey)
			if c.remedy == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantErr(t, err, auth.Store, ErrExposed)
			if e, _ := auth.AsError(err); e.Remedy != c.remedy || e.Subject != c.path(d) {
				t.Errorf("remedy %s of %s", e.Remedy, e.Subject)
			}
			if !strings.Contains(name, "record for") {
				wantErr(t, openFile(t, d, noEnv).Set(t.Context(), recordKey, []byte("y")), auth.Store, ErrExposed)
			}
		})
	}
}

// An identity is made only if the login can then continue.
func TestIdentityIsNotMadeBeforeARefusal(t *testing.T) {
	for name, open := range map[string]func(Dirs) string{
		"config": func(d Dirs) string { return d.Config }, "records": Dirs.Records, "accounts": Dirs.Accounts,
	} {
		d := testDirs(t)
		noError(t, os.MkdirAll(open(d), 0o700))
		noError(t, os.Chmod(open(d), 0o777))
		made, err := MakeIdentity(d, noEnv)
		wantErr(t, err, auth.Store, ErrExposed)
		if _, statErr := os.Lstat(d.Identity()); made != "" || statErr == nil {
			t.Errorf("%s: made %q", name, made)
		}
	}
}

// Containers provide secrets as links; the file that they lead to is
// checked.
func TestIdentityMayBeALink(t *testing.T) {
	d, f := fileStore(t)
	if err := f.Set(t.Context(), recordKey, []byte("x")); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(d.Identity(), link); err != nil {
		t.Fatal(err)
	}
	linked := env(identityFileVar, link)
	if _, err := openFile(t, d, linked).Get(t.Context(), recordKey); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(d.Identity(), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := openFile(t, d, linked).Get(t.Context(), recordKey)
	wantErr(t, err, auth.Store, ErrExposed)
}

func TestModes(t *testing.T) {
	o, _ := testOptions(t)
	v := login(t, o, File, "a")
	unlock, err := v.Lock(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if err := v.SaveAttempt(testAttempt()); err != nil {
		t.Fatal(err)
	}
	s := openSealed(t, o, testCredentials("a"))
	if err := s.SaveGrant(t.Context(), auth.Grant{Token: sealedToken(t, s)}); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = filepath.Walk(filepath.Dir(o.Dirs.Data), func(path string, info os.FileInfo, err error) error {
		if err != nil || path == filepath.Dir(o.Dirs.Data) {
			return err
		}
		n++
		want := os.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || n < 12 {
		t.Errorf("%d files and directories, %v", n, err)
	}
}

func TestLocksDirectory(t *testing.T) {
	d := testDirs(t)
	state := filepath.Join(d.State, "locks")
	runtime := filepath.Join(t.TempDir(), "run")
	at := func(name string, make func() error, want bool) {
		t.Helper()
		if err := make(); err != nil {
			t.Fatal(err)
		}
		d.Runtime = runtime
		got := d.Locks()
		if want && (filepath.Dir(got) != filepath.Join(runtime, "hauth") || len(filepath.Base(got)) != 8) || !want && got != state {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := d.Locks(); got != state {
		t.Errorf("without: %s", got)
	}
	at("absent", func() error { return nil }, false)
	at("ours", func() error { return os.Mkdir(runtime, 0o700) }, true)
	at("open to others", func() error { return os.Chmod(runtime, 0o777|os.ModeSticky) }, false)
	at("a file", func() error { return os.Remove(runtime) }, false)
	put(t, runtime, "")
	at("a file", func() error { return nil }, false)
}
