//go:build unix

package disk

import (
	"errors"
	"io/fs"
	"syscall"
)

func tryLock(path string) (release func(), err error) {
	for {
		fd, err := openLock(path)
		if err != nil {
			return nil, err
		}
		switch err := flock(fd, path); err {
		case nil:
			return func() {
				// Closing alone would not end the lock while a forked child has the
				// descriptor open.
				syscall.Flock(fd, syscall.LOCK_UN)
				syscall.Close(fd)
			}, nil
		case errReplaced:
			syscall.Close(fd)
		case syscall.EWOULDBLOCK:
			syscall.Close(fd)
			return nil, ErrHeld
		default:
			syscall.Close(fd)
			return nil, &fs.PathError{Op: "flock", Path: path, Err: err}
		}
	}
}

// errReplaced is what flock returns for a file that was deleted or renamed after
// it was opened. hauth does neither, but a clean-up of the directory may, and a
// lock on a file that no other process finds excludes nobody.
var errReplaced = errors.New("the lock file was replaced")

func flock(fd int, path string) error {
	if _, err := retry(func() (int, error) { return 0, syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) }); err != nil {
		return err
	}
	var mine, there syscall.Stat_t
	if err := syscall.Fstat(fd, &mine); err != nil {
		return err
	}
	switch err := syscall.Lstat(path, &there); {
	case err == syscall.ENOENT:
		return errReplaced
	case err != nil:
		return err
	case mine.Dev != there.Dev || mine.Ino != there.Ino:
		return errReplaced
	}
	return nil
}

func openLock(path string) (int, error) {
	const flags = syscall.O_RDWR | syscall.O_CREAT | syscall.O_NOFOLLOW | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	fd, err := retry(func() (int, error) { return syscall.Open(path, flags, 0o600) })
	if err == syscall.ELOOP || err == syscall.EMLINK { // a link; FreeBSD says EMLINK
		err = ErrNotRegular
	}
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	if err := checkLock(fd, path); err != nil {
		syscall.Close(fd)
		return 0, err
	}
	return fd, nil
}

func checkLock(fd int, path string) error {
	var st syscall.Stat_t
	err := syscall.Fstat(fd, &st)
	if err == nil && st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		err = ErrNotRegular
	}
	if err != nil {
		return &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return checkFile(path, metaOf(&st), MayRead, false)
}
