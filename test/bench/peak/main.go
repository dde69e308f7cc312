// Command peak runs a program and prints the greatest resident size that it
// reached, in KiB. A process begins with the size of the one that started it,
// so the starter has to be smaller than what it measures.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	c := exec.Command(os.Args[1], os.Args[2:]...)
	if err := c.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(peakMemory(c.ProcessState))
}
