//go:build machines

// Package machines runs hauth where little is there, and for another processor:
// in a root directory that holds nothing else, and built for arm64 under
// qemu-user-static. test/release-check names the programs to run.
//
//	HAUTH_AMD64=PATH HAUTH_ARM64=PATH go test -tags machines ./test/machines
package machines
