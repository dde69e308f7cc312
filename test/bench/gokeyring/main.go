// Command gokeyring reads one keyring item with go-keyring and nothing else:
// what a program has without hauth's own reading path.
package main

import (
	"fmt"
	"os"

	"github.com/zalando/go-keyring"
)

func main() {
	secret, err := keyring.Get("hauth", os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(len(secret))
}
