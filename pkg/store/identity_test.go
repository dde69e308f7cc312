package store

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/pkg/auth"
)

func TestIdentity(t *testing.T) {
	newIdentity := func() string {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		return id.String()
	}
	d, f := fileStore(t)
	a, b := newIdentity(), newIdentity()
	pathB := filepath.Join(t.TempDir(), "b.txt")
	put(t, pathB, "# comment\r\n\r\n"+b+"\r\n")
	both := env(identityVar, a, identityFileVar, pathB)
	onlyB := env(identityFileVar, pathB)
	set := func(f *ageFile, text string) {
		t.Helper()
		if err := f.Set(t.Context(), recordKey, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	opens := func(name string, getenv func(string) string, want bool) {
		t.Helper()
		_, err := openFile(t, d, getenv).Get(t.Context(), recordKey)
		if want && err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !want {
			wantErr(t, err, auth.Store, ErrUnreadable)
		}
	}
	set(f, "own")
	opens("own with own", noEnv, true)
	opens("own with variable", both, false)
	set(openFile(t, d, onlyB), "b")
	opens("b with file variable", onlyB, true)
	opens("b with both", both, false)
	opens("b with a list", env(identityVar, a+"\n"+b), true)
	set(openFile(t, d, both), "a")
	opens("a with both", both, true)

	for name, c := range map[string]struct {
		getenv func(string) string
		cause  error
	}{
		"nonsense":   {env(identityVar, "AGE-SECRET-KEY-1CANARY"), ErrLocked},
		"no key":     {env(identityVar, "# only a comment"), ErrAbsent},
		"plugin key": {env(identityVar, "AGE-PLUGIN-CANARY-1QQQ"), ErrLocked},
		"no file":    {env(identityFileVar, filepath.Join(t.TempDir(), "none")), ErrAbsent},
	} {
		_, err := openFile(t, d, c.getenv).Get(t.Context(), recordKey)
		wantErr(t, err, auth.Store, c.cause)
		if strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v repeats the identity", name, err)
		}
	}
	// Deleting needs no identity, so that a user who lost it can still log
	// out.
	if err := openFile(t, d, env(identityVar, "x")).Delete(t.Context(), recordKey); err != nil {
		t.Error(err)
	}
}

func TestMakeIdentity(t *testing.T) {
	d := testDirs(t)
	for name, getenv := range map[string]func(string) string{"text": env(identityVar, "x"), "file": env(identityFileVar, "/x")} {
		if made, err := MakeIdentity(d, getenv); made != "" || err != nil {
			t.Errorf("%s: %q, %v", name, made, err)
		}
	}
	if _, err := os.Stat(d.Config); !os.IsNotExist(err) {
		t.Fatal("a directory was made")
	}
	// Of many concurrent logins one makes the identity, and all encrypt to
	// that one.
	var wg sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 16 {
		wg.Go(func() {
			path, err := MakeIdentity(d, noEnv)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if path != "" {
				made++
			}
		})
	}
	wg.Wait()
	if got := files(t, d.Config); made != 1 || len(got) != 1 {
		t.Errorf("made %d times; files %q", made, got)
	}
	// An existing identity is kept, damaged or not.
	put(t, d.Identity(), "")
	if path, err := MakeIdentity(d, noEnv); path != "" || err != nil {
		t.Errorf("over an empty one: %q, %v", path, err)
	}
	if data, _ := os.ReadFile(d.Identity()); len(data) != 0 {
		t.Error("an identity was replaced")
	}
}

func TestMakeIdentityCrash(t *testing.T) {
	for n := 0; ; n++ {
		d := testDirs(t)
		steps := &crash{after: n}
		if _, err := makeIdentity(d, noEnv, disk.Disk{Step: steps.step}); err == nil {
			break
		}
		if data, err := os.ReadFile(d.Identity()); err == nil && !strings.Contains(string(data), "AGE-SECRET-KEY-1") {
			t.Errorf("step %d left a torn identity", n)
		}
		if _, err := MakeIdentity(d, noEnv); err != nil {
			t.Errorf("after a crash at step %d: %v", n, err)
		}
		if _, err := Probe(t.Context(), openFile(t, d, noEnv)); err != nil {
			t.Errorf("after a crash at step %d: %v", n, err)
		}
	}
}

// While accounts have records, a login makes no second identity: their key may
// have come from a variable that is not set here, and then no environment would
// open both.
func TestIdentityIsNeverASecondOne(t *testing.T) {
	o, _ := testOptions(t)
	login(t, o, File, "a")
	noError(t, os.Rename(o.Dirs.Identity(), o.Dirs.Identity()+".moved"))
	made, err := MakeIdentity(o.Dirs, noEnv)
	wantErr(t, err, auth.Store, ErrAbsent)
	if e, _ := auth.AsError(err); made != "" || e.Remedy != auth.RemedyOtherKey || e.Subject != "123pan" {
		t.Errorf("made %q, remedy %s of %s", made, e.Remedy, e.Subject)
	}
	if _, err := os.Lstat(o.Dirs.Identity()); err == nil {
		t.Error("an identity was made")
	}
	// With the variable that named it, there is nothing to make.
	named := env(identityFileVar, o.Dirs.Identity()+".moved")
	if made, err := MakeIdentity(o.Dirs, named); made != "" || err != nil {
		t.Errorf("made %q, %v", made, err)
	}
	// If a variable names a lost file, another key does not help either.
	_, err = openFile(t, o.Dirs, env(identityFileVar, "/nowhere")).Get(t.Context(), recordKey)
	if e, _ := auth.AsError(err); e == nil || e.Remedy != auth.RemedyRestoreKey {
		t.Errorf("%v", err)
	}
	// After a logout a new one is made.
	v, err := OpenToDelete(o, testAccount)
	noError(t, err)
	noError(t, v.Delete(t.Context()))
	if made, err := MakeIdentity(o.Dirs, noEnv); made != o.Dirs.Identity() || err != nil {
		t.Errorf("made %q, %v", made, err)
	}
}

// An identity that is not there yet is looked for again: a program that runs
// for days gets over a disk that is mounted late.
func TestIdentityIsLookedForAgain(t *testing.T) {
	d := testDirs(t)
	f := openFile(t, d, noEnv)
	wantErr(t, f.Set(t.Context(), recordKey, []byte("x")), auth.Store, ErrAbsent)
	_, err := MakeIdentity(d, noEnv)
	noError(t, err)
	noError(t, f.Set(t.Context(), recordKey, []byte("x")))
	if got, err := f.Get(t.Context(), recordKey); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
	// Once found, it is not read again.
	noError(t, os.Remove(d.Identity()))
	if _, err := f.Get(t.Context(), recordKey); err != nil {
		t.Error(err)
	}
}
