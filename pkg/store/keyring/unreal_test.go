//go:build !keyring || !linux

package keyring

const realKeyringTests = false
