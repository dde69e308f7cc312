package cmd

import (
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// mockJSON is one vendor of the mock, for programs.
type mockJSON struct {
	Provider    string            `json:"provider"`
	Endpoint    string            `json:"endpoint"`
	API         string            `json:"api,omitempty"`
	Credentials map[string]string `json:"credentials"`
	Env         []string          `json:"env"` // NAME=VALUE
}

func describeMock(v mockvendor.Vendor) mockJSON {
	j := mockJSON{Provider: v.Provider, Endpoint: v.Endpoint, API: v.API, Credentials: v.Credentials}
	prefix := auth.Account{Provider: v.Provider, Profile: auth.DefaultProfile}.EnvPrefix() + "_"
	for _, name := range slices.Sorted(maps.Keys(v.Env)) {
		j.Env = append(j.Env, prefix+name+"="+v.Env[name])
	}
	j.Env = append(j.Env, prefix+"ENDPOINT="+v.Endpoint)
	if v.API != "" {
		j.Env = append(j.Env, prefix+"API="+v.API)
	}
	return j
}

// printMock says how to use the vendors, in one write, so that a reader of the
// first line can read all of them.
func (a *app) printMock(vendors []mockvendor.Vendor) error {
	if !a.json && isTerminal(a.env.Stdout) {
		return a.print(a.mockTable(vendors))
	}
	var b strings.Builder
	for _, v := range vendors {
		b.Write(encodeJSON(describeMock(v)))
	}
	return a.print(b.String())
}

// mockTable is for a user who tries the vendors from a second terminal. The
// lines to paste only set variables, which last as long as that shell and do
// not affect stored accounts.
func (a *app) mockTable(vendors []mockvendor.Vendor) string {
	p := a.painter(a.env.Stdout)
	var rows [][]string
	for _, v := range vendors {
		rows = append(rows, []string{v.Provider, v.Endpoint})
	}
	lines := p.table([]string{"PROVIDER", "ENDPOINT"}, rows, func(_, column int) string { return "" })
	lines = append(lines, "", "Paste what you want to try into another terminal. Ctrl-C stops the mock.")
	for _, v := range vendors {
		lines = append(lines, "", p.bold("# "+v.Provider), exportLine(describeMock(v).Env), tryLine(v))
	}
	return strings.Join(lines, "\n") + "\n"
}

// exportLine sets variables in the shell that a user of this system most
// likely uses.
func exportLine(env []string) string {
	var b strings.Builder
	for _, kv := range env {
		name, value, _ := strings.Cut(kv, "=")
		if runtime.GOOS == "windows" {
			b.WriteString("$env:" + name + " = '" + strings.ReplaceAll(value, "'", "''") + "'; ")
		} else {
			b.WriteString(" " + name + "=" + text.Quote(value))
		}
	}
	if runtime.GOOS == "windows" {
		return strings.TrimSuffix(b.String(), "; ")
	}
	return "export" + b.String()
}

func tryLine(v mockvendor.Vendor) string { return "hauth curl " + v.Provider + " " + v.Call }
