package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

func newProvidersListCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "list [WORD]", Short: "List providers, all or those whose name or title has WORD",
		Long: `List the built-in providers and your own: name, title, how well the facts are
known, what login asks for, and where the description comes from.

The facts are from the vendor's own document, from the source code of a working
client, or from a catalogue that others maintain. Values in brackets may be left
empty. With WORD, only providers that have it in their name or title are listed,
regardless of case.`,
		Example:           examples(`hauth providers list`, `hauth providers list google`, `hauth providers list --json`),
		ValidArgsFunction: a.completeProvider,
		RunE:              func(_ *cobra.Command, args []string) error { return runProvidersList(a, args) },
	}
}

type providerJSON struct {
	Name     string    `json:"name"`
	Title    string    `json:"title,omitempty"`
	Docs     string    `json:"docs,omitempty"`
	BuiltIn  bool      `json:"built_in"`
	Path     string    `json:"path,omitempty"`
	Endpoint string    `json:"endpoint,omitempty"`
	API      []string  `json:"api,omitempty"`
	Vars     []varJSON `json:"vars,omitempty"`
	Source   string    `json:"source,omitempty"` // of list the level of the facts, of show the file
	Problem  string    `json:"problem,omitempty"`
	Instead  bool      `json:"instead_of_built_in,omitempty"`
}

type varJSON struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Is       string `json:"is,omitempty"`
	Default  string `json:"default,omitempty"`
	Secret   bool   `json:"secret"`
	Optional bool   `json:"optional,omitempty"`
	Env      string `json:"env"`
}

func describe(p *providers.Provider) providerJSON {
	j := providerJSON{
		Name: p.Name, Title: p.Title, Docs: p.Docs, BuiltIn: p.BuiltIn, Path: p.Path, Endpoint: p.Endpoint, API: p.API,
		Source: p.Source, Instead: p.Instead,
	}
	prefix := auth.Account{Provider: p.Name, Profile: auth.DefaultProfile}.EnvPrefix()
	for _, v := range p.Vars {
		j.Vars = append(j.Vars, varJSON{v.Name, v.Label, v.Is, v.Default, v.Secret, v.Optional, prefix + "_" + strings.ToUpper(v.Name)})
	}
	return j
}

func runProvidersList(a *app, args []string) error {
	if len(args) > 1 {
		return usage("hauth providers list google", "expected at most one WORD, got %d", len(args))
	}
	word := strings.ToLower(strings.Join(args, ""))
	rows := []providerJSON{}
	var table [][]string
	for _, name := range a.catalogue().Names() {
		p, err := a.catalogue().Find(name)
		if err != nil {
			// A broken file of the user's does not hide other providers.
			if strings.Contains(name, word) {
				rows = append(rows, providerJSON{Name: name, Problem: err.Error()})
				table = append(table, []string{name, "-", "-", "-", brokenOrigin + firstLine(err.Error())})
			}
			continue
		}
		if strings.Contains(strings.ToLower(name+"\n"+p.Title), word) {
			rows = append(rows, describe(p))
			table = append(table, []string{p.Name, orDash(p.Title), orDash(p.Source), asks(p), origin(p)})
		}
	}
	if a.json {
		return a.printJSON(rows)
	}
	if len(table) == 0 {
		a.notice("", noMatch(word, a.catalogue().Names()))
		return nil
	}
	return a.print(a.providerTable(table))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// asks lists what login will ask for, by the labels without their
// explanations; what may be left empty is in brackets.
func asks(p *providers.Provider) string {
	var labels []string
	if p.NeedsEndpoint() {
		labels = append(labels, "Endpoint")
	}
	for _, v := range p.Vars {
		label, _, _ := strings.Cut(labelOf(v), ", ")
		if v.Optional || v.Default != "" {
			label = "[" + label + "]"
		}
		labels = append(labels, label)
	}
	return strings.Join(labels, ", ")
}

func origin(p *providers.Provider) string {
	switch {
	case p.BuiltIn:
		return builtInOrigin
	case p.Instead:
		return p.Path + insteadOfBuiltIn
	}
	return p.Path
}

// Where a description comes from, beside a path.
const (
	builtInOrigin    = "built in"
	insteadOfBuiltIn = ", instead of the built-in one"
	brokenOrigin     = "broken: "
)

func noMatch(word string, names []string) string {
	line := fmt.Sprintf("no provider matches %q", auth.Printable(word))
	if near := text.Nearest(word, names); len(near) > 0 {
		return line + "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return line + "; to describe a vendor in a file, run: hauth providers new NAME"
}

// providerTable prints one line with tabs for each provider, for other
// programs to read, or columns on a terminal.
func (a *app) providerTable(rows [][]string) string {
	if !isTerminal(a.env.Stdout) {
		var b strings.Builder
		for _, row := range rows {
			b.WriteString(strings.Join(row, "\t") + "\n")
		}
		return b.String()
	}
	p := a.painter(a.env.Stdout)
	heading, rows := fitted([]string{"NAME", "TITLE", "SOURCE", "LOGIN ASKS FOR", "FROM"}, rows, widthOf(a.env.Stdout))
	lines := p.table(heading, rows, func(int, int) string { return "" })
	lines = append(lines, p.faint(plural(len(rows), "provider")+"; to add a vendor that is not listed, run: hauth providers new NAME"))
	return a.inLocale(strings.Join(lines, "\n") + "\n")
}

// leastAsked is the minimum width, in columns, at which it is worth showing
// what login asks for.
const leastAsked = 28

// fitted are the columns that fit a width (0: any). A narrow terminal loses
// the paths of the user's own files first, then the source, then the title,
// and then the end of what login asks for.
func fitted(heading []string, rows [][]string, width int) ([]string, [][]string) {
	if width == 0 || tableWidth(heading, rows) <= width {
		return heading, rows
	}
	for _, row := range rows {
		from := &row[len(row)-1]
		switch {
		case strings.HasSuffix(*from, insteadOfBuiltIn):
			*from = "your file" + insteadOfBuiltIn
		case strings.HasPrefix(*from, brokenOrigin):
			*from = "broken"
		case *from != builtInOrigin:
			*from = "your file"
		}
	}
	for {
		asked := len(heading) - 2
		widest := lipgloss.Width(heading[asked])
		for _, row := range rows {
			widest = max(widest, lipgloss.Width(row[asked]))
		}
		room := width - tableWidth(heading, rows) + widest
		if room >= leastAsked || asked == 1 {
			for _, row := range rows {
				row[asked] = cutTo(row[asked], max(room, leastAsked))
			}
			return heading, rows
		}
		heading = slices.Delete(heading, asked-1, asked)
		for i, row := range rows {
			rows[i] = slices.Delete(row, asked-1, asked)
		}
	}
}

// cutTo shortens text to a width in columns, with a mark where it was cut.
func cutTo(text string, width int) string {
	if lipgloss.Width(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && lipgloss.Width(string(runes))+1 > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ,") + "…"
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
