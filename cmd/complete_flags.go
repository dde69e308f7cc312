package cmd

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hauth/hauth/pkg/auth"
)

// completeFlags tells a shell what the values of a command's flags may be,
// and of all its subcommands'. A completion that a command has set for its
// own flag is kept.
func (a *app) completeFlags(c *cobra.Command) {
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		_, f.Usage = pflag.UnquoteUsage(f) // it describes the flag in the shell
		if complete := a.valuesOf(c.Name(), f.Name); complete != nil && f.NoOptDefVal == "" {
			c.RegisterFlagCompletionFunc(f.Name, complete) // fails where there is one already
		}
	})
	for _, sub := range c.Commands() {
		a.completeFlags(sub)
	}
}

// valuesOf completes a flag's value; nil means files.
func (a *app) valuesOf(command, flag string) completer {
	switch flag {
	case "secret-file", "ca-file", "socket", "log":
		return nil
	case "min-ttl":
		return cobra.FixedCompletions([]string{"5m", "20m", "1h"}, noFiles|cobra.ShellCompDirectiveKeepOrder)
	case "timeout":
		return cobra.FixedCompletions([]string{"5s", "10s", "20s"}, noFiles|cobra.ShellCompDirectiveKeepOrder)
	case "set":
		return a.completeSet
	case "env":
		if command == "exec" {
			return a.completeExecEnv
		}
	}
	return cobra.NoFileCompletions
}

// completeSet offers NAME= for the variables of a built-in provider that are
// not secret.
func (a *app) completeSet(_ *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, noFiles
	}
	account, err := auth.ParseAccount(args[0])
	if err != nil || !a.catalogue().IsBuiltIn(account.Provider) {
		return nil, noFiles
	}
	p, err := a.catalogue().Find(account.Provider)
	if err != nil {
		return nil, noFiles
	}
	var words []string
	for _, v := range p.Vars {
		if !v.Secret {
			words = append(words, cobra.CompletionWithDesc(v.Name+"=", v.Label))
		}
	}
	return offer(words, toComplete), noFiles | keepOpen
}
