package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hauth/hauth/pkg/auth"
)

// Access is what users other than this one and root may do to a file. The
// zero Access is the strictest.
type Access int

const (
	MayNothing Access = iota
	MayRead           // but neither change nor replace it
	MayChange         // not checked
)

// meta is the owner and the mode of a file or directory. On Windows the mode
// stands for what the access list allows everybody, and the owner is not
// checked.
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
	if access == MayChange {
		return nil
	}
	me := os.Geteuid()
	fileErr := checkFileMeta(path, m, access, me)
	named, dirErr := checkDirsOf(path, linked)
	file, isFile := auth.AsError(fileErr)
	dir, isDir := auth.AsError(dirErr)
	switch {
	case fileErr == nil:
		return dirErr
	case isFile && isDir && file.Remedy == auth.RemedyMode && dir.Remedy == auth.RemedyDirMode:
		// One command fixes both, which is what a system with umask 002
		// needs.
		file.Remedy, file.Subject = auth.RemedyModes, named
	}
	return fileErr
}

func checkFileMeta(path string, m meta, access Access, me int) error {
	tooMuch := uint32(othersAny)
	if access == MayRead {
		tooMuch = othersWrite
	}
	switch {
	case m.uid != me && m.uid != 0:
		return foreign(path, m, me)
	case m.mode&tooMuch != 0:
		return exposed(path, m, auth.RemedyMode)
	}
	return nil
}

// maxLinks is how many symbolic links are followed, as in the kernel.
const maxLinks = 40

// checkDirsOf checks the directory of path and, if links are followed, that of
// each file that the links lead to. If there is an error, named is the link or
// the file in the directory that was refused.
func checkDirsOf(path string, linked bool) (named string, err error) {
	for range maxLinks {
		dir := filepath.Dir(path)
		if err := CheckDir(dir); err != nil || !linked {
			return path, err
		}
		target, err := os.Readlink(path)
		if err != nil {
			return path, nil // it is not a link
		}
		if !filepath.IsAbs(target) {
			// ".." in the target is relative to the real location of dir.
			if dir, err = filepath.EvalSymlinks(dir); err != nil {
				return path, Cannot("read", path, err)
			}
			target = filepath.Join(dir, target)
		}
		path = target
	}
	return path, Cannot("read", path, ErrNotRegular)
}

// CheckDir refuses a directory in which other users could replace a file of this
// user's. In a sticky one, such as /tmp, they cannot. A directory that does not
// exist is not refused.
func CheckDir(dir string) error {
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
		return foreign(dir, m, me)
	case m.mode&othersWrite != 0 && m.mode&sticky == 0:
		return exposed(dir, m, auth.RemedyDirMode)
	}
	return nil
}

// Check refuses a file, which may be a link, if it is not a regular file, or
// if others may do more to it than access says. The file is not opened.
func Check(path string, access Access) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &fs.PathError{Op: "stat", Path: path, Err: ErrNotRegular}
	}
	m, err := metaOfInfo(path, info)
	if err != nil {
		return err
	}
	return checkFile(path, m, access, true)
}

// CheckHome refuses, for root, directories that belong to another user, and
// those that would be created in a directory of another user. With sudo, HOME
// may be the user's: files that root made there would lock the user out.
func CheckHome(dirs ...string) error {
	me := os.Geteuid()
	if me != 0 {
		return nil
	}
	for _, dir := range dirs {
		if err := checkHome(dir, me); err != nil {
			return err
		}
	}
	return nil
}

// checkHome checks the nearest directory that exists.
func checkHome(dir string, me int) error {
	for {
		m, err := statDir(dir)
		if err == nil && m.uid != me {
			return foreign(dir, m, me)
		}
		parent := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || parent == dir {
			return nil // other errors show when the directory is used
		}
		dir = parent
	}
}

// IsOwnDir reports whether path is a directory that belongs to this user and
// that no other user can write to.
func IsOwnDir(path string) bool {
	m, err := statDir(path)
	return err == nil && m.uid == os.Geteuid() && m.mode&othersWrite == 0
}

func exposed(path string, m meta, remedy auth.Remedy) error {
	return refused(path, remedy, tooOpen(m))
}

func foreign(path string, m meta, me int) error {
	remedy := auth.RemedyOwner
	if me == 0 {
		remedy = auth.RemedySudo
	}
	return refused(path, remedy, fmt.Sprintf("it belongs to user %d", m.uid))
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
