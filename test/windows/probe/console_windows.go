//go:build wine

package main

import "syscall"

var kernel32 = syscall.NewLazyDLL("kernel32.dll")

// openConsole gives this process a console of its own, and with it those that it
// starts; what it had under Wine knows no keys.
func openConsole() error {
	kernel32.NewProc("FreeConsole").Call()
	ok, _, err := kernel32.NewProc("AllocConsole").Call()
	if ok == 0 {
		return err
	}
	return nil
}

// pressControlC sends Ctrl-C to every process of this console.
func pressControlC() error {
	const ctrlC = 0
	ok, _, err := kernel32.NewProc("GenerateConsoleCtrlEvent").Call(ctrlC, 0)
	if ok == 0 {
		return err
	}
	return nil
}
