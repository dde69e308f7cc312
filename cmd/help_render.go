package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// The groups of commands, in the order of help.
const (
	groupUse     = "use"
	groupAccount = "account"
	groupSetup   = "setup"
)

var groupTitles = [...]struct{ id, title string }{
	{groupUse, "Use a token"},
	{groupAccount, "Accounts"},
	{groupSetup, "Vendors, machines, trying it out"},
}

// helpWidth is the maximum width of help, in columns.
const helpWidth = 80

// renderHelp prints a command's help: what it does, examples, then the rest.
// It does not use cobra's templates, which would link text/template and with
// it every exported method in the program.
func (a *app) renderHelp(c *cobra.Command, w io.Writer) {
	p := a.painter(w)
	var b strings.Builder
	section := func(title string) { fmt.Fprintf(&b, "\n%s\n", p.bold(title)) }

	b.WriteString(strings.TrimSpace(firstNonEmpty(c.Long, c.Short)) + "\n")
	if c.Example != "" {
		section("Examples")
		b.WriteString(c.Example + "\n")
	}
	section("Usage")
	fmt.Fprintf(&b, "  %s\n", useLine(c))
	if len(c.Aliases) > 0 {
		fmt.Fprintf(&b, "  alias: %s\n", strings.Join(c.Aliases, ", "))
	}
	if c.HasAvailableSubCommands() {
		a.renderCommands(c, &b, section)
	}
	if flags := c.LocalNonPersistentFlags().FlagUsagesWrapped(helpWidth); flags != "" {
		section("Flags")
		b.WriteString(flags)
	}
	if c.HasParent() {
		fmt.Fprintf(&b, "\nGlobal flags: --json -q -d --no-input --no-color --timeout; see hauth help\n")
	} else {
		section("Global flags")
		b.WriteString(c.PersistentFlags().FlagUsagesWrapped(helpWidth))
		b.WriteString("\nTopics (hauth help TOPIC): exit-codes, environment, providers, proxy, fleet\n")
	}
	if _, err := io.WriteString(w, a.inLocale(b.String())); err != nil {
		a.helpErr = fmt.Errorf("%w: %w", errOutput, err) // cobra's help functions return none
	}
}

func (a *app) renderCommands(c *cobra.Command, b *strings.Builder, section func(string)) {
	width := 0
	for _, sub := range c.Commands() {
		width = max(width, len(sub.Name()))
	}
	line := func(sub *cobra.Command) { fmt.Fprintf(b, "  %-*s  %s\n", width, sub.Name(), sub.Short) }
	if c.HasParent() {
		section("Commands")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				line(sub)
			}
		}
		return
	}
	for _, group := range groupTitles {
		section(group.title)
		for _, row := range commands() {
			if row.group != group.id {
				continue
			}
			if sub, _, err := c.Find(row.names[:1]); err == nil && sub != c {
				line(sub)
			}
		}
	}
}

func useLine(c *cobra.Command) string {
	line := c.UseLine()
	if c.HasAvailableSubCommands() {
		line = c.CommandPath() + " COMMAND"
	}
	return strings.TrimSuffix(line, " [flags]")
}

func firstNonEmpty(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
