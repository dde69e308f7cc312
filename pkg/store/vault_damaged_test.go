package store

import (
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

// damagedInfo are account files that do not tell where the records are.
var damagedInfo = map[string]string{
	"damaged": "{",
	"empty":   "",
	"too big": strings.Repeat("x", maxAccount+1),
}

// A login over a damaged account file leaves no records in the store that the
// account may have been in before.
func TestLoginOverADamagedAccountFileSweepsTheOtherStore(t *testing.T) {
	for name, text := range damagedInfo {
		t.Run(name, func(t *testing.T) {
			for _, to := range []string{Keyring, File} {
				o, keyring, file, notices := twoStores(t)
				login(t, o, map[string]string{Keyring: File, File: Keyring}[to], "a")
				put(t, o.Dirs.AccountFile(testAccount), text)
				wantLogin(t, login(t, o, to, "b"), "b")
				left := map[string]*memory{Keyring: file, File: keyring}[to]
				if len(left.records) > 0 {
					t.Errorf("to %s: %d records are left", to, len(left.records))
				}
				if len(*notices) != 1 {
					t.Errorf("to %s: notices %q", to, *notices)
				}
			}
		})
	}
}

func TestLoginOverADamagedAccountFileWithoutAKeyring(t *testing.T) {
	for _, c := range []struct {
		err     error
		notices int
	}{
		{&auth.Error{Kind: auth.Store, Fact: "no keyring", Err: ErrAbsent, Remedy: auth.RemedyDoctor}, 1}, // that it is damaged
		{errBroken, 2}, // and that the keyring may hold records
	} {
		o, _, file, notices := twoStores(t)
		o.Backends = table(func(name string) (Backend, error) {
			if name == Keyring {
				return nil, c.err
			}
			return file, nil
		})
		put(t, o.Dirs.AccountFile(testAccount), "{")
		wantLogin(t, login(t, o, File, "a"), "a")
		if len(*notices) != c.notices {
			t.Errorf("%v: notices %q", c.err, *notices)
		}
	}
}

// A logout repairs whatever a login repairs.
func TestLogoutOfADamagedAccountFileOfAnySize(t *testing.T) {
	for name, text := range damagedInfo {
		t.Run(name, func(t *testing.T) {
			o, keyring, file, _ := twoStores(t)
			login(t, o, Keyring, "a")
			put(t, o.Dirs.AccountFile(testAccount), text)
			v, err := OpenToDelete(o, testAccount)
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Delete(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(keyring.records) + len(file.records); n > 0 || len(files(t, o.Dirs.Data)) > 0 {
				t.Errorf("left %d records, %q", n, files(t, o.Dirs.Data))
			}
		})
	}
}
