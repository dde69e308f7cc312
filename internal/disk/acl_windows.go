package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// privateAttributes are the security attributes of what hauth creates: only this
// user, the system and the administrators have access, and nothing is inherited
// from a directory. This corresponds to 0600 on Unix, which does not keep root
// out either.
func privateAttributes() (*windows.SecurityAttributes, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	sd, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;" + user.User.Sid.String() + ")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
	if err != nil {
		return nil, err
	}
	return &windows.SecurityAttributes{Length: uint32(unsafe.Sizeof(windows.SecurityAttributes{})), SecurityDescriptor: sd}, nil
}

// everybody lists the groups to which every user of a machine or a domain
// belongs, or one who is not logged in. An access list that names other users
// or groups is the owner's own choice, and is respected.
var everybody = [...]windows.WELL_KNOWN_SID_TYPE{
	windows.WinWorldSid, windows.WinAuthenticatedUserSid, windows.WinBuiltinUsersSid,
	windows.WinInteractiveSid, windows.WinNetworkSid, windows.WinAnonymousSid, windows.WinBuiltinGuestsSid,
}

func isEverybody(sid *windows.SID) bool {
	for _, group := range everybody {
		if sid.IsWellKnown(group) {
			return true
		}
	}
	return isDomainUsers(sid)
}

// isDomainUsers reports whether sid is S-1-5-21-…-513, whatever the domain.
func isDomainUsers(sid *windows.SID) bool {
	const ntNonUnique, domainUsers = 21, 513
	return sid.IdentifierAuthority() == windows.SECURITY_NT_AUTHORITY && sid.SubAuthorityCount() == 5 &&
		sid.SubAuthority(0) == ntNonUnique && sid.SubAuthority(4) == domainUsers
}

// What an entry of an access list may allow, in the terms of this package. Who
// may delete a file may put another one in its place.
const (
	aclRead        = windows.FILE_READ_DATA | windows.GENERIC_READ | windows.GENERIC_ALL
	aclTakeOver    = windows.WRITE_DAC | windows.WRITE_OWNER | windows.DELETE | windows.GENERIC_ALL
	aclWriteFile   = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.GENERIC_WRITE | aclTakeOver
	aclChangeInDir = fileDeleteChild | aclTakeOver // adding a file is harmless, as in a sticky directory

	fileDeleteChild = 0x40 // FILE_DELETE_CHILD
)

// metaOf translates an access list to Unix: the mode has the bits of others
// for what everybody may do. The owner is taken to be this user, since
// whatever an owner grants is in the list.
func metaOf(sd *windows.SECURITY_DESCRIPTOR, isDir bool) (meta, error) {
	m := meta{mode: 0o600, uid: os.Geteuid()}
	acl, _, err := sd.DACL()
	if errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) || err == nil && acl == nil {
		m.mode |= 0o066 // without a list everybody may do everything
		return m, nil
	}
	if err != nil {
		return m, err
	}
	write := windows.ACCESS_MASK(aclWriteFile)
	if isDir {
		write = aclChangeInDir
	}
	for i := range uint32(acl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(acl, i, &ace); err != nil {
			return m, err
		}
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 {
			continue // entries that deny are ignored: they never make a file more open
		}
		if !isEverybody((*windows.SID)(unsafe.Pointer(&ace.SidStart))) {
			continue
		}
		if ace.Mask&aclRead != 0 {
			m.mode |= 0o004
		}
		if ace.Mask&write != 0 {
			m.mode |= 0o002
		}
	}
	return m, nil
}

// tooOpen says what is wrong with m. Windows has no mode that could be shown.
func tooOpen(m meta) string {
	if m.mode&othersWrite != 0 {
		return "other users can change it"
	}
	return "other users can read it"
}

func metaOfPath(path string, isDir bool) (meta, error) {
	sd, err := windows.GetNamedSecurityInfo(longPath(path), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return meta{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	return metaOf(sd, isDir)
}

func metaOfFile(f *os.File) (meta, error) {
	sd, err := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	var m meta
	if err == nil {
		m, err = metaOf(sd, false)
	}
	if err != nil {
		return m, &fs.PathError{Op: "stat", Path: f.Name(), Err: err}
	}
	return m, nil
}

// createPrivate creates a file that does not exist yet, for writing.
func createPrivate(path string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(longPath(path))
	var attributes *windows.SecurityAttributes
	if err == nil {
		attributes, err = privateAttributes()
	}
	var handle windows.Handle
	if err == nil {
		handle, err = windows.CreateFile(name, windows.GENERIC_WRITE, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
			attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(handle), path), nil
}

// mkdirAll creates a directory and its parents, unless they exist.
func mkdirAll(dir string) error {
	fail := func(err error) error { return &fs.PathError{Op: "mkdir", Path: dir, Err: err} }
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return fail(windows.ERROR_DIRECTORY)
		}
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := mkdirAll(parent); err != nil {
			return err
		}
	}
	name, err := windows.UTF16PtrFromString(longPath(dir))
	if err != nil {
		return fail(err)
	}
	attributes, err := privateAttributes()
	if err != nil {
		return fail(err)
	}
	err = windows.CreateDirectory(name, attributes)
	if errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		if info, e := os.Stat(dir); e == nil && info.IsDir() {
			return nil // another process made it
		}
	}
	if err != nil {
		return fail(err)
	}
	return nil
}

// longPath is path in the form that may be longer than 260 characters, if it is
// nearly as long. Package os does so by itself, but the functions that are
// called directly here do not.
func longPath(path string) string {
	const short = 240 // a directory must leave room for a name of eight letters and an extension
	if len(path) < short || strings.HasPrefix(path, `\\?\`) {
		return path
	}
	full, err := filepath.Abs(path) // with backslashes, and without "..": this form allows neither slashes nor ".."
	if err != nil {
		return path
	}
	if rest, ok := strings.CutPrefix(full, `\\`); ok {
		return `\\?\UNC\` + rest
	}
	return `\\?\` + full
}
