// Command hello is the least that a Go program can be: the unit in which the
// benchmark measures.
package main

import "os"

func main() { os.Stdout.WriteString("hello\n") }
