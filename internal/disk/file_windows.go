package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// The access lists that files in a profile directory inherit exclude other
// users; the mode bits that Go shows mean nothing.
const checksOwners = false

// Read reads a whole file.
func Read(f File) ([]byte, error) {
	stat := os.Stat
	if !f.Links {
		stat = os.Lstat
	}
	info, err := stat(f.Path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: f.Path, Err: ErrNotRegular}
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, int64(f.Limit)+1))
	if err != nil {
		return nil, err
	}
	if len(data) > f.Limit {
		return nil, &fs.PathError{Op: "read", Path: f.Path, Err: ErrTooBig}
	}
	return data, nil
}

func metaOfInfo(fs.FileInfo) meta { return meta{} }

func statDir(path string) (meta, error) {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "stat", Path: path, Err: windows.ERROR_DIRECTORY}
	}
	return meta{}, err
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
