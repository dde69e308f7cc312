//go:build unix

package proxy

import "syscall"

// withPrivateFiles runs make so that what it makes is this user's alone, from
// the first moment on.
func withPrivateFiles(make func()) {
	before := syscall.Umask(0o177)
	defer syscall.Umask(before)
	make()
}
