package auth

import "errors"

// ErrBusy is what a store's Lock returns when another process held the lock
// for the whole wait. Every other error of Lock means that no lock could be
// made at all.
var ErrBusy = errors.New("another hauth process holds the lock")
