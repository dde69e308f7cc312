//go:build wine

package main

import "syscall"

var kernel32 = syscall.NewLazyDLL("kernel32.dll")

// openConsole gives this process a console, if it has none, for it and for those
// that it starts.
func openConsole() error {
	if codePage, _, _ := kernel32.NewProc("GetConsoleCP").Call(); codePage != 0 {
		return nil
	}
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
