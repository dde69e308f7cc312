package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/mask"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/providers"
)

type ciOptions struct{ env, output, file, format string }

// ciFormats are the names of the formats, the default first.
var ciFormats = []string{"auto", "github", "azure", "gitlab"}

func newCICmd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "ci",
		Short: "Hand tokens to the next steps of a CI job",
		Args:  onlySubcommands,
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
better: the token is gone when the step ends.

The format github is for GitHub Actions, Forgejo and Gitea; azure for Azure
Pipelines, whose secret variables reach a step only where it maps them into its
own environment. gitlab writes a dotenv report, for the jobs of later stages:

  artifacts: {reports: {dotenv: hauth.env}, expire_in: 1 hour}

GitLab cannot mask a value that a job has made. Whoever can read the logs or
the artifacts of these jobs may see the token; hauth exec --mask in each job
avoids that.`,
		Example:           examples(`hauth ci export 123pan`, `hauth ci export 123pan --env PAN_TOKEN`, `hauth ci export hitem3d --output token`),
		ValidArgsFunction: a.completeAccount,
		RunE:              func(_ *cobra.Command, args []string) error { return runCIExport(a, o, args) },
	}
	export.Flags().StringVar(&o.env, "env", "", "`NAME` of the environment variable")
	export.Flags().StringVar(&o.output, "output", "", "`NAME` of a step output")
	export.Flags().StringVar(&o.file, "file", "", "dotenv `FILE` for gitlab (default: hauth.env in $CI_PROJECT_DIR)")
	export.Flags().StringVar(&o.format, "format", "auto", "`FORMAT`: auto, github, azure or gitlab")
	export.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(ciFormats, cobra.ShellCompDirectiveNoFileComp))
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
		return usage("a name consists of letters, digits, _ and -, and begins with a letter or _", "%q is not a valid output name", auth.Printable(o.output))
	}
	runner, err := a.runner(o)
	if err != nil {
		return err
	}
	if err := runner.ready(o); err != nil {
		return err
	}
	s, err := a.client.Open(account.String())
	if err != nil {
		return err
	}
	result, err := a.tokenOf(s, broker.Want{}, false)
	if err != nil {
		return err
	}
	carried, err := s.Carry(result.Token)
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
	e := exported{masks: mask.Forms(t.Value)}
	// A log may show the token as an API call carries it; a runner masks the
	// longest values first, so both forms are registered.
	for _, pair := range carried.Headers {
		if strings.Contains(pair[1], value) && pair[1] != value {
			e.masks = slices.Insert(e.masks, 1, pair[1])
		}
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

func (a *app) runner(o ciOptions) (ciRunner, error) {
	format := o.format
	if format == "auto" {
		switch {
		case a.getenv("TF_BUILD") != "":
			format = "azure"
		case a.getenv("GITLAB_CI") != "":
			format = "gitlab"
		case a.getenv("GITHUB_ENV") != "" || a.getenv("GITHUB_OUTPUT") != "":
			format = "github"
		default:
			return nil, usage("run it in a CI job, or name a runner with --format", "no known CI runner: none of GITHUB_ENV, TF_BUILD and GITLAB_CI is set")
		}
	}
	if o.file != "" && format != "gitlab" {
		return nil, usage("", "--file requires --format gitlab")
	}
	switch format {
	case "github":
		return githubRunner{a}, nil
	case "azure":
		return azureRunner{a}, nil
	case "gitlab":
		return gitlabRunner{a, o.file}, nil
	}
	return nil, unknownValue("format", format, ciFormats)
}

// printMasks registers secrets with the runner, even under --quiet. If that
// fails, nothing else may be written.
func (a *app) printMasks(text string) error {
	if _, err := a.env.Stderr.Write([]byte(text)); err != nil {
		return fmt.Errorf("%w: the masks: %w", errOutput, err)
	}
	return nil
}
