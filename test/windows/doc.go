//go:build wine

// Package windows tests hauth.exe under Wine, from outside and from Linux: the
// vendors are the mock, in this process.
//
//	make windows
package windows
