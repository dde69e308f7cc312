package cmd

import (
	"fmt"
	"slices"
	"strings"
)

// azureRunner speaks Azure Pipelines' logging commands.
type azureRunner struct{ app *app }

func (r azureRunner) ready(ciOptions) error { return nil }
func (r azureRunner) quietStdout() bool     { return false }

func (r azureRunner) export(e exported) error {
	var masks, set strings.Builder
	for _, m := range e.masks {
		fmt.Fprintf(&masks, "##vso[task.setsecret]%s\n", azureEscape(m))
	}
	for _, v := range e.env {
		secret := ";issecret=true"
		if !slices.Contains(e.masks, v[1]) {
			secret = "" // the expiry, which in this way reaches every step
		}
		fmt.Fprintf(&set, "##vso[task.setvariable variable=%s%s]%s\n", v[0], secret, azureEscape(v[1]))
	}
	for _, v := range e.outputs {
		fmt.Fprintf(&set, "##vso[task.setvariable variable=%s;issecret=true;isoutput=true]%s\n", v[0], azureEscape(v[1]))
	}
	if err := r.app.printMasks(masks.String()); err != nil {
		return err
	}
	return r.app.print(set.String())
}

// azureEscape is the escaping of a logging command's value.
func azureEscape(s string) string {
	return strings.NewReplacer("%", "%AZP25", "\r", "%0D", "\n", "%0A").Replace(s)
}
