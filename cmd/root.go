package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/hauth"
)

// command is a row of the table of commands. Building all commands takes a
// noticeable part of the start-up time, so only the one that is named is
// built.
type command struct {
	names []string // the first is the name, the others are aliases
	group string   // where help lists it
	build func(*app) *cobra.Command
}

func commands() []command {
	return []command{
		{[]string{"login"}, groupAccount, newLoginCmd},
		{[]string{"token"}, groupUse, newTokenCmd},
		{[]string{"refresh"}, groupUse, newRefreshCmd},
		{[]string{"exec"}, groupUse, newExecCmd},
		{[]string{"proxy"}, groupUse, newProxyCmd},
		{[]string{"curl"}, groupUse, newCurlCmd},
		{[]string{"status", "list", "ls"}, groupAccount, newStatusCmd},
		{[]string{"logout"}, groupAccount, newLogoutCmd},
		{[]string{"rename"}, groupAccount, newRenameCmd},
		{[]string{"export"}, groupAccount, newExportCmd},
		{[]string{"import"}, groupAccount, newImportCmd},
		{[]string{"providers"}, groupSetup, newProvidersCmd},
		{[]string{"ci"}, groupUse, newCICmd},
		{[]string{"doctor"}, groupSetup, newDoctorCmd},
		{[]string{"mock"}, groupSetup, newMockCmd},
		{[]string{"demo"}, groupSetup, newDemoCmd},
		{[]string{"completion"}, groupSetup, newCompletionCmd},
		{[]string{"version"}, groupSetup, newVersionCmd},
	}
}

// newRoot builds the command line. If the arguments plainly name a command,
// it has only that one; in all other cases, including help and completion, it
// has all of them.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:               "hauth",
		Short:             "Vendor API tokens: cached in the keyring, refreshed once for all processes, never leaked",
		Long:              rootLong,
		Version:           version(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.ArbitraryArgs,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return a.checkFlags(c) },
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return unknownCommand(args[0])
		},
	}
	f := root.PersistentFlags()
	f.SortFlags = false
	f.BoolVar(&a.json, "json", false, "results and errors as JSON")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "no notices on stderr")
	f.BoolVarP(&a.debug, "debug", "d", false, "redacted trace on stderr")
	f.BoolVar(&a.noInput, "no-input", false, "never ask; implied by CI")
	f.BoolVar(&a.noColor, "no-color", false, "no colour")
	f.DurationVar(&a.timeout, "timeout", hauth.MaxTimeout, "time limit `DUR` for talking to the vendor, including a retry; at most 20s")

	table := commands()
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if word, _ := a.firstWord(); c == root && word != "" && rowOf(table, word) < 0 && word != "help" {
			return unknownCommand(word) // whose flags nobody knows
		}
		return flagError(c, err)
	})
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { a.renderHelp(c, c.OutOrStdout()) })
	root.SetUsageFunc(func(c *cobra.Command) error { a.renderHelp(c, c.OutOrStderr()); return nil })

	if named := a.named(table); named >= 0 {
		c := table[named].build(a)
		c.Aliases = table[named].names[1:]
		root.AddCommand(c)
		root.SetHelpCommand(&cobra.Command{Use: "help", Hidden: true})
		return root
	}
	for _, row := range table {
		c := row.build(a)
		c.Aliases = row.names[1:]
		root.AddCommand(c)
	}
	root.SetHelpCommand(newHelpCmd(a))
	if a.completing() {
		a.completeFlags(root)
	}
	return root
}

// named is the row of the command that the arguments name, or -1 if more than
// global flags precede it. The command is noted in either case, since the exit
// code depends on it even after an unknown flag.
func (a *app) named(table []command) int {
	word, plain := a.firstWord()
	row := rowOf(table, word)
	if row >= 0 {
		a.command = table[row].names[0]
	}
	if !plain {
		return -1
	}
	return row
}

// rowOf is the row of a command or an alias, -1 if there is none.
func rowOf(table []command, word string) int {
	return slices.IndexFunc(table, func(c command) bool { return slices.Contains(c.names, word) })
}

// firstWord is the first argument that is no flag; plain says that only global
// flags stand before it.
func (a *app) firstWord() (word string, plain bool) {
	plain = true
	for i := 0; i < len(a.env.Args); i++ {
		arg := a.env.Args[i]
		name, _, hasValue := strings.Cut(arg, "=")
		switch {
		case name == "--timeout":
			if !hasValue {
				i++
			}
		case slices.Contains([]string{"--json", "--quiet", "--debug", "--no-input", "--no-color"}, name):
		case len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "qd") == "":
		case strings.HasPrefix(arg, "-"):
			plain = false
		default:
			return arg, plain
		}
	}
	return "", plain
}

// checkFlags looks at what holds for the flags of every command.
func (a *app) checkFlags(c *cobra.Command) error {
	a.parsed = true
	if name := emptyFlag(c); name != "" {
		return usage("a variable in the command may not be set", "--%s is empty", name)
	}
	if a.timeout <= 0 || a.timeout > hauth.MaxTimeout {
		return usage("", "--timeout must be more than 0s and at most %s", hauth.MaxTimeout)
	}
	a.setUpClient()
	switch a.command {
	case "", "version", "completion": // need no directory
	case "doctor": // reports it among its checks
	default:
		if _, err := a.client.Dirs(); auth.Is(err, auth.Usage) {
			return err // a wrong HAUTH_HOME: what it was meant to hold must not seem to be absent
		}
	}
	return nil
}

func unknownCommand(name string) error {
	return usage(nearCommand(name), "unknown command %q", auth.Printable(name))
}

// oneAccount and someAccounts read account names from positional arguments,
// before anything else is looked at.
func oneAccount(args []string) (auth.Account, error) {
	if len(args) != 1 {
		return auth.Account{}, usage("an account is PROVIDER[/PROFILE], such as 123pan or 123pan/work; hauth status lists yours", "expected one ACCOUNT, got %d", len(args))
	}
	return auth.ParseAccount(args[0])
}

func someAccounts(args []string) ([]auth.Account, error) {
	var accounts []auth.Account
	for _, arg := range args {
		account, err := auth.ParseAccount(arg)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(accounts, account) {
			accounts = append(accounts, account)
		}
	}
	return accounts, nil
}

// examples indents the lines of a command's examples as cobra prints them.
func examples(lines ...string) string {
	return "  " + strings.Join(lines, "\n  ")
}

const rootLong = `hauth keeps the short-lived tokens of vendor APIs: it fetches them from the
vendor's own token endpoint, stores them in the OS keyring, refreshes each once
for all processes, and hands them to scripts without leaking them.

  hauth login 123pan          enter the credentials once
  hauth token 123pan          print a token that works
  hauth exec 123pan -- CMD    run CMD with the token in its environment`
