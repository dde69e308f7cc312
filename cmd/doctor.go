package cmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/store"
)

func newDoctorCmd(a *app) *cobra.Command {
	var network bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what works, what does not, and what to type",
		Long: `Say what works, what does not, and what to type. The stores are tried with an
item of its own, which is deleted again. Without --network no connection is
made. With it vendors are asked for the time, never with credentials, and the
engine of a fleet is tried with a small value next to the account's record.`,
		Example: examples(`hauth doctor`, `hauth doctor --network --json`),
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return runDoctor(a, network) },
	}
	c.Flags().BoolVar(&network, "network", false, "also compare clocks with each account's vendor, and try the engines of fleets")
	return c
}

// check is one line of the diagnosis.
type check struct {
	Name   string  `json:"name"`
	Status string  `json:"status"` // ok, warning, failed
	Detail string  `json:"detail"`
	Hint   string  `json:"hint,omitempty"`
	TookMS float64 `json:"took_ms,omitempty"`

	kind auth.Kind // of a failure
}

const (
	checkOK      = "ok"
	checkWarning = "warning"
	checkFailed  = "failed"
)

func runDoctor(a *app, network bool) error {
	a.catchSignals()
	var checks []check
	if _, err := a.client.Dirs(); err != nil {
		checks = append(checks, a.failed("directories", err))
	} else {
		checks = append(checks, a.checkDirs()...)
		infos, err := a.client.List()
		checks = append(checks, a.checkAccounts(infos, err))
		checks = append(checks, a.checkKeyring(pinned(infos, store.Keyring), pinned(infos, store.File) && !pinned(infos, store.Keyring))...)
		checks = append(checks, a.checkFileStore(pinned(infos, store.File)))
		checks = append(checks, a.checkFileAccounts(infos)...)
	}
	checks = append(checks, a.checkProviders()...)
	checks = append(checks, a.checkEnvironment()...)
	checks = append(checks, a.checkFleets(network)...)
	checks = append(checks, checkCurl())
	if network {
		checks = append(checks, a.checkClocks()...)
	}
	if err := a.printChecks(checks); err != nil {
		return err
	}
	return failure(checks)
}

// failure names all checks that did not pass, and is of the first one's kind.
func failure(checks []check) error {
	var failed []check
	var names []string
	for _, c := range checks {
		if c.Status == checkFailed {
			failed = append(failed, c)
			names = append(names, c.Name)
		}
	}
	switch len(failed) {
	case 0:
		return nil
	case 1:
		return &auth.Error{Kind: failed[0].kind, Fact: "check failed: " + names[0]}
	}
	return &auth.Error{Kind: failed[0].kind, Fact: "checks failed: " + strings.Join(names, ", ")}
}

// failed is a check that did not pass.
func (a *app) failed(name string, err error) check {
	c := check{Name: name, Status: checkFailed, Detail: err.Error(), kind: auth.Store}
	if e, ok := auth.AsError(err); ok {
		c.Detail, c.Hint, c.kind = e.Message(), a.withWords(e).Hint, e.Kind
	}
	return c
}

// unneeded turns a failure that affects no account into a warning.
func unneeded(c check, needed bool) check {
	if c.Status == checkFailed && !needed {
		c.Status = checkWarning
	}
	return c
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (a *app) printChecks(checks []check) error {
	if a.json {
		return a.printJSON(map[string]any{"version": version(), "checks": checks})
	}
	p := a.painter(a.env.Stdout)
	colours := map[string]string{checkOK: green, checkWarning: yellow, checkFailed: red}
	var b strings.Builder
	for _, c := range checks {
		fmt.Fprintf(&b, "%s  %s: %s\n", p.paint(colours[c.Status], fmt.Sprintf("%-7s", c.Status)), c.Name, firstLine(c.Detail))
		if c.Hint != "" {
			fmt.Fprintf(&b, "         hint: %s\n", strings.ReplaceAll(c.Hint, "\n", "\n         "))
		}
	}
	return a.print(b.String())
}
