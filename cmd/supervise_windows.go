package cmd

import "os"

// relayed holds what hauth catches to outlive the child: the console sends
// its signals to both processes, and there are no others.
var relayed = []os.Signal{os.Interrupt}

func relaySignal(os.Signal, *os.Process) {}

func endAs(state *os.ProcessState) error { return exitStatus(state.ExitCode()) }
