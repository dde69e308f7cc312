package cmd

import "os"

// relayed holds what hauth catches to outlive the child: the console sends
// its signals to both processes, and there are no others.
var relayed = []os.Signal{os.Interrupt}

// lateSignals reports that a signal may reach hauth after the command that it
// ended: the console tells each process by itself. hauth goes on catching it.
const lateSignals = true

func relaySignal(os.Signal, *os.Process) {}

func endAs(state *os.ProcessState) error { return exitStatus(state.ExitCode()) }
