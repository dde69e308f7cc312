package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// flagError rewords an error of the flag parser, with the nearest flag for one
// that does not exist. It repeats no value, which could be a secret.
func flagError(c *cobra.Command, err error) error {
	help := "run: " + c.CommandPath() + " --help"
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := unknown.GetSpecifiedName()
		shown := "--" + name
		if unknown.GetSpecifiedShortnames() != "" {
			shown = "-" + name
		}
		if near := nearFlags(c, name); len(near) > 0 && strings.HasPrefix(shown, "--") {
			help = "did you mean --" + strings.Join(near, " or --") + "?"
		}
		return usage(help, "unknown flag %s", auth.Printable(shown))
	}
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		return usage(help, "--%s needs a value", missing.GetFlag().Name)
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		flag := invalid.GetFlag()
		switch flag.Value.Type() {
		case "duration":
			return usage("write 30s, 20m or 2h", "--%s takes a duration with its unit", flag.Name)
		case "bool":
			return usage(help, "--%s takes no value, or true or false", flag.Name)
		}
		return usage(help, "--%s: invalid value", flag.Name)
	}
	return err
}

// emptyFlag is a flag that was given without a value: --endpoint "$URL", where the
// variable is not set, must not mean the provider's own endpoint.
func emptyFlag(c *cobra.Command) (name string) {
	c.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if several, ok := f.Value.(pflag.SliceValue); ok {
			values = several.GetSlice()
		}
		if slices.Contains(values, "") {
			name = f.Name
		}
	})
	return name
}

// nearFlags are the command's flags that a mistyped name may mean.
func nearFlags(c *cobra.Command, name string) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return text.Nearest(name, names)
}

// noSubcommand is the error for a word after a command that is not one of its
// subcommands.
func noSubcommand(c *cobra.Command, word string) error {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	hint := "run: " + c.CommandPath() + " --help"
	if near := text.Nearest(word, names); len(near) > 0 {
		hint = fmt.Sprintf("did you mean: %s %s", c.CommandPath(), near[0])
	}
	return usage(hint, "unknown command %q", auth.Printable(c.Name()+" "+word))
}

// noArguments refuses what follows a command that takes nothing.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("run: "+c.CommandPath(), "%s takes no arguments", c.Name())
	}
	return nil
}

// onlySubcommands makes a command that has subcommands answer a mistyped one
// with the nearest.
func onlySubcommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return noSubcommand(c, args[0])
}
