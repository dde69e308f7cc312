//go:build unix

package proxy

import "syscall"

// withPrivateFiles runs make so that what it creates is accessible to this
// user only, from the start.
func withPrivateFiles(make func()) {
	before := syscall.Umask(0o177)
	defer syscall.Umask(before)
	make()
}
