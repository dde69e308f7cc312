//go:build !linux

package cmd

import "github.com/rogpeppe/go-internal/testscript"

func verbTTY(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Fatalf("the terminal is driven on Linux only; such a script belongs into testdata/script_linux")
}
