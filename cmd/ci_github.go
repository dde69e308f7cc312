package cmd

import (
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// githubRunner speaks the workflow commands of GitHub Actions, and of Forgejo
// and Gitea, which follow them.
type githubRunner struct{ app *app }

func (r githubRunner) quietStdout() bool { return true }

// ready checks, before a token is fetched, that the runner's files exist.
func (r githubRunner) ready(o ciOptions) error {
	for _, name := range r.needed(o.env != "" || o.output == "", o.output != "") {
		f, err := r.open(name)
		if err != nil {
			return err
		}
		f.Close()
	}
	return nil
}

func (r githubRunner) needed(env, output bool) []string {
	var names []string
	if env {
		names = append(names, "GITHUB_ENV")
	}
	if output {
		names = append(names, "GITHUB_OUTPUT")
	}
	return names
}

// open opens the file that the runner has made and named. A file that does
// not exist, or is not a regular file, is an error.
func (r githubRunner) open(variable string) (*os.File, error) {
	path := r.app.getenv(variable)
	if path == "" {
		return nil, usage("the runner sets it in the steps of a job", "%s is not set", variable)
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		return nil, usage("the runner sets it in the steps of a job", "%s: %v", variable, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Internal, Fact: "cannot write to the file that " + variable + " names", Err: err}
	}
	return f, nil
}

func (r githubRunner) export(e exported) error {
	env, err := githubFile(e.env, rand.Text())
	if err != nil {
		return err
	}
	outputs, err := githubFile(e.outputs, rand.Text())
	if err != nil {
		return err
	}
	var masks strings.Builder
	for _, m := range e.masks {
		fmt.Fprintf(&masks, "::add-mask::%s\n", githubEscape(m))
	}
	if err := r.app.printMasks(masks.String()); err != nil {
		return err
	}
	if err := r.append("GITHUB_ENV", env); err != nil {
		return err
	}
	return r.append("GITHUB_OUTPUT", outputs)
}

// append adds text to one of the runner's files with one write.
func (r githubRunner) append(variable, text string) error {
	if text == "" {
		return nil
	}
	f, err := r.open(variable)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return &auth.Error{Kind: auth.Internal, Fact: "cannot write to the file that " + variable + " names", Err: err}
	}
	return nil
}

// githubFile writes variables in the format of the runner's files, between
// delimiters that cannot be predicted: a value that contained one could set
// any variable.
func githubFile(pairs [][2]string, delimiter string) (string, error) {
	delimiter = "hauth_" + delimiter
	var b strings.Builder
	for _, p := range pairs {
		if strings.Contains(p[0], delimiter) || strings.Contains(p[1], delimiter) {
			return "", &auth.Error{Kind: auth.Internal, Fact: "the value contains its own delimiter"}
		}
		fmt.Fprintf(&b, "%s<<%s\n%s\n%s\n", p[0], delimiter, p[1], delimiter)
	}
	return b.String(), nil
}

// githubEscape is the escaping of a workflow command's value.
func githubEscape(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}
