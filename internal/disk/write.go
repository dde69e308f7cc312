package disk

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Write replaces the file at path by one with data, or leaves it unchanged. It
// creates missing directories with mode 0700, the file with 0600, or on Windows
// with access lists that let no other user in. The error is
// an [auth.Error] of kind Store that names path and reason.
func (d Disk) Write(path string, data []byte) error { return d.WriteIf(path, data, nil) }

// WriteIf is Write, but calls precheck, unless it is nil, directly before the
// file is replaced, and returns its error without replacing the file.
func (d Disk) WriteIf(path string, data []byte, precheck func() error) error {
	tmp, err := d.WriteTemp(path, data)
	if err != nil {
		return err
	}
	if precheck != nil {
		if err := precheck(); err != nil {
			d.remove(tmp)
			return err
		}
	}
	if err := d.rename(tmp, path); err != nil {
		d.remove(tmp)
		return Cannot("write", path, err)
	}
	dir := filepath.Dir(path)
	if err := d.syncDir(dir); err != nil {
		return Cannot("write", path, err)
	}
	d.sweep(dir)
	return nil
}

// WriteTemp writes data, synced, to a new file next to path and returns its name.
// This also shows whether path can be written.
func (d Disk) WriteTemp(path string, data []byte) (string, error) {
	if err := d.Mkdir(filepath.Dir(path)); err != nil {
		return "", Cannot("write", path, err)
	}
	tmp, err := d.writeTemp(path, data)
	if err != nil {
		return "", Cannot("write", path, err)
	}
	return tmp, nil
}

func (d Disk) writeTemp(path string, data []byte) (string, error) {
	var random [8]byte
	rand.Read(random[:])
	tmp := path + "." + hex.EncodeToString(random[:]) + tempSuffix
	if err := d.before("create", tmp); err != nil {
		return "", err
	}
	f, err := createPrivate(tmp)
	if err != nil {
		return "", err
	}
	if err = d.before("write", tmp); err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		if err = d.before("sync", tmp); err == nil {
			err = f.Sync()
		}
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		d.remove(tmp)
		return "", err
	}
	return tmp, nil
}

// OpenPrivate is os.OpenFile for a file that may be anywhere, such as one that
// the user names. If it is a new one, no other user can open it.
func OpenPrivate(path string, flag int) (*os.File, error) {
	made, err := createPrivate(path)
	switch {
	case err == nil:
		made.Close()
	case !errors.Is(err, fs.ErrExist):
		return nil, err
	}
	return os.OpenFile(path, flag|os.O_CREATE, 0o600)
}

// WriteNew is Write for a file that does not exist yet. If it does, it stays as
// it is, and the error has fs.ErrExist in its chain.
func (d Disk) WriteNew(path string, data []byte) error {
	tmp, err := d.WriteTemp(path, data)
	if err != nil {
		return err
	}
	defer d.remove(tmp)
	// If another process has created the file in the meantime, link fails, while
	// rename would replace it.
	err = d.link(tmp, path)
	if err == nil {
		err = d.syncDir(filepath.Dir(path))
	}
	if err != nil {
		return Cannot("write", path, err)
	}
	return nil
}

// link gives the file at from a second name, to. On a file system without
// links it renames the file, unless to exists.
func (d Disk) link(from, to string) error {
	if err := d.before("link", to); err != nil {
		return err
	}
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, e := os.Lstat(to); e == nil {
		return fs.ErrExist
	}
	return rename(from, to)
}

// Mkdir creates a directory and its parents, unless they exist, and refuses one
// in which other users could replace files.
func (d Disk) Mkdir(dir string) error {
	if err := d.before("mkdir", dir); err != nil {
		return err
	}
	if err := CheckHome(dir); err != nil {
		return err
	}
	if err := mkdirAll(dir); err != nil {
		return err
	}
	return CheckDir(dir)
}

func (d Disk) rename(from, to string) error {
	if err := d.before("rename", to); err != nil {
		return err
	}
	return rename(from, to)
}

func (d Disk) syncDir(dir string) error {
	if err := d.before("syncdir", dir); err != nil {
		return err
	}
	return syncDir(dir)
}

// Remove deletes a file, if it exists.
func (d Disk) Remove(path string) error {
	if err := d.remove(path); err != nil {
		return Cannot("delete", path, err)
	}
	return nil
}

func (d Disk) remove(path string) error {
	if err := d.before("remove", path); err != nil {
		return err
	}
	if err := removeFile(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}
