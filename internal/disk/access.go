package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hauth/hauth/pkg/auth"
)

// Access is what others than this user and root may do to a file. The zero
// Access is the strictest.
type Access int

const (
	MayNothing Access = iota
	MayRead           // but neither change nor replace it
	MayChange         // not checked
)

// meta is the owner and the mode of a file or directory. On Windows it is
// empty, since access lists are not examined.
type meta struct {
	mode uint32 // POSIX permission bits, with the sticky bit
	uid  int
}

const (
	sticky      = 0o1000
	othersWrite = 0o022
	othersAny   = 0o077
)

// checkFile refuses the open file at path if others may do more to it than
// access says, or may put another file in its place.
func checkFile(path string, m meta, access Access, linked bool) error {
	if !checksOwners || access == MayChange {
		return nil
	}
	if err := checkFileMeta(path, m, access, os.Geteuid()); err != nil {
		return err
	}
	if err := CheckDir(filepath.Dir(path)); err != nil || !linked {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	return CheckDir(filepath.Dir(real))
}

func checkFileMeta(path string, m meta, access Access, me int) error {
	tooMuch := uint32(othersAny)
	if access == MayRead {
		tooMuch = othersWrite
	}
	switch {
	case m.uid != me && m.uid != 0:
		return foreign(path, m)
	case m.mode&tooMuch != 0:
		return exposed(path, m, auth.RemedyMode)
	}
	return nil
}

// CheckDir refuses a directory in which other users could replace a file of this
// user's. In a sticky one, such as /tmp, they cannot. A directory that does not
// exist is not refused.
func CheckDir(dir string) error {
	if !checksOwners {
		return nil
	}
	m, err := statDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return Cannot("read", dir, err)
	}
	return checkDirMeta(dir, m, os.Geteuid())
}

func checkDirMeta(dir string, m meta, me int) error {
	switch {
	case m.uid != me && m.uid != 0:
		return foreign(dir, m)
	case m.mode&othersWrite != 0 && m.mode&sticky == 0:
		return exposed(dir, m, auth.RemedyDirMode)
	}
	return nil
}

// IsOwnDir reports whether path is a directory that belongs to this user and
// that no other user can write to.
func IsOwnDir(path string) bool {
	m, err := statDir(path)
	return err == nil && (!checksOwners || m.uid == os.Geteuid() && m.mode&othersWrite == 0)
}

func exposed(path string, m meta, remedy auth.Remedy) error {
	return refused(path, remedy, fmt.Sprintf("permissions %04o are too open", m.mode))
}

func foreign(path string, m meta) error {
	return refused(path, auth.RemedyOwner, fmt.Sprintf("it belongs to user %d", m.uid))
}

func refused(path string, remedy auth.Remedy, why string) error {
	return &auth.Error{
		Kind:   auth.Store,
		Fact:   "refusing to use " + auth.Printable(path),
		Err:    refusal(why),
		Remedy: remedy, Subject: path,
	}
}

// refusal is ErrExposed with the reason.
type refusal string

func (r refusal) Error() string { return string(r) }
func (r refusal) Unwrap() error { return ErrExposed }
