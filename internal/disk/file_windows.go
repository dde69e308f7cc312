package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

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
	file, err := openShared(f)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// The open file is examined, since the path may lead elsewhere in the
	// meantime.
	m, err := metaOfFile(file)
	if err != nil {
		return nil, err
	}
	if err := checkFile(f.Path, m, f.Others, f.Links); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(file, int64(f.Limit)+1))
	if err != nil {
		return nil, err
	}
	if len(data) > f.Limit {
		return nil, &fs.PathError{Op: "read", Path: f.Path, Err: ErrTooBig}
	}
	return data, nil
}

// openShared opens a file such that it can be replaced and deleted meanwhile;
// os.Open would stop both.
func openShared(f File) (*os.File, error) {
	fail := func(err error) (*os.File, error) { return nil, &fs.PathError{Op: "open", Path: f.Path, Err: err} }
	name, err := windows.UTF16PtrFromString(longPath(f.Path))
	if err != nil {
		return fail(err)
	}
	flags := uint32(windows.FILE_ATTRIBUTE_NORMAL)
	if !f.Links {
		flags |= windows.FILE_FLAG_OPEN_REPARSE_POINT
	}
	var handle windows.Handle
	err = whileInUse(func() error {
		handle, err = windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE,
			nil, windows.OPEN_EXISTING, flags, 0)
		return err
	})
	if err != nil {
		return fail(err)
	}
	return os.NewFile(uintptr(handle), f.Path), nil
}

func metaOfInfo(path string, _ fs.FileInfo) (meta, error) { return metaOfPath(path, false) }

func statDir(path string) (meta, error) {
	info, err := os.Stat(path)
	if err != nil {
		return meta{}, err
	}
	if !info.IsDir() {
		return meta{}, &fs.PathError{Op: "stat", Path: path, Err: windows.ERROR_DIRECTORY}
	}
	return metaOfPath(path, true)
}

// rename replaces a file, which os.Rename cannot do while a virus scanner or a
// reader that does not share it has it open, nor if it is read-only: a word about
// its content, which on Unix keeps nobody from replacing it.
func rename(from, to string) error {
	return whileInUse(func() error {
		err := os.Rename(from, to)
		if errors.Is(err, windows.ERROR_ACCESS_DENIED) && makeWritable(to) {
			err = os.Rename(from, to)
		}
		return err
	})
}

// makeWritable takes the attribute read-only from a file, and reports whether it
// had it.
func makeWritable(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o200 == 0 && os.Chmod(path, 0o600) == nil
}

func removeFile(path string) error {
	return whileInUse(func() error { return os.Remove(path) })
}

// whileInUse repeats a function for half a second, as long as its error says
// that a file is in use.
func whileInUse(call func() error) error {
	var err error
	for range 50 {
		err = call()
		if !errors.Is(err, windows.ERROR_ACCESS_DENIED) && !errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// syncDir does nothing: Windows cannot flush a directory.
func syncDir(string) error { return nil }

// The names of Unix are there too in package syscall, and a Disk.Step may use
// them; Windows itself never does.
func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) || errors.Is(err, syscall.ENOSPC)
}

func isOverQuota(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED) || errors.Is(err, syscall.EDQUOT)
}
