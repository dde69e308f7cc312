// Package disk reads, replaces and locks the files that hauth keeps. It is the
// one place that knows how to do so safely, and who may change a file.
//
// [Read] opens no pipe, device or link by mistake, and holds no more than a
// bounded number of bytes. [Disk.Write] replaces a file by renaming a complete
// one over it. Both refuse a file or directory that another user could change
// or replace; what belongs to root counts as this user's own. On
// Windows access lists that a profile directory's files inherit keep others
// out; there nothing is refused.
//
// Every error is an [auth.Error] of kind Store, or one of the errors below in
// a [fs.PathError], for which [Cannot] has words.
package disk

import "errors"

// Disk is how the file system is changed. The zero Disk is the real one.
type Disk struct {
	// Step, when set, is asked before each change and can fail it; tests use
	// it to stop a save at every step.
	Step func(op, path string) error

	// Stale recognises the names of files, other than those of unfinished
	// writes, that a write removes from its directory once they are an hour
	// old. Nil: none.
	Stale func(name string) bool
}

func (d Disk) before(op, path string) error {
	if d.Step == nil {
		return nil
	}
	return d.Step(op, path)
}

// What can be wrong with a file, for errors.Is.
var (
	// ErrNotRegular is a symbolic link, a pipe, a device or a directory where
	// a file is expected. Such a thing is refused without being followed or
	// waited for.
	ErrNotRegular = errors.New("not a regular file")

	ErrTooBig  = errors.New("too big")
	ErrExposed = errors.New("other users have access")

	// ErrHeld is what TryLock returns while another holds the lock.
	ErrHeld = errors.New("held by another process")
)
