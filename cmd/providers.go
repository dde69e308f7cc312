package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

func newProvidersCmd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "providers",
		Short: "List, show and check the descriptions of vendors",
		Long: `List, show and check the descriptions of vendors.

A provider is one YAML file that says how a vendor's token endpoint is asked
and what its answers mean. Your own are in the config directory as
providers/NAME.yaml and need no rebuild; hauth help providers tells how to
write one.`,
		Example: examples(`hauth providers`, `hauth providers show 123pan > acme.yaml`, `hauth providers check acme.yaml --dry-run`),
		Args:    onlySubcommands,
		RunE:    func(*cobra.Command, []string) error { return runProvidersList(a) },
	}
	c.AddCommand(&cobra.Command{
		Use: "list", Short: "List all providers", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return runProvidersList(a) },
	})
	c.AddCommand(&cobra.Command{
		Use: "show NAME", Short: "Print a provider's file as it stands",
		ValidArgsFunction: a.completeProvider,
		RunE:              func(_ *cobra.Command, args []string) error { return runProvidersShow(a, args) },
	})
	var dryRun bool
	check := &cobra.Command{
		Use: "check FILE", Short: "Check a provider's file",
		Long: `Check a provider's file: every problem with its line. With --dry-run also show
the request that login would send, with the secrets redacted; nothing is sent.`,
		RunE: func(_ *cobra.Command, args []string) error { return runProvidersCheck(a, args, dryRun) },
	}
	check.Flags().BoolVar(&dryRun, "dry-run", false, "show the request, secrets redacted")
	c.AddCommand(check)
	var replace bool
	add := &cobra.Command{
		Use: "add FILE", Short: "Install a provider's file",
		Long: `Check a provider's file and install it in the config directory, readable for you
alone.`,
		RunE: func(_ *cobra.Command, args []string) error { return runProvidersAdd(a, args, replace) },
	}
	add.Flags().BoolVar(&replace, "replace", false, "replace a file of that name")
	c.AddCommand(add)
	return c
}

type providerJSON struct {
	Name     string    `json:"name"`
	Title    string    `json:"title,omitempty"`
	Docs     string    `json:"docs,omitempty"`
	BuiltIn  bool      `json:"built_in"`
	Path     string    `json:"path,omitempty"`
	Endpoint string    `json:"endpoint,omitempty"`
	Vars     []varJSON `json:"vars,omitempty"`
	Source   string    `json:"source,omitempty"`
	Problem  string    `json:"problem,omitempty"`
	Instead  bool      `json:"instead_of_built_in,omitempty"`
}

type varJSON struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	Secret bool   `json:"secret"`
	Env    string `json:"env"`
}

func describe(p *providers.Provider) providerJSON {
	j := providerJSON{Name: p.Name, Title: p.Title, Docs: p.Docs, BuiltIn: p.BuiltIn, Path: p.Path, Endpoint: p.Endpoint, Instead: p.Instead}
	prefix := auth.Account{Provider: p.Name, Profile: auth.DefaultProfile}.EnvPrefix()
	for _, v := range p.Vars {
		j.Vars = append(j.Vars, varJSON{v.Name, v.Label, v.Secret, prefix + "_" + strings.ToUpper(v.Name)})
	}
	return j
}

func runProvidersList(a *app) error {
	rows := []providerJSON{}
	table := [][]string{{"NAME", "ENDPOINT", "FROM"}}
	for _, name := range a.catalogue().Names() {
		p, err := a.catalogue().Find(name)
		if err != nil {
			// A broken file of the user's own does not hide the other providers.
			rows = append(rows, providerJSON{Name: name, Problem: err.Error()})
			table = append(table, []string{name, "-", "broken: " + firstLine(err.Error())})
			continue
		}
		rows = append(rows, describe(p))
		origin := "built in"
		if !p.BuiltIn {
			origin = p.Path
		}
		if p.Instead {
			origin += " (instead of the built-in one)"
		}
		table = append(table, []string{p.Name, p.Endpoint, origin})
	}
	if a.json {
		return a.printJSON(rows)
	}
	if !isTerminal(a.env.Stdout) {
		var b strings.Builder
		for _, row := range table[1:] {
			b.WriteString(strings.Join(row, "\t") + "\n")
		}
		return a.print(b.String())
	}
	lines := a.painter(a.env.Stdout).table(table[0], table[1:], func(int, int) string { return "" })
	return a.print(strings.Join(lines, "\n") + "\n")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func runProvidersShow(a *app, args []string) error {
	if len(args) != 1 {
		return usage("hauth providers show 123pan", "one NAME is needed, got %d", len(args))
	}
	if !auth.ValidName(args[0]) {
		return usage("", "invalid provider name %q", auth.Printable(args[0]))
	}
	p, err := a.catalogue().Find(args[0])
	if err != nil {
		return err
	}
	if a.json {
		j := describe(p)
		j.Source = string(p.Source)
		return a.printJSON(j)
	}
	return a.print(string(p.Source))
}

func runProvidersCheck(a *app, args []string, dryRun bool) error {
	if len(args) != 1 {
		return usage("hauth providers check acme.yaml", "one FILE is needed, got %d", len(args))
	}
	p, err := a.catalogue().Check(args[0])
	if err != nil {
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
	return a.print(args[0] + verdict)
}

// dryRun renders the request with stand-ins for the credentials.
func (a *app) dryRun(p *providers.Provider) (string, error) {
	return a.client.DryRun(p, auth.Credentials{SpecSHA256: p.SHA256})
}

func runProvidersAdd(a *app, args []string, replace bool) error {
	if len(args) != 1 {
		return usage("hauth providers add acme.yaml", "one FILE is needed, got %d", len(args))
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
