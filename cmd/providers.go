package cmd

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

func newProvidersCmd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "providers",
		Short: "List, show, write and check the descriptions of vendors",
		Long: `List, show, write and check the descriptions of vendors.

A provider is one YAML file that says how to request a token from a vendor and
what its responses mean. Your own are in the config directory as
providers/NAME.yaml and need no rebuild; hauth help providers tells how to
write one.`,
		Example: examples(`hauth providers list google`, `hauth providers new acme --like oauth2`, `hauth providers check acme.yaml --dry-run`, `hauth providers add acme.yaml`),
		Args:    onlySubcommands,
		RunE:    func(*cobra.Command, []string) error { return runProvidersList(a, nil) },
	}
	c.AddCommand(newProvidersListCmd(a), newProvidersNewCmd(a))
	c.AddCommand(&cobra.Command{
		Use: "show NAME", Short: "Print a provider's file",
		ValidArgsFunction: a.completeProvider,
		RunE:              func(_ *cobra.Command, args []string) error { return runProvidersShow(a, args) },
	})
	var dryRun bool
	check := &cobra.Command{
		Use: "check FILE", Short: "Check a provider's file",
		Long: `Check a provider's file, and report each problem with its line. With --dry-run
also show the request that login would send, with the secrets redacted; nothing
is sent.`,
		RunE: func(_ *cobra.Command, args []string) error { return runProvidersCheck(a, args, dryRun) },
	}
	check.Flags().BoolVar(&dryRun, "dry-run", false, "show the request, secrets redacted")
	c.AddCommand(check)
	var replace bool
	add := &cobra.Command{
		Use: "add FILE", Short: "Install a provider's file",
		Long: `Check a provider's file and install it in the config directory, readable only
by you.`,
		RunE: func(_ *cobra.Command, args []string) error { return runProvidersAdd(a, args, replace) },
	}
	add.Flags().BoolVar(&replace, "replace", false, "replace a file of that name")
	c.AddCommand(add)
	return c
}

func runProvidersShow(a *app, args []string) error {
	if len(args) != 1 {
		return usage("hauth providers show 123pan", "expected one NAME, got %d", len(args))
	}
	p, err := a.catalogue().Find(args[0])
	if err != nil {
		return err
	}
	if a.json {
		j := describe(p)
		j.Source = string(p.File())
		return a.printJSON(j)
	}
	return a.print(string(p.File()))
}

func runProvidersCheck(a *app, args []string, dryRun bool) error {
	if len(args) != 1 {
		return usage("hauth providers check acme.yaml", "expected one FILE, got %d", len(args))
	}
	p, err := a.catalogue().Check(args[0])
	if err != nil {
		if path := a.installed(args[0]); path != "" { // a name in the place of a file
			return withHint(err, "run: hauth providers check "+text.Word(path))
		}
		return err
	}
	var request string
	if dryRun {
		if request, err = a.dryRun(p); err != nil {
			return err
		}
	}
	if a.json {
		return a.printJSON(struct {
			providerJSON
			Request string `json:"request,omitempty"`
		}{describe(p), request})
	}
	if dryRun {
		return a.print(request)
	}
	verdict := ": ok\n"
	if p.Instead {
		verdict = ": ok; used instead of the built-in provider " + p.Name + "\n"
	}
	return a.print(auth.Printable(args[0]) + verdict)
}

// installed is the user's own file of the provider that is named, unless the
// name is that of a file here; empty if there is none.
func (a *app) installed(name string) string {
	if _, err := os.Lstat(name); err == nil || !auth.ValidName(name) {
		return ""
	}
	p, err := a.catalogue().Find(name)
	if e, ok := auth.AsError(err); ok && e.Remedy == auth.RemedyCheckFile {
		return e.Subject
	} else if err != nil {
		return ""
	}
	return p.Path
}

// dryRun renders the request with stand-ins for the credentials.
func (a *app) dryRun(p *providers.Provider) (string, error) {
	return a.client.DryRun(p, auth.Credentials{SpecSHA256: p.SHA256})
}

func runProvidersAdd(a *app, args []string, replace bool) error {
	if len(args) != 1 {
		return usage("hauth providers add acme.yaml", "expected one FILE, got %d", len(args))
	}
	name, err := a.client.AddProvider(args[0], replace)
	if err != nil {
		return err
	}
	a.confirm("", "installed "+name+"; to use it, run: hauth login "+name)
	if a.json {
		return a.printJSON(map[string]string{"name": name})
	}
	return nil
}
