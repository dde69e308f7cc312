package disk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/hauth/hauth/pkg/auth"
)

// notDirectory is not syscall.ENOTDIR, which on Windows is also an error for a
// missing file.
const notDirectory = windows.ERROR_DIRECTORY

// What an access list allows everybody, whatever file system shows it.
func TestMetaOf(t *testing.T) {
	const owner = "S-1-5-21-1-2-3-1001"
	for _, c := range []struct {
		name, list string
		file, dir  uint32 // mode
	}{
		{"private", "D:P(A;OICI;FA;;;" + owner + ")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", 0o600, 0o600},
		{"empty: nobody may do anything", "D:P", 0o600, 0o600},
		{"another user, by name", "D:(A;;FA;;;S-1-5-21-1-2-3-1002)", 0o600, 0o600},
		{"Everyone reads", "D:(A;;FR;;;WD)", 0o604, 0o604},
		{"Everyone, by a generic right", "D:(A;;GR;;;WD)", 0o604, 0o604},
		{"Everyone sees the attributes", "D:(A;;0x80;;;WD)", 0o600, 0o600},
		{"Users read and execute, as in C:\\", "D:(A;OICI;0x1200a9;;;BU)", 0o604, 0o604},
		{"authenticated users modify, as below C:\\", "D:(A;ID;0x1301bf;;;AU)", 0o606, 0o606},
		{"everybody of the domain writes", "D:(A;;FW;;;S-1-5-21-1-2-3-513)", 0o602, 0o600},
		{"Users add files", "D:(A;;0x6;;;BU)", 0o602, 0o600},
		{"Users delete what is inside", "D:(A;;0x40;;;BU)", 0o600, 0o602},
		{"guests may become owner", "D:(A;;WO;;;BG)", 0o602, 0o602},
		{"for files that are not there yet", "D:(A;OICIIO;FA;;;WD)", 0o600, 0o600},
		{"what is denied does not count", "D:(D;;FA;;;WD)(A;;FR;;;WD)", 0o604, 0o604},
	} {
		sd, err := windows.SecurityDescriptorFromString(c.list)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for isDir, want := range map[bool]uint32{false: c.file, true: c.dir} {
			if m, err := metaOf(sd, isDir); err != nil || m.mode != want || m.uid != os.Geteuid() {
				t.Errorf("%s, directory %v: %04o of %d, %v; want %04o", c.name, isDir, m.mode, m.uid, err, want)
			}
		}
	}
}

// Without a list everybody may do everything.
func TestMetaOfNoList(t *testing.T) {
	for _, present := range []bool{true, false} {
		sd, err := windows.NewSecurityDescriptor()
		if err == nil {
			err = sd.SetDACL(nil, present, false)
		}
		if err != nil {
			t.Fatal(err)
		}
		if m, err := metaOf(sd, false); err != nil || m.mode != 0o666 {
			t.Errorf("present %v: %04o, %v", present, m.mode, err)
		}
	}
}

// openDir makes a directory in which other programs would create files that
// everybody can access.
func openDir(t *testing.T) string {
	t.Helper()
	sd, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "open")
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.CreateDirectory(name, &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: sd}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// strangers are those whom a file's access list names, besides this user, the
// system and administrators.
func strangers(t *testing.T, path string) []string {
	t.Helper()
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range strings.Split(sd.String(), "(")[1:] {
		fields := strings.Split(strings.TrimSuffix(entry, ")"), ";")
		if who := fields[len(fields)-1]; who != "SY" && who != "BA" && who != user.User.Sid.String() {
			found = append(found, who)
		}
	}
	return found
}

func TestMadeFilesArePrivate(t *testing.T) {
	open := openDir(t)
	// Wine makes any file private where its umask is 077: there, this test shows
	// nothing.
	plain := filepath.Join(open, "plain")
	if err := os.WriteFile(plain, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if strangers(t, plain) == nil && os.Getenv("HAUTH_WINE_UMASK") != "" {
		t.Fatal("a file that takes its access from its directory is private")
	}
	dir := filepath.Join(open, "a", "b")
	path, lock := filepath.Join(dir, "file"), filepath.Join(dir, "lock")
	if err := (Disk{}).Write(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	release, err := Disk{}.TryLock(lock)
	if err != nil {
		t.Fatal(err)
	}
	release()
	named := filepath.Join(openDir(t), "named")
	f, err := OpenPrivate(named, os.O_WRONLY|os.O_APPEND)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, made := range []string{path, lock, named, dir, filepath.Dir(dir)} {
		if who := strangers(t, made); who != nil {
			t.Errorf("%s: %s", made, who)
		}
	}
}

func TestOpenFilesAreRefused(t *testing.T) {
	dir := openDir(t)
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	set := func(path, list string) {
		t.Helper()
		sd, err := windows.SecurityDescriptorFromString(list)
		if err != nil {
			t.Fatal(err)
		}
		acl, _, err := sd.DACL()
		if err == nil {
			err = windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, acl, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	mine := "(A;;FA;;;" + user.User.Sid.String() + ")"
	for _, c := range []struct {
		dir, file string
		others    Access
		remedy    auth.Remedy
	}{
		{"", "", MayNothing, ""},
		{"", "(A;;FR;;;WD)", MayNothing, auth.RemedyMode},
		{"", "(A;;FR;;;WD)", MayRead, ""},
		{"", "(A;;FRFW;;;WD)", MayRead, auth.RemedyMode},
		{"(A;;FA;;;WD)", "", MayNothing, auth.RemedyDirMode},
		{"(A;;FA;;;WD)", "(A;;FR;;;WD)", MayNothing, auth.RemedyModes},
		{"(A;;FA;;;WD)", "(A;;FA;;;WD)", MayChange, ""},
	} {
		set(path, "D:P"+mine+c.file)
		set(dir, "D:P"+mine+c.dir)
		_, err := Read(File{Path: path, Limit: 10, Others: c.others})
		if c.remedy == "" {
			if err != nil {
				t.Errorf("directory %q, file %q: %v", c.dir, c.file, err)
			}
			continue
		}
		if e := wantErr(t, err, ErrExposed); e.Remedy != c.remedy {
			t.Errorf("directory %q, file %q: remedy %s, want %s", c.dir, c.file, e.Remedy, c.remedy)
		}
	}
}

// Paths longer than 260 characters are written, read, locked and deleted.
func TestLongPaths(t *testing.T) {
	dir := t.TempDir()
	for range 4 {
		dir = filepath.Join(dir, strings.Repeat("long", 25))
	}
	path := filepath.Join(dir, "file")
	if err := (Disk{}).Write(path, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := (Disk{}).Write(path, []byte("y")); err != nil {
		t.Fatal(err)
	}
	if data, err := Read(File{Path: path, Limit: 10}); err != nil || string(data) != "y" {
		t.Errorf("%q, %v", data, err)
	}
	release, err := Disk{}.TryLock(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Disk{}).TryLock(path + ".lock"); err != ErrHeld {
		t.Errorf("locked twice: %v", err)
	}
	release()
	if err := (Disk{}).Remove(path); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("deleted: %v", err)
	}
}

// A file that another program has open without sharing it is waited for.
func TestFileInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	hold := func() windows.Handle {
		h, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	tried := 0
	during := func(step string) Disk {
		h := hold()
		return Disk{Step: func(op, _ string) error {
			if op == step {
				tried++
				go windows.CloseHandle(h)
			}
			return nil
		}}
	}
	if err := during("rename").Write(path, []byte("new")); err != nil {
		t.Errorf("replacing it: %v", err)
	}
	h := hold()
	go windows.CloseHandle(h)
	if data, err := Read(File{Path: path, Limit: 10}); err != nil || string(data) != "new" {
		t.Errorf("reading it: %q, %v", data, err)
	}
	if err := during("remove").Remove(path); err != nil {
		t.Errorf("deleting it: %v", err)
	}
	if tried != 2 {
		t.Errorf("%d steps", tried)
	}
	if _, err := Read(File{Path: path, Limit: 10}); !os.IsNotExist(err) {
		t.Errorf("after that: %v", err)
	}
}
