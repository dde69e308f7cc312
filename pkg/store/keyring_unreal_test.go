//go:build !keyring || !linux

package store

const realKeyringTests = false
