package disk

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

func tryLock(path string) (release func(), err error) {
	if made, err := createPrivate(path); err == nil {
		made.Close()
	}
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o600) // it may be read-only
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: path, Err: ErrNotRegular}
	}
	m, err := metaOfFile(f)
	if err == nil {
		err = checkFile(path, m, MayRead, false)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	handle := windows.Handle(f.Fd())
	err = windows.LockFileEx(handle, flags, 0, 1, 0, new(windows.Overlapped))
	if err != nil {
		f.Close()
		if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
			return nil, ErrHeld
		}
		return nil, &fs.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() {
		windows.UnlockFileEx(handle, 0, 1, 0, new(windows.Overlapped))
		f.Close()
	}, nil
}
