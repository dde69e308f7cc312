//go:build unix

package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// Read reads a whole file. It uses system calls directly because os.Open
// registers every file with the poller, which is a noticeable part of a
// process that lives for a millisecond.
func Read(f File) ([]byte, error) {
	fail := func(op string, err error) ([]byte, error) {
		return nil, &fs.PathError{Op: op, Path: f.Path, Err: err}
	}
	fd, err := retry(func() (int, error) { return syscall.Open(f.Path, openFlags(f), 0) })
	if err != nil {
		// Linux and macOS say ELOOP for a refused link, FreeBSD says EMLINK.
		if !f.Links && (err == syscall.ELOOP || err == syscall.EMLINK) {
			err = ErrNotRegular
		}
		return fail("open", err)
	}
	defer syscall.Close(fd)
	// The open file is examined, since the path may lead elsewhere in the
	// meantime.
	var st syscall.Stat_t
	if _, err := retry(func() (int, error) { return 0, syscall.Fstat(fd, &st) }); err != nil {
		return fail("stat", err)
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return fail("read", ErrNotRegular)
	}
	if err := checkFile(f.Path, metaOf(&st), f.Others, f.Links); err != nil {
		return nil, err
	}
	if st.Size > int64(f.Limit) {
		return fail("read", ErrTooBig)
	}
	// With one byte more than the size, the last read returns 0. hauth replaces
	// files as a whole, so a file that grows meanwhile is not one of its own.
	buf := make([]byte, st.Size+1)
	n := 0
	for n < len(buf) {
		got, err := retry(func() (int, error) { return syscall.Read(fd, buf[n:]) })
		if err != nil {
			return fail("read", err)
		}
		if got == 0 {
			return buf[:n], nil
		}
		n += got
	}
	return fail("read", ErrTooBig)
}

// openFlags are the flags to open f with. Without O_NONBLOCK, opening a pipe
// waits for a writer.
func openFlags(f File) int {
	flags := syscall.O_RDONLY | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	if !f.Links {
		flags |= syscall.O_NOFOLLOW
	}
	return flags
}

func metaOf(st *syscall.Stat_t) meta {
	return meta{mode: uint32(st.Mode) & 0o7777, uid: int(st.Uid)}
}

func metaOfInfo(_ string, info fs.FileInfo) (meta, error) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return meta{uid: -1}, nil
	}
	return metaOf(st), nil
}

// tooOpen says what is wrong with m.
func tooOpen(m meta) string { return fmt.Sprintf("permissions %04o are too open", m.mode) }

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

func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}

func createPrivate(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func mkdirAll(dir string) error { return os.MkdirAll(dir, 0o700) }

func rename(from, to string) error { return os.Rename(from, to) }

func removeFile(path string) error { return os.Remove(path) }

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

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) }

func isOverQuota(err error) bool { return errors.Is(err, syscall.EDQUOT) }
