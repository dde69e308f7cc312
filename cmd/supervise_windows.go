package cmd

import (
	"os"
	"syscall"
)

// relayed holds what hauth catches to outlive the child: the console sends
// its signals to both processes, and there are no others.
var relayed = []os.Signal{os.Interrupt}

// lateSignals reports that a signal may reach hauth after the command that it
// ended: the console tells each process by itself. hauth goes on catching it.
const lateSignals = true

func relaySignal(os.Signal, *child) {}

func endAs(status syscall.WaitStatus) error { return exitStatus(status.ExitStatus()) }
