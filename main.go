// Command hauth hands out vendor API tokens: cached, refreshed once for all
// processes, never leaked.
package main

import (
	"context"
	"os"

	"github.com/hauth/hauth/cmd"
)

func main() { os.Exit(cmd.Main(context.Background(), cmd.Env{})) }
