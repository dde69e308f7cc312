package store

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// Directories that nobody has set, or relative ones, are never read as the
// current directory.
func TestDirsMustBeAbsolute(t *testing.T) {
	t.Chdir(t.TempDir())
	good := testDirs(t)
	relative := good
	relative.Data = "data"
	put(t, filepath.Join("accounts", testAccount.FileName()+".json"), validInfo)
	put(t, filepath.Join("data", "accounts", testAccount.FileName()+".json"), validInfo)
	before := files(t, ".")
	for name, d := range map[string]Dirs{"zero": {}, "relative": relative} {
		o := Options{Dirs: d, Backends: table(func(string) (Backend, error) { return &memory{}, nil })}
		sealed := o
		sealed.Dirs.Cache = "cache"
		for call, do := range map[string]func() error{
			"Open":         func() error { _, err := Open(o, testAccount); return err },
			"OpenToDelete": func() error { _, err := OpenToDelete(o, testAccount); return err },
			"Create":       func() error { _, err := Create(t.Context(), o, testAccount, File); return err },
			"List":         func() error { _, err := List(d); return err },
			"NewFile":      func() error { _, err := NewFile(d, noEnv); return err },
			"MakeIdentity": func() error { _, err := MakeIdentity(d, noEnv); return err },
			"OpenSealed":   func() error { _, err := OpenSealed(sealed, testAccount, testCredentials("a"), secretNames); return err },
			"no OpenSealed": func() error {
				_, err := OpenSealed(Options{}, testAccount, testCredentials("a"), secretNames)
				return err
			},
		} {
			err := do()
			wantErr(t, err, auth.Store, ErrAbsent)
			if e, _ := auth.AsError(err); e.Remedy != auth.RemedyHome {
				t.Errorf("%s, %s: remedy %s", name, call, e.Remedy)
			}
		}
		if incomplete := ListIncomplete(d); len(incomplete) > 0 {
			t.Errorf("%s: incomplete %v", name, incomplete)
		}
	}
	if after := files(t, "."); len(after) != len(before) {
		t.Errorf("made %q", after)
	}
	if _, err := os.Stat("config"); err == nil {
		t.Error("made a directory")
	}
}
