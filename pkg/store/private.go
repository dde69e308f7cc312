package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hauth/hauth/pkg/auth"
)

// private refuses a file that anyone but its owner, who must be this user,
// can read or replace.
func private(path string, m meta) error {
	if !checksOwners {
		return nil
	}
	if err := privateFile(path, m, os.Geteuid()); err != nil {
		return err
	}
	return privateDir(filepath.Dir(path))
}

// unchanged refuses a file that anyone but its owner, who must be this user,
// can change or replace. Others may read it.
func unchanged(path string, m meta) error {
	if !checksOwners {
		return nil
	}
	switch {
	case m.uid != os.Geteuid():
		return foreign(path, m)
	case m.mode&0o022 != 0:
		return exposed(path, m, auth.RemedyMode)
	}
	return privateDir(filepath.Dir(path))
}

func privateFile(path string, m meta, me int) error {
	switch {
	case m.uid != me:
		return foreign(path, m)
	case m.othersRead():
		return exposed(path, m, auth.RemedyMode)
	}
	return nil
}

// privateDir refuses a directory in which others can put a file of theirs in
// the place of ours. A directory that does not exist is not checked.
func privateDir(dir string) error {
	if !checksOwners {
		return nil
	}
	m, err := statDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return cannot("read", dir, err)
	}
	return privateDirMeta(dir, m, os.Geteuid())
}

func privateDirMeta(dir string, m meta, me int) error {
	switch {
	case m.othersWrite():
		return exposed(dir, m, auth.RemedyDirMode)
	case m.uid != me && m.uid != 0:
		return foreign(dir, m)
	}
	return nil
}

func exposed(path string, m meta, remedy auth.Remedy) error {
	return &auth.Error{
		Kind:   auth.Store,
		Fact:   fmt.Sprintf("refusing to use %s: permissions %04o are too open", auth.Printable(path), m.mode),
		Err:    ErrExposed,
		Remedy: remedy, Subject: path,
	}
}

func foreign(path string, m meta) error {
	return &auth.Error{
		Kind:   auth.Store,
		Fact:   fmt.Sprintf("refusing to use %s: it belongs to user %d", auth.Printable(path), m.uid),
		Err:    ErrExposed,
		Remedy: auth.RemedyOwner, Subject: path,
	}
}
