//go:build unix

package store

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

const checksOwners = true

// readRegular reads a whole file of at most limit bytes. It uses system calls
// directly because os.Open registers every file with the poller, which is a
// noticeable part of a process that lives for a millisecond.
//
// O_NONBLOCK keeps the open of a pipe without writer from waiting for ever.
func readRegular(path string, limit int, follow bool) ([]byte, meta, error) {
	flags := syscall.O_RDONLY | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	if !follow {
		flags |= syscall.O_NOFOLLOW
	}
	fd, err := retry(func() (int, error) { return syscall.Open(path, flags, 0) })
	if err != nil {
		// Linux and macOS say ELOOP for a refused link, FreeBSD says EMLINK.
		if !follow && (err == syscall.ELOOP || err == syscall.EMLINK) {
			err = ErrNotRegular
		}
		return nil, meta{}, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer syscall.Close(fd)
	var st syscall.Stat_t
	if _, err := retry(func() (int, error) { return 0, syscall.Fstat(fd, &st) }); err != nil {
		return nil, meta{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	m := metaOf(&st)
	if st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return nil, m, &fs.PathError{Op: "read", Path: path, Err: ErrNotRegular}
	}
	if st.Size > int64(limit) {
		return nil, m, &fs.PathError{Op: "read", Path: path, Err: ErrTooBig}
	}
	// One byte more than the size lets the read after the last one return 0.
	// Files are replaced whole, so one that grows meanwhile is not ours.
	buf := make([]byte, st.Size+1)
	n := 0
	for n < len(buf) {
		got, err := retry(func() (int, error) { return syscall.Read(fd, buf[n:]) })
		if err != nil {
			return nil, meta{}, &fs.PathError{Op: "read", Path: path, Err: err}
		}
		if got == 0 {
			return buf[:n], m, nil
		}
		n += got
	}
	return nil, m, &fs.PathError{Op: "read", Path: path, Err: ErrTooBig}
}

func metaOf(st *syscall.Stat_t) meta {
	return meta{mode: uint32(st.Mode) & 0o7777, uid: int(st.Uid)}
}

// statDir returns the metadata of the directory at path.
func statDir(path string) (meta, error) {
	var st syscall.Stat_t
	if _, err := retry(func() (int, error) { return 0, syscall.Stat(path, &st) }); err != nil {
		return meta{}, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFDIR {
		return meta{}, &fs.PathError{Op: "stat", Path: path, Err: syscall.ENOTDIR}
	}
	return metaOf(&st), nil
}

// ownDirectory reports whether path is a directory that belongs to this user
// and that nobody else can write to.
func ownDirectory(path string) bool {
	m, err := statDir(path)
	return err == nil && m.uid == os.Geteuid() && m.mode&0o022 == 0
}

func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}

func rename(from, to string) error { return os.Rename(from, to) }

// syncDir makes a rename in dir durable. Some file systems cannot sync a
// directory and need not.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}
