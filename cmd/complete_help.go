package cmd

import "github.com/spf13/cobra"

// completeHelp offers topics and commands, then the command's own commands.
func completeHelp(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	var words []string
	about := c.Root()
	if len(args) == 0 {
		for _, t := range topics {
			words = append(words, cobra.CompletionWithDesc(t.name, t.short))
		}
	} else if found, rest, err := about.Find(args); err != nil || len(rest) > 0 {
		return nil, noFiles
	} else {
		about = found
	}
	for _, sub := range about.Commands() {
		if sub.IsAvailableCommand() {
			words = append(words, cobra.CompletionWithDesc(sub.Name(), sub.Short))
		}
	}
	return offer(words, toComplete), noFiles
}
