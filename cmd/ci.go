package cmd

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/providers"
)

type ciOptions struct{ env, output, format string }

func newCICmd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "ci",
		Short: "Hand tokens to the next steps of a CI job",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	var o ciOptions
	export := &cobra.Command{
		Use:   "export ACCOUNT",
		Short: "Put a token where the next steps of a CI job find it",
		Long: `Put a token where the next steps of a CI job find it, and before that register
it with the runner as a secret, so that it is masked in every log.

Without --env and --output the next steps see HAUTH_<PROVIDER>_TOKEN and
HAUTH_<PROVIDER>_EXPIRES_AT. Where a single step needs the token, hauth exec is
better: it ends with the step.

github serves GitHub Actions, Forgejo and Gitea; azure serves Azure Pipelines,
whose secret variables reach a step only where it maps them into its own
environment.`,
		Example:           examples(`hauth ci export 123pan`, `hauth ci export 123pan --env PAN_TOKEN`, `hauth ci export hitem3d --output token`),
		ValidArgsFunction: a.completeAccount,
		RunE:              func(_ *cobra.Command, args []string) error { return runCIExport(a, o, args) },
	}
	export.Flags().StringVar(&o.env, "env", "", "`NAME` of the environment variable")
	export.Flags().StringVar(&o.output, "output", "", "`NAME` of a step output")
	export.Flags().StringVar(&o.format, "format", "auto", "`FORMAT`: auto, github or azure")
	export.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"auto", "github", "azure"}, cobra.ShellCompDirectiveNoFileComp))
	c.AddCommand(export)
	return c
}

// exported is what goes to the runner.
type exported struct {
	masks   []string
	env     [][2]string // name and value
	outputs [][2]string
}

func runCIExport(a *app, o ciOptions, args []string) error {
	account, err := oneAccount(args)
	if err != nil {
		return err
	}
	if o.env != "" {
		if err := checkEnvName(o.env); err != nil {
			return err
		}
	}
	if o.output != "" && !validOutputName(o.output) {
		return usage("", "%q is no name of an output: letters, digits, _ and -, no digit first", auth.Printable(o.output))
	}
	runner, err := a.runner(o.format)
	if err != nil {
		return err
	}
	if err := runner.ready(o); err != nil {
		return err
	}
	s, err := a.open(account)
	if err != nil {
		return err
	}
	provider, err := s.provider()
	if err != nil {
		return about(account, err)
	}
	result, err := a.tokenOf(s, broker.Want{}, false)
	if err != nil {
		return err
	}
	carried, err := provider.Carry(result.Token)
	if err != nil {
		return about(account, err)
	}
	e := toExport(account, o, result.Token, carried)
	if err := runner.export(e); err != nil {
		return about(account, err)
	}
	if a.json && runner.quietStdout() {
		return a.printJSON(map[string]any{
			"account": account.String(), "env": namesOf(e.env), "outputs": namesOf(e.outputs), "expires_at": rfc3339(result.Token.ExpiresAt),
		})
	}
	return nil
}

func toExport(account auth.Account, o ciOptions, t auth.Token, carried providers.Carried) exported {
	value := t.Value.Reveal()
	e := exported{masks: []string{value}}
	// A log may show the token as an API call carries it; a runner masks whole
	// values first, so both forms are registered.
	for _, pair := range carried.Headers {
		if strings.Contains(pair[1], value) && pair[1] != value {
			e.masks = append(e.masks, pair[1])
		}
	}
	if escaped := url.QueryEscape(value); escaped != value {
		e.masks = append(e.masks, escaped)
	}
	if o.env != "" {
		e.env = append(e.env, [2]string{o.env, value})
	}
	if o.output != "" {
		e.outputs = append(e.outputs, [2]string{o.output, value})
	}
	if o.env == "" && o.output == "" {
		prefix := account.EnvPrefix()
		e.env = append(e.env, [2]string{prefix + "_TOKEN", value}, [2]string{prefix + "_EXPIRES_AT", rfc3339(t.ExpiresAt)})
	}
	return e
}

func namesOf(pairs [][2]string) []string {
	names := []string{}
	for _, p := range pairs {
		names = append(names, p[0])
	}
	return names
}

// validOutputName reports whether name matches [A-Za-z_][A-Za-z0-9_-]*.
func validOutputName(name string) bool {
	return name != "" && name[0] != '-' && validEnvName(strings.ReplaceAll(name, "-", "_"))
}

// ciRunner is one family of CI systems.
type ciRunner interface {
	ready(o ciOptions) error // before a token is fetched
	export(e exported) error
	quietStdout() bool // stdout is not where the runner reads
}

func (a *app) runner(format string) (ciRunner, error) {
	if format == "auto" {
		switch {
		case a.getenv("TF_BUILD") != "":
			format = "azure"
		case a.getenv("GITHUB_ENV") != "" || a.getenv("GITHUB_OUTPUT") != "":
			format = "github"
		default:
			return nil, usage("run it in a job, or name one with --format", "no CI runner that hauth knows: neither GITHUB_ENV nor TF_BUILD is set")
		}
	}
	switch format {
	case "github":
		return githubRunner{a}, nil
	case "azure":
		return azureRunner{a}, nil
	}
	return nil, usage("", "unknown format %q: auto, github or azure", auth.Printable(format))
}

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
			secret = "" // the expiry is none, and so reaches every step by itself
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

// printMasks registers secrets with the runner, --quiet or not. Without masks
// nothing may follow.
func (a *app) printMasks(text string) error {
	if _, err := a.env.Stderr.Write([]byte(text)); err != nil {
		return fmt.Errorf("%w: the masks: %w", errOutput, err)
	}
	return nil
}
