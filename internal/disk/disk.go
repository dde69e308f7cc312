// Package disk reads, replaces and locks hauth's files. No other package
// needs to know how to do so safely, or which files other users could
// change.
//
// [Read] does not wait for a pipe or a device, and reads at most a given number
// of bytes. [Disk.Write] replaces a file by renaming a complete one over it.
// Both refuse a file or a directory that another user could change or replace;
// root is trusted like this user, and so are the system and administrators on
// Windows.
//
// Errors are either an [auth.Error] of kind Store, or an [fs.PathError] around
// one of the errors below or the system's, which [Cannot] turns into one.
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
	// ErrNotRegular is a symbolic link, a pipe, a device or a directory in the
	// place of a file. It is neither followed nor waited for.
	ErrNotRegular = errors.New("not a regular file")

	ErrTooBig  = errors.New("too large")
	ErrExposed = errors.New("other users have access")

	// ErrHeld is what TryLock returns while another holds the lock.
	ErrHeld = errors.New("held by another process")
)
