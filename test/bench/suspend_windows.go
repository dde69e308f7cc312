package main

import "errors"

func suspend(int) error { return errors.New("Windows stops no processes") }
func resume(int) error  { return nil }
