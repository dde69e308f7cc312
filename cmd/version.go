package cmd

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is the version, set by the linker in a release build.
var release string

// version is the release, or what the Go tool recorded of an ordinary build.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

func newVersionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.json {
				return a.printJSON(map[string]string{"version": version()})
			}
			return a.print("hauth version " + version() + "\n")
		},
	}
}
