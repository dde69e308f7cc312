//go:build unix

package disk

import "syscall"

const notDirectory = syscall.ENOTDIR
