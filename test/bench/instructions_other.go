//go:build !linux

package main

import "errors"

type instructionCounter struct{}

func countInstructions() (*instructionCounter, error) {
	return nil, errors.New("only Linux's perf_event_open is known to this program")
}

func (*instructionCounter) next() (int64, error) { return 0, nil }
func (*instructionCounter) close()               {}
