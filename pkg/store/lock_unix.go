//go:build unix

package store

import (
	"errors"
	"io/fs"
	"syscall"
)

// tryLock takes the lock file at path, which it makes if there is none. The
// lock ends with the release or with the process, however that ends.
func tryLock(path string) (release func(), err error) {
	for {
		fd, err := openLock(path)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
		switch err := flock(fd); err {
		case nil:
			return func() {
				// A child that was started without exec shares the descriptor, so
				// closing alone might not end the lock.
				syscall.Flock(fd, syscall.LOCK_UN)
				syscall.Close(fd)
			}, nil
		case errNameless:
			syscall.Close(fd)
		case syscall.EWOULDBLOCK:
			syscall.Close(fd)
			return nil, errHeld
		default:
			syscall.Close(fd)
			return nil, &fs.PathError{Op: "flock", Path: path, Err: err}
		}
	}
}

// errNameless is what flock returns for a file that was deleted after it was
// opened. hauth never deletes a lock file, but whoever tidies the directory
// may: a lock that nobody else can find excludes nobody.
var errNameless = errors.New("the lock file was deleted")

func flock(fd int) error {
	if _, err := retry(func() (int, error) { return 0, syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) }); err != nil {
		return err
	}
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return err
	}
	if st.Nlink == 0 {
		return errNameless
	}
	return nil
}

func openLock(path string) (int, error) {
	const flags = syscall.O_RDWR | syscall.O_CREAT | syscall.O_NOFOLLOW | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	fd, err := retry(func() (int, error) { return syscall.Open(path, flags, 0o600) })
	switch err {
	case nil:
	case syscall.ELOOP, syscall.EMLINK: // a link; FreeBSD says EMLINK
		return 0, ErrNotRegular
	default:
		return 0, err
	}
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		syscall.Close(fd)
		return 0, err
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		syscall.Close(fd)
		return 0, ErrNotRegular
	}
	return fd, nil
}
