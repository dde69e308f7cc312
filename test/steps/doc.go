// Package steps kills hauth, and lets the disk fail it, at each step of a
// refresh at a vendor that replaces its refresh token: each system call that
// changes a file or talks to somebody. Afterwards the account works, or one
// message says what to do; and it stops working only where nothing could have
// saved it, between the vendor's answer and the renaming that stores it.
//
// It sees the built binary from outside, with ptrace. All of it is in tests:
//
//	go test ./test/steps
package steps
