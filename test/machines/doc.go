//go:build machines

// Package machines runs hauth in a root directory that contains nothing else,
// and built for arm64 under qemu-user-static. test/release-check names the
// programs to run.
//
//	HAUTH_AMD64=PATH HAUTH_ARM64=PATH go test -tags machines ./test/machines
package machines
