package cmd

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// completeExec offers accounts before the "--", a command right after it, and
// files for the command's arguments.
func (a *app) completeExec(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	// cobra passes args without the "--", and its ArgsLenAtDash counts one
	// that it inserted itself.
	typed := a.env.Args[:len(a.env.Args)-1]
	switch dash := slices.Index(typed, "--"); {
	case dash < 0:
		words, directive := a.completeAccounts(c, args, toComplete)
		if len(args) > 0 {
			words = append(words, offer([]string{cobra.CompletionWithDesc("--", "then the command")}, toComplete)...)
		}
		return words, directive
	case dash == len(typed)-1:
		return a.commandsInPath(toComplete), files
	}
	return nil, files
}

// completeExecEnv offers ACCOUNT= for --env, once per account that is named.
func (a *app) completeExecEnv(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	names := args
	if len(names) == 0 {
		for _, known := range a.accountsAtHand(toComplete) {
			names = append(names, known.account.String())
		}
	}
	var words []string
	for _, name := range names {
		words = append(words, cobra.CompletionWithDesc(name+"=", "then the variable's name"))
	}
	return offer(words, toComplete), noFiles | keepOpen
}

// commandsInPath are the programs of the PATH whose names begin with prefix. There are
// none for an empty prefix, which would mean thousands, nor for a path.
func (a *app) commandsInPath(prefix string) []string {
	if prefix == "" || strings.ContainsRune(prefix, filepath.Separator) {
		return nil
	}
	var names []string
	for _, dir := range filepath.SplitList(a.getenv("PATH")) {
		if !filepath.IsAbs(dir) {
			continue // exec does not take commands from there either
		}
		entries, _ := os.ReadDir(dir)
		for _, entry := range entries {
			if name := entry.Name(); strings.HasPrefix(name, prefix) && a.executable(filepath.Join(dir, name)) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (a *app) executable(path string) bool {
	info, err := os.Stat(path) // through links, of which /usr/bin is full
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if runtime.GOOS != "windows" {
		return info.Mode()&0o111 != 0
	}
	extension := strings.ToLower(filepath.Ext(path))
	return extension != "" && slices.Contains(strings.Split(strings.ToLower(a.getenv("PATHEXT")), ";"), extension)
}
