package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// Windows keeps other users out by access lists that a profile directory's
// files inherit; the mode bits that Go shows say nothing.
const checksOwners = false

func readRegular(path string, limit int, follow bool) ([]byte, meta, error) {
	stat := os.Stat
	if !follow {
		stat = os.Lstat
	}
	info, err := stat(path)
	if err != nil {
		return nil, meta{}, err
	}
	if !info.Mode().IsRegular() {
		return nil, meta{}, &fs.PathError{Op: "read", Path: path, Err: ErrNotRegular}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, meta{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, meta{}, err
	}
	if len(data) > limit {
		return nil, meta{}, &fs.PathError{Op: "read", Path: path, Err: ErrTooBig}
	}
	return data, meta{}, nil
}

func statDir(path string) (meta, error) {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "stat", Path: path, Err: windows.ERROR_DIRECTORY}
	}
	return meta{}, err
}

func ownDirectory(path string) bool {
	_, err := statDir(path)
	return err == nil
}

// rename tries again for a moment: the target cannot be replaced while a
// reader or a virus scanner has it open.
func rename(from, to string) error {
	var err error
	for range 50 {
		err = os.Rename(from, to)
		if !errors.Is(err, windows.ERROR_ACCESS_DENIED) && !errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// syncDir does nothing: Windows cannot flush a directory.
func syncDir(string) error { return nil }
