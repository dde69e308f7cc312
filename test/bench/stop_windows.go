package main

import "errors"

// Windows stops no process; it can only end it.
func stop(int) error   { return errors.ErrUnsupported }
func resume(int) error { return errors.ErrUnsupported }
