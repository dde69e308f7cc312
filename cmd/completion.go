package cmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

var shells = [...]string{"bash", "zsh", "fish", "powershell"}

func newCompletionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a completion script",
		Long: `Print a completion script for a shell. Packages install it; by hand:

  # bash, with the package bash-completion
  mkdir -p ~/.local/share/bash-completion/completions
  hauth completion bash > ~/.local/share/bash-completion/completions/hauth

  # zsh, with fpath=(~/.zfunc $fpath) before compinit in ~/.zshrc
  mkdir -p ~/.zfunc
  hauth completion zsh > ~/.zfunc/_hauth

  # fish
  mkdir -p ~/.config/fish/completions
  hauth completion fish > ~/.config/fish/completions/hauth.fish

  # PowerShell, in its profile
  hauth completion powershell | Out-String | Invoke-Expression

Accounts are completed from their files alone: no keyring is opened, no vendor
is asked.`,
		ValidArgs: shells[:],
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("one of "+strings.Join(shells[:], ", "), "expected one shell, got %d", len(args))
			}
			if !slices.Contains(shells[:], args[0]) {
				return unknownValue("shell", args[0], shells[:])
			}
			var b strings.Builder
			if err := writeCompletion(args[0], &b); err != nil {
				return err
			}
			return a.print(b.String())
		},
	}
}

// writeCompletion generates the script of one shell, from a root that holds
// every command.
func writeCompletion(shell string, w io.Writer) error {
	root := newRoot(&app{env: Env{Args: []string{}}})
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return fmt.Errorf("unknown shell %q", shell)
}

// completer is what cobra asks for the words that are possible at the
// cursor. Each is followed by a tab and a description.
type completer = func(c *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective)

const (
	noFiles  = cobra.ShellCompDirectiveNoFileComp
	files    = cobra.ShellCompDirectiveDefault // if no word fits
	keepOpen = cobra.ShellCompDirectiveNoSpace // the word goes on
)

// completing reports whether a shell asks for completions.
func (a *app) completing() bool {
	return len(a.env.Args) > 0 && strings.HasPrefix(a.env.Args[0], cobra.ShellCompRequestCmd)
}

// offer are the words that begin as the one at the cursor does.
func offer(words []string, toComplete string) []string {
	var fit []string
	for _, word := range words {
		if strings.HasPrefix(word, toComplete) {
			fit = append(fit, word)
		}
	}
	return fit
}
