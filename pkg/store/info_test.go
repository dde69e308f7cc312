package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/auth"
)

const validInfo = `{"v":1,"account":"123pan/default","store":"file","endpoint":"https://x","credential_id":"i","later":1}`

func TestReadInfo(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		cause    error
		remedy   auth.Remedy
	}{
		"newer":          {`"v":1`, `"v":9`, ErrNewer, auth.RemedyUpdate},
		"other account":  {`123pan/default`, `123pan/work`, ErrUnreadable, auth.RemedyLogin},
		"no store":       {`"file"`, `"../x"`, ErrUnreadable, auth.RemedyLogin},
		"no endpoint":    {`https://x`, ``, ErrUnreadable, auth.RemedyLogin},
		"no id":          {`"i"`, `""`, ErrUnreadable, auth.RemedyLogin},
		"truncated":      {`"later":1}`, ``, ErrUnreadable, auth.RemedyLogin},
		"time too great": {`"later":1`, `"expires_at":"9999-12-31T23:59:59-23:00"`, ErrUnreadable, auth.RemedyLogin},
		"over 8 KiB":     {`"later":1`, `"later":"` + strings.Repeat("x", maxAccount) + `"`, ErrUnreadable, auth.RemedyLogin},
	} {
		t.Run(name, func(t *testing.T) {
			d := testDirs(t)
			put(t, d.AccountFile(testAccount), validInfo)
			if i, err := Read(d, testAccount); err != nil || i.Store != File || i.Account != testAccount {
				t.Fatalf("valid: %+v, %v", i, err)
			}
			put(t, d.AccountFile(testAccount), strings.Replace(validInfo, c.old, c.new, 1))
			_, err := Read(d, testAccount)
			wantErr(t, err, auth.Store, c.cause)
			if e, _ := auth.AsError(err); e.Remedy != c.remedy || !strings.Contains(e.Fact, "123pan@default.json") {
				t.Errorf("fact %q, remedy %s", e.Fact, e.Remedy)
			}
		})
	}
	_, err := Read(testDirs(t), testAccount)
	wantErr(t, err, auth.NotFound, ErrNotFound)
	if e, _ := auth.AsError(err); e.Remedy != auth.RemedyLogin {
		t.Errorf("remedy %s", e.Remedy)
	}
	// A directory in the file's place is broken, not absent.
	d := testDirs(t)
	if err := os.MkdirAll(d.AccountFile(testAccount), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = Read(d, testAccount)
	wantErr(t, err, auth.Store, ErrNotRegular)
}

func TestList(t *testing.T) {
	d := testDirs(t)
	if all, err := List(d); len(all) != 0 || err != nil {
		t.Fatalf("without a directory: %v, %v", all, err)
	}
	for _, name := range []string{"123pan@work", "hitem3d@default", "123pan@default"} {
		put(t, filepath.Join(d.Accounts(), name+".json"), strings.Replace(validInfo, "123pan/default", strings.Replace(name, "@", "/", 1), 1))
	}
	for _, name := range []string{".DS_Store", "notes.json", "UPPER@default.json", "123pan@default.json.0123456789abcdef.tmp", "a@b.json~"} {
		put(t, filepath.Join(d.Accounts(), name), "not an account")
	}
	put(t, filepath.Join(d.Accounts(), "broken@one.json"), "{")
	put(t, filepath.Join(d.Accounts(), "broken@two.json"), "[]")
	all, err := List(d)
	var names []string
	for _, i := range all {
		names = append(names, i.Account.Full())
	}
	if got := strings.Join(names, " "); got != "123pan/default 123pan/work hitem3d/default" {
		t.Errorf("listed %s", got)
	}
	wantErr(t, err, auth.Store, ErrUnreadable)
	if joined, ok := err.(interface{ Unwrap() []error }); !ok || len(joined.Unwrap()) != 2 {
		t.Errorf("error %v, want both broken ones", err)
	}
	if err := os.RemoveAll(d.Accounts()); err != nil {
		t.Fatal(err)
	}
	put(t, d.Accounts(), "a file")
	if _, err := List(d); !auth.Is(err, auth.Store) || errors.Is(err, ErrNotFound) {
		t.Errorf("a file in the directory's place: %v", err)
	}
}

// Which stores exist is for the table to say: an account in another one is
// listed, but cannot be opened; a login replaces it, a logout deletes it.
func TestStoreThatTheTableDoesNotHave(t *testing.T) {
	o, keyring, file, notices := twoStores(t)
	other := strings.Replace(validInfo, `"file"`, `"vault"`, 1)
	put(t, o.Dirs.AccountFile(testAccount), other)
	if all, err := List(o.Dirs); err != nil || len(all) != 1 || all[0].Store != "vault" {
		t.Errorf("listed %+v, %v", all, err)
	}
	_, err := Open(o, testAccount)
	wantErr(t, err, auth.Store, ErrUnreadable)
	v := login(t, o, File, "a")
	wantNotice(t, notices, "damaged")
	if v.Info().Store != File || len(file.records) != 2 {
		t.Errorf("info %+v, %d records", v.Info(), len(file.records))
	}

	put(t, o.Dirs.AccountFile(testAccount), other)
	keyring.Set(t.Context(), Key{testAccount, ItemToken}, []byte("x"))
	v, err = OpenToDelete(o, testAccount)
	noError(t, err)
	noError(t, v.Delete(t.Context()))
	if len(keyring.records)+len(file.records) > 0 {
		t.Errorf("left %v, %v", keyring.records, file.records)
	}

	// A table with another name serves that one, too.
	o.Backends = append(o.Backends, Named{Name: "vault", Open: func() (Backend, error) { return &memory{}, nil }})
	put(t, o.Dirs.AccountFile(testAccount), other)
	_, err = Open(o, testAccount)
	noError(t, err)
}

// Account files of earlier versions have a key that nobody read.
func TestReadInfoWithLastRefresh(t *testing.T) {
	d := testDirs(t)
	put(t, d.AccountFile(testAccount), strings.Replace(validInfo, `"later":1`, `"last_refresh":"2026-01-02T03:04:05Z"`, 1))
	if _, err := Read(d, testAccount); err != nil {
		t.Error(err)
	}
}
