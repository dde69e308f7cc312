package main

import "os"

// Windows stops no process; it can only end it.
func stop(*os.Process)   {}
func resume(*os.Process) {}

func wasKilled(s *os.ProcessState) bool { return s.ExitCode() == 1 }
