package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestGeneratedManPages checks that man/ contains what the help texts say.
func TestGeneratedManPages(t *testing.T) {
	root := newRoot(newApp(t.Context(), Env{Args: []string{}, Environ: []string{"HOME=/"}}))
	pages := map[string]string{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		pages[manName(c)+".1"] = manPage(c)
		for _, sub := range c.Commands() {
			if !sub.Hidden && sub.Name() != "help" {
				walk(sub)
			}
		}
	}
	walk(root)
	for _, topic := range topics {
		pages["hauth-"+topic.name+".7"] = manTopic(topic.name, topic.short, topic.text)
	}
	dir := filepath.Join("..", "man")
	for name, text := range pages {
		current(t, filepath.Join(dir, name), []byte(text))
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range there {
		if pages[entry.Name()] == "" {
			t.Errorf("man/%s belongs to no command", entry.Name())
		}
	}
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manHead has a fixed date, so that a page changes only with its text.
func manHead(name, section, short string) string {
	return fmt.Sprintf(".TH %q %q \"November 2026\" \"hauth\" \"hauth\"\n.SH NAME\n%s \\- %s\n", strings.ToUpper(name), section, roff(name), roff(short))
}

func manPage(c *cobra.Command) string {
	var b strings.Builder
	b.WriteString(manHead(manName(c), "1", c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(useLine(c)))
	b.WriteString(".SH DESCRIPTION\n" + manText(firstNonEmpty(c.Long, c.Short)))
	if c.Example != "" {
		b.WriteString(".SH EXAMPLES\n" + manVerbatim(c.Example))
	}
	if c.HasAvailableSubCommands() {
		b.WriteString(".SH COMMANDS\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && sub.Name() != "help" {
				fmt.Fprintf(&b, ".TP\n.BR %s (1)\n%s\n", roff(manName(sub)), roff(sub.Short))
			}
		}
	}
	if flags := c.LocalNonPersistentFlags(); flags.HasAvailableFlags() {
		b.WriteString(".SH OPTIONS\n" + manFlags(flags))
	}
	if !c.HasParent() {
		b.WriteString(".SH GLOBAL OPTIONS\n" + manFlags(c.PersistentFlags()))
	}
	b.WriteString(".SH SEE ALSO\n")
	if c.HasParent() {
		b.WriteString(".BR hauth (1),\n")
	}
	b.WriteString(".BR hauth\\-exit\\-codes (7),\n.BR hauth\\-environment (7),\n.BR hauth\\-providers (7)\n")
	return b.String()
}

func manFlags(flags *pflag.FlagSet) string {
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		value, text := pflag.UnquoteUsage(f)
		if value != "" {
			value = " " + strings.ToUpper(value)
		}
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(name+value), roff(text))
	})
	return b.String()
}

// manText formats paragraphs, and keeps indented lines unchanged.
func manText(text string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, "  ") {
			b.WriteString(manVerbatim(paragraph))
			continue
		}
		b.WriteString(roff(paragraph) + "\n")
	}
	return b.String()
}

func manVerbatim(text string) string { return ".nf\n" + roff(text) + "\n.fi\n" }

func manTopic(name, short, text string) string {
	return manHead("hauth-"+name, "7", short) + ".SH DESCRIPTION\n" + manVerbatim(strings.TrimSpace(text)) + ".SH SEE ALSO\n.BR hauth (1)\n"
}

// roff protects text from being read as requests, and hyphens from being
// typeset: they are meant to be copied.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "…", "...").Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
