package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hauth/hauth/internal/draft"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
)

type newOptions struct {
	like, fromCurl, output string
}

func newProvidersNewCmd(a *app) *cobra.Command {
	var o newOptions
	c := &cobra.Command{
		Use: "new NAME", Short: "Write the first draft of a provider's file",
		Long: `Write the first draft of a provider's file, NAME.yaml in the current directory.
An existing file is not replaced.

--like takes a pattern (json, oauth2 or jwt) or a provider that works in a
similar way; --from-curl takes a curl command as the vendor's document shows it,
- for stdin. The command is read and never run; its credentials become
variables, and their values are not written. What only the document can say is
marked TODO: hauth providers check names each one with its line.`,
		Example: examples(`hauth providers new acme`, `hauth providers new acme --like oauth2`, `hauth providers new acme --like feishu`,
			`hauth providers new acme --from-curl request.txt`),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(_ *cobra.Command, args []string) error { return runProvidersNew(a, args, o) },
	}
	c.Flags().StringVar(&o.like, "like", "", "draft it like `NAME`: json, oauth2, jwt or a provider (default json)")
	c.Flags().StringVar(&o.fromCurl, "from-curl", "", "draft it from the curl command in `FILE`")
	c.Flags().StringVar(&o.output, "output", "", "write to `FILE`; - means stdout (default NAME.yaml)")
	c.RegisterFlagCompletionFunc("like", a.completeLike)
	for _, flag := range []string{"from-curl", "output"} {
		c.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) { return nil, files })
	}
	return c
}

func runProvidersNew(a *app, args []string, o newOptions) error {
	if len(args) != 1 {
		return usage("hauth providers new acme", "expected one NAME, got %d", len(args))
	}
	name := args[0]
	switch {
	case o.like != "" && o.fromCurl != "":
		return usage("", "--like and --from-curl cannot be combined")
	case !auth.ValidName(name):
		return &auth.Error{Kind: auth.Usage, Fact: fmt.Sprintf("invalid provider name %q", auth.Printable(name)), Remedy: auth.RemedyName}
	case a.catalogue().IsReserved(name):
		return usage("", "%s is a built-in provider; choose another name", name)
	case a.catalogue().IsBuiltIn(name):
		a.notice("", name+" is a built-in provider; once installed, your file is used instead of it")
	}
	d, err := a.draft(name, o)
	if err != nil {
		return err
	}
	path := o.output
	if path == "" {
		path = name + ".yaml"
	}
	shown := path
	if path == "-" {
		shown = name + ".yaml"
		if err := a.print(d.Text); err != nil {
			return err
		}
	} else if err := writeNew(path, d.Text); err != nil {
		return err
	}
	var problems providers.Problems
	if _, err := providers.Parse([]byte(d.Text)); err != nil && !errors.As(err, &problems) {
		return err
	}
	return a.tellDraft(name, path, shown, d.Remarks, problems)
}

// draft makes the text.
func (a *app) draft(name string, o newOptions) (*draft.Draft, error) {
	if o.fromCurl != "" {
		src, err := a.readCommand(o.fromCurl)
		if err != nil {
			return nil, err
		}
		d, err := draft.FromCurl(name, src, curlOptionsOfDrafts())
		if err != nil {
			return nil, usage("correct the command, or start with: hauth providers new "+name+" --like oauth2", "%s: %v", auth.Printable(o.fromCurl), err)
		}
		return d, nil
	}
	like := o.like
	if like == "" {
		like = draft.Patterns()[0]
	}
	if text, ok := draft.Pattern(name, like); ok {
		return &draft.Draft{Text: text}, nil
	}
	p, err := a.catalogue().Find(like)
	if err != nil {
		if e, ok := auth.AsError(err); ok && e.Remedy == auth.RemedyNearest {
			if near := text.Nearest(like, draft.Patterns()); len(near) > 0 {
				return nil, withHint(err, "did you mean "+near[0]+"?")
			}
		}
		return nil, err
	}
	d, err := draft.Like(name, like, p.File())
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "cannot make a draft of " + like, Err: err}
	}
	return d, nil
}

// maxCommand bounds the file that holds a curl command, in bytes.
const maxCommand = 64 << 10

func (a *app) readCommand(path string) (string, error) {
	in := a.env.Stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", usage("", "cannot read %s: %v", auth.Printable(path), text.WithoutPath(err))
		}
		defer f.Close()
		in = f
	}
	src, err := io.ReadAll(io.LimitReader(in, maxCommand+1))
	switch {
	case err != nil:
		return "", usage("", "cannot read %s: %v", auth.Printable(path), text.WithoutPath(err))
	case len(src) > maxCommand:
		return "", usage("", "%s is larger than 64 KiB", auth.Printable(path))
	}
	return string(bytes.TrimPrefix(src, []byte("\ufeff"))), nil
}

// writeNew writes a file that does not exist yet, so that nobody else can
// change it.
func writeNew(path, content string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usage("to write another file, add --output FILE", "%s already exists", auth.Printable(path))
	}
	if err == nil {
		_, err = f.WriteString(content)
		if closed := f.Close(); err == nil {
			err = closed
		}
	}
	if err != nil {
		return usage("", "cannot write %s: %v", auth.Printable(path), text.WithoutPath(err))
	}
	return nil
}

// tellDraft says what was written and what is missing in it.
func (a *app) tellDraft(name, path, shown string, remarks []string, problems providers.Problems) error {
	if a.json && path != "-" {
		out := struct {
			Name     string   `json:"name"`
			Path     string   `json:"path"`
			Problems []string `json:"problems"`
			Remarks  []string `json:"remarks,omitempty"`
		}{name, path, []string{}, remarks}
		for _, p := range problems {
			out.Problems = append(out.Problems, providers.Problems{p}.In(path))
		}
		return a.printJSON(out)
	}
	for _, remark := range remarks {
		a.notice("", remark)
	}
	told := ""
	if path != "-" {
		told = "wrote " + auth.Printable(path) + "; "
	}
	next := "hauth providers check " + text.Word(shown) + " --dry-run"
	if len(problems) == 0 {
		a.notice("", told+"compare the request with the document: "+next)
		return nil
	}
	a.notice("", told+"complete these lines, then run: "+next+"\n"+problems.In(shown))
	return nil
}

// curlOptionsOfDrafts is the table that hauth curl knows curl's options by.
func curlOptionsOfDrafts() draft.Options {
	return draft.Options{
		Long: func(name string) (string, bool, bool) {
			found := longCurlOptions(strings.TrimPrefix(name, "no-"))
			if len(found) != 1 {
				return "", false, false
			}
			return found[0].name, found[0].value, true
		},
		Short: func(letter byte) (string, bool, bool) {
			o, ok := shortCurlOption(letter)
			return o.name, o.value, ok
		},
	}
}

// completeLike offers the patterns and the providers.
func (a *app) completeLike(c *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	words, directive := a.completeProvider(c, nil, toComplete)
	patterns := offer(draft.Patterns(), toComplete)
	return slices.Concat(patterns, words), directive
}
